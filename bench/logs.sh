#!/usr/bin/env bash
# Measures lines per second from a real container through the Collector, then also through Web, with CPU and memory of both before, during
# and after.
#   DOCKER_HOST=unix:///path/docker.sock bench/logs.sh [lines]
# The container prints as fast as the engine accepts, 120 bytes per line. One reader follows it and discards the lines. Needs a local image
# with a shell and awk: BENCH_IMAGE, by default the one that the tests create on that engine.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=bench/common.sh
. "$root/bench/common.sh"
lines=${1:-1000000}
image=${BENCH_IMAGE:-fleet/busybox:1}
[[ ${DOCKER_HOST:-} == unix:///* ]] || { echo "Set DOCKER_HOST to the unix socket of an engine." >&2; exit 2; }
command -v openssl >/dev/null || { echo "Needs openssl, to sign a token." >&2; exit 2; }
out=$root/artifacts/bench
hz=$(getconf CLK_TCK)
name=bench-logs-$$
work=$(mktemp -d)

dotnet publish "$root/FleetDashboard.Collector" -c Release -o "$out/collector" --nologo -v quiet -p:UseSharedCompilation=false
dotnet publish "$root/FleetDashboard.Web" -c Release -o "$out/web" --nologo -v quiet -p:UseSharedCompilation=false
secret=$(head -c 36 /dev/urandom | base64)
password=$(head -c 18 /dev/urandom | base64)
port=${BENCH_PORT:-5199}
(cd "$out/collector" && Engine__Endpoint=$DOCKER_HOST Auth__SharedSecret=$secret Data__Path=$work/collector Databases__Enabled=false \
    Logs__MaxBytesPerStream=100000000000 \
    ASPNETCORE_URLS=http://127.0.0.1:$port exec dotnet FleetDashboard.Collector.dll >/dev/null 2>&1) &
collector=$!
(cd "$out/web" && Collectors__Hosts__0__Url=http://127.0.0.1:$port Collectors__SharedSecret=$secret Accounts__AdminPassword=$password \
    Data__Path=$work/web \
    ASPNETCORE_URLS=http://127.0.0.1:$((port + 1)) exec dotnet FleetDashboard.Web.dll >/dev/null 2>&1) &
web=$!
trap 'docker rm -f "$name" >/dev/null 2>&1; kill $collector $web 2>/dev/null; wait $collector $web 2>/dev/null; rm -rf "$work"' EXIT

sign_in() {
    local form
    form=$(curl -s -c "$work/cookies" "http://127.0.0.1:$((port + 1))/sign-in" \
        | grep -o 'name="__RequestVerificationToken" value="[^"]*"' | sed 's/.*value="//; s/"$//')
    curl -s -o /dev/null -b "$work/cookies" -c "$work/cookies" "http://127.0.0.1:$((port + 1))/sign-in" \
        --data-urlencode "__RequestVerificationToken=$form" \
        --data-urlencode "_handler=sign-in" --data-urlencode "Form.UserName=admin" --data-urlencode "Form.Password=$password"
}

# measure WHAT URL CURL-ARGUMENTS...: the container waits for a file, so that the reader is connected before the first line.
measure() {
    local what=$1 id reader began took printed i now
    shift
    id=$(docker run -d --name "$name" "$image" sh -c "while [ ! -e /tmp/go ]; do usleep 50000; done; cut -d' ' -f1 /proc/uptime >/tmp/began
        awk 'BEGIN { for (i = 1; i <= $lines; i++)
            print \"line \" i \" of a log whose lines are about as long as most lines of most logs are, and hold nothing new\" }'
        cut -d' ' -f1 /proc/uptime >/tmp/ended; echo done; sleep 600")
    sleep 7
    local pids=("$collector" "$web") names=(Collector Web) before=() used=() peak=(0 0)
    rm -f "$work/pipe" "$work/done"
    mkfifo "$work/pipe"
    curl -sN "${@:2}" "${1//ID/$id}?tail=0&follow=true" >"$work/pipe" &
    reader=$!
    (grep -m1 -c '"text":"done"' >/dev/null; touch "$work/done") <"$work/pipe" &
    sleep 2
    for i in 0 1; do before[i]=$(pss "${pids[i]}") used[i]=$(ticks "${pids[i]}"); done
    began=$(date +%s.%N)
    docker exec "$name" touch /tmp/go
    while [ ! -e "$work/done" ] && kill -0 $reader 2>/dev/null; do
        sleep 0.5
        for i in 0 1; do now=$(pss "${pids[i]}"); peak[i]=$((now > peak[i] ? now : peak[i])); done
    done
    took=$(awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN { print b - a }')
    for i in 0 1; do used[i]=$(($(ticks "${pids[i]}") - used[i])); done
    [ -e "$work/done" ] || { echo "$what: the stream ended before its last line." >&2; exit 1; }
    printed=$(docker exec "$name" sh -c 'echo $(cat /tmp/ended) $(cat /tmp/began)')
    kill $reader 2>/dev/null || true
    docker rm -f "$name" >/dev/null
    sleep 5
    awk -v w="$what" -v n="$lines" -v t="$took" -v p="$printed" \
        'BEGIN { split(p, u, " ")
            printf "%s: %d lines in %.1f s, %d lines a second; the container printed %d a second\n", w, n, t, n / t, n / (u[1] - u[2]) }'
    for i in 0 1; do
        awk -v w="${names[i]}" -v n="$lines" -v t="$took" -v c="${used[i]}" -v hz="$hz" \
            -v b="${before[i]}" -v p="${peak[i]}" -v a="$(pss "${pids[i]}")" 'BEGIN {
            printf "  %s: %.1f us of CPU a line, %.0f %% of one core; ", w, c / hz / n * 1e6, 100 * c / hz / t
            printf "memory (PSS) %d MB before, %d MB at most, %d MB five seconds after\n", b, p, a }'
    done
}

sleep 15
sign_in
measure "Collector" "http://127.0.0.1:$port/api/v1/containers/ID/logs" -H "Authorization: Bearer $(token)"
measure "Collector and Web" "http://127.0.0.1:$((port + 1))/logs/containers/ID" -b "$work/cookies"
