#!/usr/bin/env bash
# Installs the OpenID Connect provider of the tests from npm into artifacts. test.sh runs this before it enters the engine's network, which
# cannot reach the registry.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$root/artifacts/oidc-provider
[ ! -d "$folder/node_modules/oidc-provider" ] || exit 0
mkdir -p "$folder"
cp "$root/FleetDashboard.Tests/Support/Oidc/package.json" "$folder"
timeout 180 npm install --no-audit --no-fund --ignore-scripts --loglevel=error --prefix "$folder"
