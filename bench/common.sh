#!/usr/bin/env bash
# What several of these scripts use, to be sourced: token (needs openssl, and $secret), ticks, pss.

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
