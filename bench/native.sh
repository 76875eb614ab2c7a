#!/usr/bin/env bash
# Compares the JIT-compiled Collector with the native one, in turns on the same engine: start time, CPU and memory.
#   DOCKER_HOST=unix:///... bench/native.sh [TURNS] [SECONDS]
# Publishing the native one takes minutes and needs gcc (or clang) and zlib1g-dev.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
turns=${1:-5} seconds=${2:-60}
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT

publish() {
    dotnet publish "$root/FleetDashboard.Collector" --configuration Release --use-current-runtime "-p:ArtifactsPath=$work/$1-artifacts" \
        --output "$work/$1" \
        --verbosity quiet "${@:2}"
}

# name, port, seconds to run after the first response
measure() {
    local from to
    from=$(date +%s%N)
    Auth__SharedSecret=$(printf 'x%.0s' {1..40}) Engine__Endpoint=${DOCKER_HOST:-unix:///var/run/docker.sock} \
        ASPNETCORE_URLS=http://127.0.0.1:$2 \
        Data__Path=$work/$1-data Logging__LogLevel__Default=None "$work/$1/FleetDashboard.Collector" >/dev/null 2>&1 &
    pid=$!
    until curl --silent --output /dev/null --max-time 1 "http://127.0.0.1:$2/alive"; do
        kill -0 $pid || exit 1
        sleep 0.01
    done
    to=$(date +%s%N)
    sleep "$3"
    cpu=$(awk '{ print ($14 + $15) * 10 }' /proc/$pid/stat)
    echo "$1: first answer after $(((to - from) / 1000000)) ms; after $3 s CPU $cpu ms," \
        "PSS $(awk '/^Pss:/ { print $2 }' /proc/$pid/smaps_rollup) kB"
    kill $pid
    wait $pid || true
    pid=
}

publish jit --self-contained false
publish native -p:PublishAot=true -p:CopyOutputSymbolsToPublishDirectory=false \
    -p:CppCompilerAndLinker="$(command -v clang >/dev/null && echo clang || echo gcc)"
du -sh --apparent-size "$work/jit" "$work/native" | sed "s#$work/##"
for _ in $(seq "$turns"); do
    measure jit 5091 0
    measure native 5092 0
done
measure jit 5091 "$seconds"
measure native 5092 "$seconds"
