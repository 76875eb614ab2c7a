#!/usr/bin/env bash
# Starts the lab, sixty containers in every state, on the engine at DOCKER_HOST, for demonstrations and measurements. Also removes it.
# An engine holds only one lab. A test run on the same engine replaces it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case ${1:-} in
up) method=Up ;;
down) method=Down ;;
*)
    echo "Usage: DOCKER_HOST=unix:///path/to/docker.sock $0 up|down" >&2
    exit 2
    ;;
esac
if [ -z "${DOCKER_HOST:-}" ]; then
    echo "Set DOCKER_HOST to the engine that should run the sixty containers." >&2
    exit 2
fi
cd "$root"
FLEET_TEST_DOCKER_HOST=$DOCKER_HOST exec dotnet run --project bench/FleetDashboard.ByHand -- \
    -explicit only -method "FleetDashboard.ByHand.LabByHand.$method" -diagnostics -noLogo
