#!/usr/bin/env bash
# Measures what a large fleet costs the Collector. The demo engine simulates the fleet, and optionally a tree of files stands in for its
# cgroups.
#   [BENCH_MEMORY=384] bench/scale.sh [seconds] [containers ...]
# BENCH_MEMORY limits the Collector's memory to this many MB, as deploy/compose.yaml does (needs root).
# One reader follows the stream. Counts the CPU of the Collector only, in clock ticks of one core. The demo engine and curl share the cores
# and are not counted.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=bench/common.sh
. "$root/bench/common.sh"
seconds=${1:-60}
shift || true
out=$root/artifacts/bench/scale
hz=$(getconf CLK_TCK)
port=${BENCH_PORT:-5197}
url=http://127.0.0.1:$port
folder=$(mktemp -d)
demo='' collector='' reader=''
finish() {
    local pid
    for pid in $reader $collector $demo; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
    demo='' collector='' reader=''
}
limit=''
trap 'finish; rm -rf "$folder"; [ -z "$limit" ] || rmdir "$limit"' EXIT
if [ -n "${BENCH_MEMORY:-}" ]; then
    [ -d /sys/fs/cgroup/memory ] && limit=/sys/fs/cgroup/memory/fleet-bench-$$ file=memory.limit_in_bytes \
        || { limit=/sys/fs/cgroup/fleet-bench-$$ file=memory.max; }
    mkdir "$limit"
    echo $((BENCH_MEMORY << 20)) >"$limit/$file"
fi
for project in Collector DemoEngine; do
    [ -n "${BENCH_NO_BUILD:-}" ] \
        || dotnet publish "$root/FleetDashboard.$project" -c Release -o "$out/$project" --nologo -v quiet -p:UseSharedCompilation=false
done
secret=$(head -c 36 /dev/urandom | base64)
calls() { curl -s "$url/metrics" | awk '/^fleet_engine_calls_total/ { sum += $NF } END { print sum + 0 }'; }

# One container in cgroup v2 format. The files never change, so a sample measures mainly the reading of files.
tree() {
    mkdir -p "$folder/cgroup/docker"
    echo "cpu io memory pids" >"$folder/cgroup/cgroup.controllers"
    mkdir "$folder/one"
    printf 'usage_usec 5000000\nuser_usec 3000000\nsystem_usec 2000000\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n' \
        >"$folder/one/cpu.stat"
    echo 104857600 | tee "$folder/one/memory.current" "$folder/one/memory.peak" >/dev/null
    printf 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n' >"$folder/one/memory.events"
    printf 'anon 1\nfile 2\nfile_mapped 3\ninactive_file 4\nactive_file 5\npgfault 6\npgmajfault 7\n' >"$folder/one/memory.stat"
    echo 0 >"$folder/one/memory.swap.current"
    echo 9 >"$folder/one/pids.current"
    echo "8:0 rbytes=1 wbytes=2 rios=3 wios=4" >"$folder/one/io.stat"
    local id
    for id in $(curl -s --unix-socket "$folder/e.sock" 'http://x/v1.41/containers/json?all=1' \
        | grep -o '"Id":"[0-9a-f]\{64\}"' | cut -d'"' -f4); do
        cp -r "$folder/one" "$folder/cgroup/docker/$id"
    done
}

echo "| containers | stats from | first snapshot with stats | snapshot | gzipped |" \
    "CPU, of one core | for a reading | memory (PSS) | engine calls |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for containers in ${@:-60 1000 5000}; do
  for source in socket cgroup; do
    rm -rf "${folder:?}"/*
    (exec dotnet "$out/DemoEngine/FleetDashboard.DemoEngine.dll" --Demo:SocketPath="$folder/e.sock" --Demo:Containers="$containers" \
        --Demo:AccidentEvery=00:00:00 >/dev/null 2>&1) &
    demo=$!
    for _ in $(seq 200); do [ -S "$folder/e.sock" ] && break; sleep 0.1; done
    [ $source = socket ] || tree
    began=$(date +%s%N)
    ([ -z "$limit" ] || echo $BASHPID >"$limit/cgroup.procs"; cd "$out/Collector" && exec dotnet FleetDashboard.Collector.dll \
        --Engine:Endpoint="unix://$folder/e.sock" --Auth:SharedSecret="$secret" --Data:Path="$folder/data" --Sampling:Source=$source \
        --Sampling:CgroupRoot="$folder/cgroup" --Databases:Enabled=false --urls="$url" >"$folder/log" 2>&1) &
    collector=$!
    for _ in $(seq 1200); do
        curl -s -H "Authorization: Bearer $(token)" "$url/api/v1/fleet" -o "$folder/snapshot" 2>/dev/null \
            && grep -q '"figures":"' "$folder/snapshot" && break
        sleep 0.1
    done
    first=$((($(date +%s%N) - began) / 1000000))
    curl -sN -H "Authorization: Bearer $(token)" -H 'Accept-Encoding: gzip' "$url/api/v1/fleet/stream" >/dev/null &
    reader=$!
    sleep 20 # until the runtime has recompiled its hot code
    kill -0 $collector || { echo "The Collector with $containers containers has ended:"; tail -n 3 "$folder/log"; finish; continue; } >&2
    count=$(calls); before=$(ticks $collector)
    sleep "$seconds"
    used=$(($(ticks $collector) - before)); count=$(($(calls) - count))
    curl -s -H "Authorization: Bearer $(token)" "$url/api/v1/fleet" -o "$folder/snapshot"
    awk -v c="$containers" -v s=$source -v f="$first" -v b="$(wc -c <"$folder/snapshot")" -v z="$(gzip -1 <"$folder/snapshot" | wc -c)" \
        -v u=$used -v hz="$hz" -v t="$seconds" \
        -v p="$(awk '/^Pss:/ { print int($2 / 1024) }' /proc/$collector/smaps_rollup)" -v n="$count" 'BEGIN {
        printf "| %d | %s | %d ms | %d | %d | %.1f %% | %.0f ms | %d MB | %d |\n",
            c, s, f, b, z, 100 * u / hz / t, 1000 * u / hz / (t / 5), p, n }'
    finish
  done
done
