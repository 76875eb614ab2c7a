#!/usr/bin/env bash
# The OpenID Connect provider of the tests, from npm into artifacts. test.sh runs it before the engine's network is entered, which has no way to the registry.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$root/artifacts/oidc-provider
[ ! -d "$folder/node_modules/oidc-provider" ] || exit 0
mkdir -p "$folder"
cp "$root/FleetDashboard.Tests/Support/Oidc/package.json" "$folder"
timeout 180 npm install --no-audit --no-fund --ignore-scripts --loglevel=error --prefix "$folder"
