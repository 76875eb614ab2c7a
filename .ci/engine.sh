#!/usr/bin/env bash
# Starts a private Docker engine for tests. Source it for engine_possible, engine_start and engine_stop.
#
# The engine runs in its own network and mount namespace, with its own containerd. A second dockerd in the host's network would flush the
# DOCKER chains of the first, and with them the published ports of everyone on this machine. One that finds a running containerd would share
# its containers. In a namespace no bridge, subnet, port or rule can collide, two runs can run at once, and everything, including mounts, is
# gone with the last process.

PATH=$PATH:/usr/sbin:/sbin
# Prefer Debian's client: another docker on the PATH may use another engine's context.
engine_cli=/usr/bin/docker
[ -x $engine_cli ] || engine_cli=docker

engine_dir=
engine_pid=

engine_possible() {
    [ "$(id -u)" = 0 ] && command -v dockerd >/dev/null && command -v containerd >/dev/null \
        && command -v ip >/dev/null && command -v setpriv >/dev/null
}

# Sets engine_host, engine_pid, and engine_beside: the prefix for commands that must reach published ports.
engine_start() {
    engine_sweep
    engine_dir=$(mktemp -d "${TMPDIR:-/tmp}/fleet-engine.XXXXXX")
    engine_host=unix://$engine_dir/docker.sock
    echo $$ >"$engine_dir/owner"
    mkdir "$engine_dir/home"
    echo '{}' >"$engine_dir/daemon.json"
    cat >"$engine_dir/containerd.toml" <<TOML
version = 2
root = "$engine_dir/containerd"
state = "$engine_dir/exec/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "$engine_dir/containerd.sock"
TOML
    # A separate session keeps Ctrl-C away from it. The death signal ends it even if this shell is killed.
    # shellcheck disable=SC2016
    setsid setpriv --pdeathsig TERM unshare --net --mount bash -c '
        set -e
        cd "$1"
        ip link set lo up
        ip link add fleet0 type bridge
        ip address add 172.29.0.1/24 dev fleet0
        ip link set fleet0 up
        setpriv --pdeathsig KILL containerd --config "$1/containerd.toml" &
        for _ in $(seq 150); do [ -S containerd.sock ] && break; sleep 0.1; done
        HOME=$1/home exec dockerd --host "unix://$1/docker.sock" --containerd "$1/containerd.sock" --data-root "$1/data" \
            --exec-root "$1/exec" \
            --pidfile "$1/docker.pid" --config-file "$1/daemon.json" --bridge fleet0 \
            --default-address-pool base=172.30.0.0/16,size=24 --default-address-pool base=172.31.0.0/16,size=24
    ' engine "$engine_dir" </dev/null >"$engine_dir/log" 2>&1 &
    engine_pid=$!
    # shellcheck disable=SC2034
    engine_beside=(nsenter --target "$engine_pid" --net --)
    for _ in $(seq 300); do
        if "$engine_cli" --host "$engine_host" version >/dev/null 2>&1; then return 0; fi
        kill -0 "$engine_pid" 2>/dev/null || break
        sleep 0.1
    done
    echo "The engine could not be started. The end of its log:" >&2
    tail -n 15 "$engine_dir/log" >&2
    engine_stop
    return 1
}

engine_stop() {
    [ -n "$engine_dir" ] || return 0
    local ids
    if [ -n "$engine_pid" ] && kill -0 "$engine_pid" 2>/dev/null; then
        # Otherwise stopping would wait ten seconds for each container that ignores SIGTERM.
        ids=$(timeout 10 "$engine_cli" --host "$engine_host" ps --quiet 2>/dev/null) || true
        # shellcheck disable=SC2086
        [ -z "$ids" ] || timeout 30 "$engine_cli" --host "$engine_host" kill $ids >/dev/null 2>&1 || true
        kill -TERM "$engine_pid" 2>/dev/null || true
        engine_gone 200 || kill -KILL "$engine_pid" 2>/dev/null || true
    fi
    engine_erase "$engine_dir"
    engine_dir=
}

# A process that survived a kill still has a mount or a socket of the folder in its name.
engine_erase() {
    local leftover
    grep -lsF "$1/containerd" /proc/[0-9]*/mountinfo /proc/[0-9]*/cmdline | cut -d/ -f3 | sort -u | while read -r leftover; do
        [ "$leftover" = $$ ] || [ "$leftover" = $BASHPID ] || kill -KILL "$leftover" 2>/dev/null || true
    done || true
    rm -rf "$1"
}

# Folders of runs that were killed.
engine_sweep() {
    local folder owner
    for folder in "${TMPDIR:-/tmp}"/fleet-engine.*; do
        owner=$(cat "$folder/owner" 2>/dev/null) || continue
        kill -0 "$owner" 2>/dev/null || engine_erase "$folder"
    done
}

engine_gone() {
    for _ in $(seq "$1"); do
        kill -0 "$engine_pid" 2>/dev/null || return 0
        sleep 0.1
    done
    return 1
}
