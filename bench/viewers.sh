#!/usr/bin/env bash
# Measures what viewers cost Web: CPU time and memory with 0, 1 and more Chromium pages open on the Fleet page of a demo fleet that
# refreshes every 5 s.
#   bench/viewers.sh [viewers] [containers]
# The browser runs on the same cores and is not counted.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
viewers=${1:-100} containers=${2:-60}
out=$root/artifacts/bench/viewers
port=${BENCH_PORT:-5299}
folder=$(mktemp -d)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done || true
    rm -rf "$folder"
}
trap finish EXIT

for project in Collector DemoEngine Web; do
    dotnet publish "$root/FleetDashboard.$project" -c Release -o "$out/$project" --nologo -v quiet -p:UseSharedCompilation=false
done
dotnet build "$root/bench/FleetDashboard.ByHand" --nologo -v quiet -p:UseSharedCompilation=false
secret=$(head -c 36 /dev/urandom | base64)
run() {
    local project=$1
    shift
    (cd "$out/$project" && exec dotnet "FleetDashboard.$project.dll" "$@" >"$folder/$project.log" 2>&1) &
    pids=("$!" "${pids[@]}")
}
until_there() {
    for _ in $(seq 240); do ! "$@" >/dev/null 2>&1 || return 0; sleep 0.5; done
    echo "Not ready in time: $*" >&2
    tail -n 20 "$folder"/*.log >&2
    exit 1
}

run DemoEngine --Demo:SocketPath="$folder/e.sock" --Demo:Containers="$containers" --Demo:AccidentEvery=00:00:00
until_there test -S "$folder/e.sock"
run Collector --Engine:Endpoint="unix://$folder/e.sock" --Auth:SharedSecret="$secret" --Data:Path="$folder/collector" \
    --Databases:Enabled=false --urls="http://127.0.0.1:$((port + 1))"
until_there curl -sf "http://127.0.0.1:$((port + 1))/health"
run Web --Collectors:Hosts:0:Url="http://127.0.0.1:$((port + 1))" --Collectors:SharedSecret="$secret" --Data:Path="$folder/web" \
    --Accounts:AdminPassword="correct horse battery" \
    --Limits:CircuitsPerUser=10000 --Limits:Circuits=10000 --Limits:Connections=20000 --Limits:WebSockets=20000 \
    --urls="http://127.0.0.1:$port"
until_there curl -sf "http://127.0.0.1:$port/health"
cd "$root"
FLEET_WEB_PID=${pids[0]} FLEET_WEB_URL=http://127.0.0.1:$port/ FLEET_VIEWERS=$viewers FLEET_TABLE=$folder/table \
    dotnet run --no-build --project bench/FleetDashboard.ByHand -- -explicit only -method FleetDashboard.ByHand.ViewersByHand.Cost \
        -noLogo >"$folder/test.log" 2>&1 || { cat "$folder/test.log" >&2; exit 1; }
echo "$containers containers:"
cat "$folder/table"
