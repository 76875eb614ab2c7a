#!/usr/bin/env bash
# Prints a token for the Collector's API, signed with FLEET_SHARED_SECRET. Use it in FleetDashboard.Collector.http, or:
#   curl -H "Authorization: Bearer $(bench/token.sh)" http://localhost:5081/api/v1/fleet
#   curl -X POST -H "Authorization: Bearer $(bench/token.sh POST /api/v1/apps/shop/restart)" http://localhost:5081/api/v1/apps/shop/restart
# Without arguments the token can only read. With a method and a path it acts, once. Tokens are valid for 60 s.
set -euo pipefail
secret=${FLEET_SHARED_SECRET:?"set it to the secret that the Collector was started with"}
address=${FLEET_COLLECTOR_ADDRESS:-localhost:5081}
method=${1:-} path=${2:-}
if [ -n "$method" ] && [ -z "$path" ]; then
    echo "Give the path as well: bench/token.sh POST /api/v1/apps/shop/restart" >&2
    exit 2
fi

encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
now=$(date +%s)
claims="\"iss\":\"fleet-web\",\"sub\":\"script\",\"name\":\"script\",\"jti\":\"$(openssl rand -hex 16)\","
claims+="\"iat\":$now,\"nbf\":$now,\"exp\":$((now + 60))"
if [ -n "$method" ]; then
    claims+=",\"role\":\"operator\",\"scope\":\"act\",\"htm\":\"$method\",\"htu\":\"$path\","
    claims+="\"aud\":[\"fleet-collector\",\"fleet-collector:$address\"]"
else
    claims="$claims,\"role\":\"viewer\",\"aud\":\"fleet-collector\""
fi
unsigned=$(printf '%s' '{"alg":"HS256","typ":"JWT"}' | encode).$(printf '%s' "{$claims}" | encode)
printf '%s.%s\n' "$unsigned" "$(printf '%s' "$unsigned" | openssl dgst -sha256 -mac HMAC -macopt "key:$secret" -binary | encode)"
