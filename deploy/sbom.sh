#!/usr/bin/env bash
# The software bill of materials (CycloneDX 1.6) of what the images hold of ours and of NuGet: deploy/sbom.sh [FILE]
# From the assets files that a restore writes, so exactly what was resolved; run it beside the build of a release. The base images come with their own.
# cdxgen is CycloneDX's own generator, pinned; Node.js brings npx.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$(realpath -m "${1:-$root/artifacts/sbom.cdx.json}")
mkdir -p "$(dirname "$out")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The shipped projects alone: what tests and benchmarks use is in no image.
for project in Contracts ServiceDefaults Collector Web; do
    dotnet restore "$root/FleetDashboard.$project" --verbosity quiet
    mkdir -p "$work/FleetDashboard.$project/obj"
    cp "$root/FleetDashboard.$project/FleetDashboard.$project.csproj" "$work/FleetDashboard.$project/"
    cp "$root/artifacts/obj/FleetDashboard.$project/project.assets.json" "$work/FleetDashboard.$project/obj/"
done
npx --yes @cyclonedx/cdxgen@12.8.4 --type dotnet --no-install-deps --spec-version 1.6 --output "$out" "$work"
