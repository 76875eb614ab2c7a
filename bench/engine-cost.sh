#!/usr/bin/env bash
# Measures what watching costs the host: CPU time of the engine (dockerd, containerd, shims) above idle, and CPU and memory of the
# Collector.
# Windows with the Collector stopped (SIGSTOP) and running alternate, so that other load on the machine affects both equally.
#   DOCKER_HOST=unix:///path/docker.sock bench/engine-cost.sh [windows] [seconds]
# The engine's processes are found by the socket's folder in their command lines, so the engine needs a folder of its own.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=bench/common.sh
. "$root/bench/common.sh"
windows=${1:-6}
seconds=${2:-30}
[[ ${DOCKER_HOST:-} == unix:///*/* ]] || { echo "Set DOCKER_HOST to the unix socket of an engine in a folder of its own." >&2; exit 2; }
folder=$(dirname "${DOCKER_HOST#unix://}")/
out=$root/artifacts/bench/collector

dotnet publish "$root/FleetDashboard.Collector" -c Release -o "$out" --nologo -v quiet -p:UseSharedCompilation=false
secret=$(head -c 36 /dev/urandom | base64)
port=${BENCH_PORT:-5198}
(cd "$out" && Engine__Endpoint=$DOCKER_HOST Auth__SharedSecret=$secret ASPNETCORE_URLS=http://127.0.0.1:$port \
    exec dotnet FleetDashboard.Collector.dll >/dev/null 2>&1) &
collector=$!
trap 'kill -CONT $collector 2>/dev/null; kill $collector 2>/dev/null; wait $collector 2>/dev/null' EXIT
sleep 15

calls() { curl -s "http://127.0.0.1:$port/metrics" | awk '/^fleet_engine_calls/ { sum += $NF } END { print sum + 0 }'; }

idle=() awake=() own=() asked=()
for ((i = 0; i < windows; i++)); do
    kill -STOP "$collector"
    before=$(engine_ticks); sleep "$seconds"; idle+=($(($(engine_ticks) - before)))
    kill -CONT "$collector"; sleep 6
    count=$(calls); mine=$(ticks "$collector"); before=$(engine_ticks)
    sleep "$seconds"
    awake+=($(($(engine_ticks) - before))); own+=($(($(ticks "$collector") - mine))); asked+=($(($(calls) - count)))
done

added=$(awk -v a="$(median "${awake[@]}")" -v b="$(median "${idle[@]}")" 'BEGIN { print a - b }')
echo "windows of $seconds s: $windows idle, $windows awake; medians, of one core"
echo "engine idle:      $(share "$(median "${idle[@]}")")  (${idle[*]} ticks)"
echo "engine watched:   $(share "$(median "${awake[@]}")")  (${awake[*]} ticks)"
echo "engine added:     $(share "$added")"
echo "Collector itself: $(share "$(median "${own[@]}")")  (${own[*]} ticks)"
echo "engine calls:     $(median "${asked[@]}") in a window"
echo "Collector PSS:    $(pss "$collector") MB"
