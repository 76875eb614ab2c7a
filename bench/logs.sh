#!/usr/bin/env bash
# Lines a second from a real container through the Collector, with CPU and memory of the Collector before, while and after.
#   DOCKER_HOST=unix:///path/docker.sock bench/logs.sh [lines]
# The container prints as fast as the engine takes it, 120 bytes a line; one reader follows it and throws the lines away. Needs a local image with a
# shell and awk: BENCH_IMAGE, by default the one that the tests make on that engine.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lines=${1:-1000000}
image=${BENCH_IMAGE:-fleet/busybox:1}
[[ ${DOCKER_HOST:-} == unix:///* ]] || { echo "Set DOCKER_HOST to the unix socket of an engine." >&2; exit 2; }
command -v openssl >/dev/null || { echo "Needs openssl, to sign a token." >&2; exit 2; }
out=$root/artifacts/bench/collector
hz=$(getconf CLK_TCK)
name=bench-logs-$$

dotnet publish "$root/FleetDashboard.Collector" -c Release -o "$out" --nologo -v quiet -p:UseSharedCompilation=false
secret=$(head -c 36 /dev/urandom | base64)
port=${BENCH_PORT:-5199}
(cd "$out" && Engine__Endpoint=$DOCKER_HOST Auth__SharedSecret=$secret Databases__Enabled=false Logs__MaxBytesPerStream=100000000000 \
    ASPNETCORE_URLS=http://127.0.0.1:$port exec dotnet FleetDashboard.Collector.dll >/dev/null 2>&1) &
collector=$!
trap 'rm -f "$out/pipe.$$" "$out/done.$$"; docker rm -f "$name" >/dev/null 2>&1; kill $collector 2>/dev/null; wait $collector 2>/dev/null' EXIT

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
token() {
    local now head body
    now=$(date +%s)
    head=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url)
    body=$(printf '{"iss":"fleet-web","aud":"fleet-collector","sub":"bench","name":"bench","role":"viewer","nbf":%d,"iat":%d,"exp":%d,"jti":"%s"}' \
        "$now" "$now" $((now + 60)) "$RANDOM$now" | base64url)
    echo "$head.$body.$(printf %s "$head.$body" | openssl dgst -sha256 -hmac "$secret" -binary | base64url)"
}
ticks() { awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$collector/stat"; }
pss() { awk '/^Pss:/ { print int($2 / 1024) }' "/proc/$collector/smaps_rollup"; }

sleep 10
# It waits for a file, so that the reader is there before the first line.
id=$(docker run -d --name "$name" "$image" sh -c "while [ ! -e /tmp/go ]; do usleep 50000; done
    awk 'BEGIN { for (i = 1; i <= $lines; i++) print \"line \" i \" of a log whose lines are about as long as most lines of most logs are, and hold nothing new\" }'; echo done; sleep 600")
sleep 2
before=$(pss) began_ticks=$(ticks) peak=0
mkfifo "$out/pipe.$$"
curl -sN -H "Authorization: Bearer $(token)" "http://127.0.0.1:$port/api/v1/containers/$id/logs?tail=0&follow=true" >"$out/pipe.$$" &
reader=$!
(grep -m1 -c '"text":"done"' >/dev/null; touch "$out/done.$$") <"$out/pipe.$$" &
sleep 1
began=$(date +%s.%N)
docker exec "$name" touch /tmp/go
while [ ! -e "$out/done.$$" ] && kill -0 $reader 2>/dev/null; do
    sleep 0.5
    now=$(pss)
    peak=$((now > peak ? now : peak))
done
took=$(awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN { print b - a }')
used=$(($(ticks) - began_ticks))
sleep 5
awk -v n="$lines" -v t="$took" -v c="$used" -v hz="$hz" -v b="$before" -v p="$peak" -v a="$(pss)" 'BEGIN {
    printf "%d lines in %.1f s: %d lines a second\n", n, t, n / t
    printf "Collector: %.1f us of CPU a line, %.0f %% of one core\n", c / hz / n * 1e6, 100 * c / hz / t
    printf "memory (PSS): %d MB before, %d MB at most, %d MB five seconds after\n", b, p, a }'
