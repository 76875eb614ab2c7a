#!/usr/bin/env bash
# Compares the cost of watching in one run on a real engine: nobody, `docker stats`, Glances, this Collector with only the socket, and with
# cgroup files.
#   DOCKER_HOST=unix:///path/docker.sock bench/rivals.sh [rounds] [seconds]
# Each round gives every watcher one window. The result is the median over the rounds, so that other load affects all equally. Only CPU
# time, of one core.
# The engine's processes are found by the socket's folder in their command lines, so the engine needs a folder of its own. Needs containers:
# bench/rivals.sh up|down
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=bench/common.sh
. "$root/bench/common.sh"
[[ ${DOCKER_HOST:-} == unix:///*/* ]] || { echo "Set DOCKER_HOST to the unix socket of an engine in a folder of its own." >&2; exit 2; }
docker=$([ -x /usr/bin/docker ] && echo /usr/bin/docker || echo docker)
case ${1:-} in
up) # 64 sleeping containers, from this machine's busybox.
    work=$(mktemp -d); mkdir "$work/bin"; cp "$(command -v busybox)" "$work/bin/sleep"
    tar -C "$work" -c . | "$docker" import - fleet-bench:1 >/dev/null; rm -rf "$work"
    for i in $(seq 64); do "$docker" run -d --label fleet.bench=1 --name "bench-$i" fleet-bench:1 /bin/sleep 86400 >/dev/null; done
    exit ;;
down) "$docker" ps -aq --filter label=fleet.bench=1 | xargs -r "$docker" rm -f >/dev/null; exit ;;
esac
rounds=${1:-5} seconds=${2:-30}
folder=$(dirname "${DOCKER_HOST#unix://}")/
out=$root/artifacts/bench/rivals
work=$(mktemp -d)
[ -n "${BENCH_NO_BUILD:-}" ] \
    || dotnet publish "$root/FleetDashboard.Collector" -c Release -o "$out" --nologo -v quiet -p:UseSharedCompilation=false
# Without python3-dateutil, Debian's Glances watches everything except containers and reports it only in its log.
[[ $(timeout 15 glances --stdout docker --time 5 2>/dev/null || true) == *bench-* ]] \
    || { echo "Glances sees no containers: install glances, python3-docker and python3-dateutil, and run '$0 up' first." >&2; exit 2; }
secret=$(head -c 36 /dev/urandom | base64)
pids=() rival='' viewer=''
trap 'for pid in "${pids[@]}" $rival $viewer; do kill -CONT "$pid" 2>/dev/null; kill "$pid" 2>/dev/null; done; rm -rf "$work"' EXIT


collector() { # source port
    (cd "$out" && exec dotnet FleetDashboard.Collector.dll --Engine:Endpoint="$DOCKER_HOST" --Auth:SharedSecret="$secret" \
        --Data:Path="$work/$1" --Sampling:Source="$1" --Databases:Enabled=false \
        --Sampling:IdleAfter=1.00:00:00 --urls="http://127.0.0.1:$2" >/dev/null 2>&1) &
    pids+=($!)
}
port=${BENCH_PORT:-5193}
names=(nobody "docker stats" Glances "Collector, socket" "Collector, cgroup files")
collector socket "$port"
collector cgroup $((port + 1))
sleep 45 # until they have started and compiled their hot code
kill -STOP "${pids[@]}"
engine=('' '' '' '' '') own=('' '' '' '' '') memory=('' '' '' '' '')
# Every other watcher is restarted each time: one that is only stopped leaves its streams open, and the engine keeps working for them.
for ((round = 0; round < rounds; round++)); do
    for i in 0 1 2 3 4; do
        case $i in
        0) sleep 5; before=$(engine_ticks); sleep "$seconds"; engine[0]+="$(($(engine_ticks) - before)) "; continue ;;
        1) "$docker" stats >/dev/null 2>&1 & pid=$! ;;
        2) glances --quiet --time 5 --export csv --export-csv-file "$work/glances.csv" --disable-check-update >/dev/null 2>&1 & pid=$! ;;
        *) # one viewer, like an open page
            pid=${pids[i - 3]}; kill -CONT "$pid"
            curl -sN -H "Authorization: Bearer $(token)" "http://127.0.0.1:$((port + i - 3))/api/v1/fleet/stream" >/dev/null & viewer=$! ;;
        esac
        [ $i -gt 2 ] || rival=$pid
        sleep 15
        mine=$(ticks "$pid"); before=$(engine_ticks)
        sleep "$seconds"
        engine[i]+="$(($(engine_ticks) - before)) "; own[i]+="$(($(ticks "$pid") - mine)) "; memory[i]=$(pss "$pid")
        if [ $i -gt 2 ]; then
            kill "$viewer"; wait "$viewer" 2>/dev/null || true; viewer=''; kill -STOP "$pid"
        else
            kill "$pid"; wait "$pid" 2>/dev/null || true; rival=''
        fi
    done
done

nobody=$(median ${engine[0]})
echo "$("$docker" ps -q | wc -l) containers, windows of $seconds s, $rounds of each; medians, of one core." \
    "Engine with nobody watching: $(share "$nobody") (${engine[0]}ticks)"
echo "| watcher | engine, added | itself | its memory (PSS) | engine's ticks | its own |"
echo "| --- | --- | --- | --- | --- | --- |"
for i in 1 2 3 4; do
    added=$(share "$(awk -v a="$(median ${engine[i]})" -v b="$nobody" 'BEGIN { print a - b }')")
    echo "| ${names[i]} | $added | $(share "$(median ${own[i]})") | ${memory[i]} MB | ${engine[i]}| ${own[i]}|"
done
