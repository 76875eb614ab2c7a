#!/usr/bin/env bash
# Tools that the tests need besides the SDK. Source it for setup_tools, which installs missing packages if it can (Debian, as root) and
# otherwise lists them.

# Each command that must exist, and the Debian package that contains it.
setup_wanted="dockerd:docker.io containerd:containerd busybox:busybox-static chromium:chromium prometheus:prometheus promtool:prometheus
    docker-registry:docker-registry docker-compose:docker-compose ip:iproute2 iptables:iptables setpriv:util-linux node:nodejs npm:npm"

setup_tools() {
    local missing
    PATH=$PATH:/usr/sbin:/sbin
    if ! command -v dotnet >/dev/null; then
        echo "The .NET SDK 10 is missing. Install it from https://dotnet.microsoft.com/download" >&2
        exit 1
    fi
    missing=$(setup_missing)
    if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        setup_install "$missing" || true
        missing=$(setup_missing)
    fi
    if [ -n "$missing" ]; then
        echo "Missing Debian packages: $missing" >&2
        if [ "${CI:-}" = true ]; then
            echo "With CI=true no test may be skipped." >&2
            exit 1
        fi
        echo "The tests that need them will be skipped. Install the packages, or run this as root on Debian." >&2
    fi
}

setup_missing() {
    local pair
    for pair in $setup_wanted; do
        command -v "${pair%%:*}" >/dev/null || echo "${pair##*:}"
    done | sort -u | paste -sd' '
}

setup_install() {
    local guard=/usr/sbin/policy-rc.d ours="" code=0 log
    log=$(mktemp)
    echo "Installing: $1"
    # Only the programs of the packages are needed. This file tells Debian to start no services.
    if [ ! -e $guard ]; then
        ours=1
        printf '#!/bin/sh\nexit 101\n' >$guard
        chmod +x $guard
    fi
    # shellcheck disable=SC2086
    { apt-get -o DPkg::Lock::Timeout=600 update && DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends $1; } </dev/null >"$log" 2>&1 || code=$?
    [ -z "$ours" ] || rm -f $guard
    [ $code = 0 ] || tail -n 15 "$log" >&2
    rm -f "$log"
    return $code
}
