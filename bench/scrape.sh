#!/usr/bin/env bash
# Measures what a scrape costs the Collector: CPU time and bytes of both routes, for a demo fleet of 60 and of 1,000 containers, and the
# engine calls meanwhile.
#   bench/scrape.sh [scrapes]
# Stats are sampled only every five minutes here, and the Collector's idle CPU time is subtracted. curl is not counted.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scrapes=${1:-200}
out=$root/artifacts/bench/scrape
hz=$(getconf CLK_TCK)
port=${BENCH_PORT:-5199}
url=http://127.0.0.1:$port
folder=$(mktemp -d)
demo='' collector=''
finish() {
    [ -z "$collector" ] || { kill "$collector" 2>/dev/null; wait "$collector" 2>/dev/null; } || true
    [ -z "$demo" ] || { kill "$demo" 2>/dev/null; wait "$demo" 2>/dev/null; } || true
    collector='' demo=''
    rm -rf "$folder"/*
}
trap 'finish; rmdir "$folder"' EXIT

for project in Collector DemoEngine; do
    dotnet publish "$root/FleetDashboard.$project" -c Release -o "$out/$project" --nologo -v quiet -p:UseSharedCompilation=false
done

ticks() { awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$collector/stat"; }
# Without the crash loop, whose events cause inspections that have nothing to do with scrapes.
asked() { curl -s "$url/metrics" | awk '/^fleet_engine_calls_total/ && !/kind="inspect"/ { sum += $NF } END { print sum + 0 }'; }
# One scrape after another, with the exporter's cache time between them, so that each response is built again.
scrape() { for _ in $(seq "$1"); do curl -s -o /dev/null "$url$route"; sleep 0.31; done; }
sleep_as_long() { for _ in $(seq "$1"); do sleep 0.31; done; }
used() { local before; before=$(ticks); "$@"; echo $(($(ticks) - before)); }
until_there() {
    for _ in $(seq 240); do ! "$@" >/dev/null 2>&1 || return 0; sleep 0.5; done
    echo "Not ready in time: $*" >&2
    tail -n 20 "$folder/collector.log" >&2
    exit 1
}
has_figures() { [ "$(curl -s "$url/metrics/cadvisor" | grep -c '^container_memory_rss')" -gt 0 ]; }

echo "| containers | route | bytes | gzipped | CPU for a scrape |"
echo "| --- | --- | --- | --- | --- |"
for containers in 60 1000; do
    (exec dotnet "$out/DemoEngine/FleetDashboard.DemoEngine.dll" --Demo:SocketPath="$folder/e.sock" --Demo:Containers=$containers \
        --Demo:AccidentEvery=00:00:00 >/dev/null 2>&1) &
    demo=$!
    until_there test -S "$folder/e.sock"
    (cd "$out/Collector" && exec dotnet FleetDashboard.Collector.dll --Engine:Endpoint="unix://$folder/e.sock" \
        --Auth:SharedSecret="$(head -c 36 /dev/urandom | base64)" \
        --Data:Path="$folder/data" --Sampling:Interval=00:05:00 --Databases:Enabled=false --urls="$url" >"$folder/collector.log" 2>&1) &
    collector=$!
    until_there has_figures
    for route in /metrics /metrics/cadvisor; do
        scrape 60 # until the runtime has recompiled its hot code
        idle=$(used sleep_as_long "$scrapes")
        busy=$(used scrape "$scrapes")
        awk -v c=$containers -v r=$route -v b="$(curl -s "$url$route" | wc -c)" \
            -v z="$(curl -s -H 'Accept-Encoding: gzip' "$url$route" | wc -c)" \
            -v t=$((busy - idle)) -v hz="$hz" -v n="$scrapes" \
            'BEGIN { printf "| %d | `%s` | %d | %d | %.1f ms |\n", c, r, b, z, 1000 * t / hz / n }'
    done
    count=$(asked)
    for _ in $(seq 50); do curl -s -o /dev/null -o /dev/null "$url/metrics" "$url/metrics/cadvisor"; done
    echo "engine calls during 100 scrapes of $containers containers: $(($(asked) - count))" >&2
    finish
done
