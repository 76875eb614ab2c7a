#!/usr/bin/env bash
# Writes the software bill of materials (CycloneDX 1.6) of our own and NuGet's content of the images: deploy/sbom.sh [FILE]
# It uses the assets files of a restore, so it lists exactly the resolved packages. Run it together with a release build. The base images
# have their own.
# cdxgen is CycloneDX's own generator, pinned. Node.js provides npx.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$(realpath -m "${1:-$root/artifacts/sbom.cdx.json}")
mkdir -p "$(dirname "$out")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Only the shipped projects: packages of tests and benchmarks are in no image.
for project in Contracts ServiceDefaults Collector Web; do
    dotnet restore "$root/FleetDashboard.$project" --verbosity quiet
    mkdir -p "$work/FleetDashboard.$project/obj"
    cp "$root/FleetDashboard.$project/FleetDashboard.$project.csproj" "$work/FleetDashboard.$project/"
    cp "$root/artifacts/obj/FleetDashboard.$project/project.assets.json" "$work/FleetDashboard.$project/obj/"
done
npx --yes @cyclonedx/cdxgen@12.8.4 --type dotnet --no-install-deps --spec-version 1.6 --output "$out" "$work"
