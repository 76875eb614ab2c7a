#!/usr/bin/env bash
# Functions for several scripts, to be sourced: token (needs openssl and $secret), ticks, pss, engine_ticks (of the engine in $folder),
# median, share (of windows of $seconds).

# The same settings as in the Collector's image, where they affect these measurements.
export DOTNET_GCgen0size=200000

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# Prints a viewer's token for the Collector, valid for one minute. A stream opened with it continues after that.
token() {
    local now head body
    now=$(date +%s)
    head=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url)
    local claims='{"iss":"fleet-web","aud":"fleet-collector","sub":"bench","name":"bench","role":"viewer",'
    claims+='"nbf":%d,"iat":%d,"exp":%d,"jti":"%s"}'
    # shellcheck disable=SC2059
    body=$(printf "$claims" \
        "$now" "$now" $((now + 60)) "$RANDOM$RANDOM$now" | base64url)
    # shellcheck disable=SC2154
    echo "$head.$body.$(printf %s "$head.$body" | openssl dgst -sha256 -hmac "$secret" -binary | base64url)"
}

# The CPU time of a process so far, in clock ticks.
ticks() { awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }

# Its memory in MB, with shared pages counted proportionally.
pss() { awk '/^Pss:/ { print int($2 / 1024) }' "/proc/$1/smaps_rollup"; }

# The CPU time of every process of the engine. A shim that starts or exits during a window counts with its last value.
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

# Clock ticks as a share of one core.
# shellcheck disable=SC2154
share() { awk -v t="$1" -v hz="$(getconf CLK_TCK)" -v s="$seconds" 'BEGIN { printf "%.2f %%", 100 * t / hz / s }'; }
