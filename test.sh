#!/usr/bin/env bash
# The one command that runs the tests: installs missing tools if possible, starts its own engine, runs `dotnet test` beside it, and leaves
# nothing behind. Arguments are passed to the tests, e.g.:  ./test.sh --filter-trait Category=Engine
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=.ci/setup.sh
. "$root/.ci/setup.sh"
# shellcheck source=.ci/engine.sh
. "$root/.ci/engine.sh"
tests=

finish() {
    code=$?
    set +e
    trap - EXIT
    # Ending a whole process group signals this script twice. The second signal must not interrupt the cleanup.
    trap '' INT TERM HUP
    if [ -n "$tests" ] && { kill -TERM -- "-$tests" || kill -TERM "$tests"; } 2>/dev/null; then
        for _ in $(seq 50); do kill -0 -- "-$tests" 2>/dev/null || break; sleep 0.1; done
        kill -KILL -- "-$tests" 2>/dev/null || true
    fi
    # The engine's errors may be the reason.
    [ "$code" = 0 ] || [ -z "$engine_dir" ] || grep -hE 'level=(warning|error|fatal)' "$engine_dir/log" \
        | grep -v 'cleanup warnings\|cleaning up after shim' | tail -n 20 | cut -c1-240
    engine_stop
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Run in its own session in the background, because only then does this shell handle a signal at once and end all processes.
run() {
    setsid setpriv --pdeathsig TERM "$@" </dev/null &
    tests=$!
    local code=0
    wait "$tests" || code=$?
    tests=
    return "$code"
}

setup_tools
if [ -n "${FLEET_TEST_DOCKER_HOST:-}" ]; then
    echo "Using the engine at $FLEET_TEST_DOCKER_HOST (FLEET_TEST_DOCKER_HOST)."
    beside=()
elif engine_possible && engine_start; then
    export FLEET_TEST_DOCKER_HOST=$engine_host
    beside=("${engine_beside[@]}")
elif [ "${CI:-}" = true ]; then
    echo "The engine could not be started, and with CI=true no test may be skipped." >&2
    exit 1
else
    echo "No engine could be started. The tests on a real engine will be skipped." >&2
    beside=()
fi

# The database images are built from Debian packages before the engine's network is entered, which cannot reach them.
# shellcheck source=.ci/images.sh
. "$root/.ci/images.sh"
if [ -z "${FLEET_TEST_DATABASES:-}" ] && images_possible && ! images_make "$root" && [ "${CI:-}" = true ]; then
    echo "The database images could not be created, and with CI=true no test may be skipped." >&2
    exit 1
fi

# The same applies to the sign-in provider of the tests, from npm.
if command -v npm >/dev/null && ! run "$root/.ci/provider.sh" && [ "${CI:-}" = true ]; then
    echo "The sign-in provider could not be installed, and with CI=true no test may be skipped." >&2
    exit 1
fi

# Built outside, because the engine's network cannot reach the package registry.
run dotnet build "$root/FleetDashboard.sln"
results=${FLEET_TEST_RESULTS:-$root/artifacts/test-results}
cd "$root"
part() {
    local name=$1 code=0
    shift
    run "$@" --report-trx --results-directory "$results/$name" || code=$?
    # A filter may leave one of the two parts without tests (exit code 8), but not both.
    if [ "$code" = 0 ]; then any=1; elif [ "$code" != 8 ]; then worst=$code; fi
}
any='' worst=0
# Most tests wait for an engine or a clock, so twice as many threads as cores shorten the run by a third.
part beside "${beside[@]}" dotnet test --solution FleetDashboard.sln --no-build --max-threads 2x \
    --filter-not-namespace FleetDashboard.Tests.Browser "$@"
# The browser stays outside the engine's network: whenever an address is added or removed there, Chromium aborts its requests.
part browser dotnet test --solution FleetDashboard.sln --no-build --filter-namespace FleetDashboard.Tests.Browser "$@"
[ "$worst" != 0 ] || [ -n "$any" ] || worst=8
exit "$worst"
