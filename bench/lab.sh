#!/usr/bin/env bash
# Raises the lab, sixty containers in every state, on the engine at DOCKER_HOST, for looking at and for measurements; takes it down again.
# One engine holds one lab: a test run on the same engine replaces it.
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
    echo "Say with DOCKER_HOST which engine: sixty containers are not raised on one by accident." >&2
    exit 2
fi
cd "$root"
FLEET_TEST_DOCKER_HOST=$DOCKER_HOST exec dotnet run --project bench/FleetDashboard.ByHand -- \
    -explicit only -method "FleetDashboard.ByHand.LabByHand.$method" -diagnostics -noLogo
