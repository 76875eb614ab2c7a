#!/usr/bin/env bash
# What several of these scripts use, to be sourced: token (needs openssl, and $secret), ticks, pss, engine_ticks (of the engine in $folder), median, share (of windows of $seconds).

# As in the Collector's image, for all that these scripts measure of it.
export DOTNET_GCgen0size=200000

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# A viewer's token for the Collector, good for a minute; a stream that it opened lives on.
token() {
    local now head body
    now=$(date +%s)
    head=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url)
    body=$(printf '{"iss":"fleet-web","aud":"fleet-collector","sub":"bench","name":"bench","role":"viewer","nbf":%d,"iat":%d,"exp":%d,"jti":"%s"}' \
        "$now" "$now" $((now + 60)) "$RANDOM$RANDOM$now" | base64url)
    # shellcheck disable=SC2154
    echo "$head.$body.$(printf %s "$head.$body" | openssl dgst -sha256 -hmac "$secret" -binary | base64url)"
}

# CPU time of a process so far, in clock ticks.
ticks() { awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }

# Its memory, in MB, what it shares counted in parts.
pss() { awk '/^Pss:/ { print int($2 / 1024) }' "/proc/$1/smaps_rollup"; }

# CPU time of every process of the engine. A shim that came or went in a window counts what it had at its end.
engine_ticks() {
    local pid total=0 one
    # shellcheck disable=SC2154
    for pid in $(grep -lsaF "$folder" /proc/[0-9]*/cmdline | cut -d/ -f3); do
        case $(cat "/proc/$pid/comm" 2>/dev/null) in dockerd | containerd*) ;; *) continue ;; esac
        one=$(ticks "$pid" 2>/dev/null) || continue
        total=$((total + ${one:-0}))
    done
    echo "$total"
}

median() { printf '%s\n' "$@" | sort -n | awk '{ a[NR] = $1 } END { print (NR % 2) ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }

# Ticks as a share of one core.
# shellcheck disable=SC2154
share() { awk -v t="$1" -v hz="$(getconf CLK_TCK)" -v s="$seconds" 'BEGIN { printf "%.2f %%", 100 * t / hz / s }'; }
