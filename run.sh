#!/usr/bin/env bash
# Starts the dashboard with one command: builds, starts Collector and Web (and a demo fleet if there is no engine), prints the address and
# the first sign-in, and stops everything on Ctrl-C or SIGTERM. The README lists the settings.
# shellcheck disable=SC2317 # functions are called from traps and through "$@"
# No `set -e`: every step that may fail is checked, so that each failure gets its own message.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
published=$root/artifacts/publish
wait_seconds=60
stop_seconds=10

web_url=${FLEET_WEB_URL:-http://localhost:5080}
collector_url=${FLEET_COLLECTOR_URL:-http://localhost:5081}
engine=${DOCKER_HOST:-unix:///var/run/docker.sock}
demo=${FLEET_DEMO:-}
secret=${FLEET_SHARED_SECRET:-}
password=${FLEET_ADMIN_PASSWORD:-}
metrics_token=${FLEET_METRICS_TOKEN:-}
data=${FLEET_DATA:-$root/data}
fleet_file=${FLEET_FILE:-}
fleet_file_optional=false
# Each child process gets only its own settings, under their own names.
unset FLEET_SHARED_SECRET FLEET_ADMIN_PASSWORD FLEET_METRICS_TOKEN FLEET_FILE

names=()
pids=()
step=
demo_folder=
notice=

say() { printf '%s\n' "$*"; }

fail() {
    printf 'run.sh: %s\n' "$*" >&2
    exit 1
}

# ---- stopping -------------------------------------------------------------------------------------------------------

finish() {
    local code=$? i left
    trap '' INT TERM HUP
    trap - EXIT
    if [ -n "$step" ]; then kill -TERM "$step" 2>/dev/null; fi
    # Stop in reverse order: Web before its Collector, the Collector before its engine.
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do kill -TERM "${pids[i]}" 2>/dev/null; done
    for ((left = stop_seconds * 10; left > 0; left--)); do
        some_left || break
        sleep 0.1
    done
    for ((i = 0; i < ${#pids[@]}; i++)); do
        if kill -0 "${pids[i]}" 2>/dev/null; then
            say "${names[i]} did not stop within $stop_seconds s and is killed." >&2
            kill -KILL "${pids[i]}" 2>/dev/null
        fi
    done
    if [ -n "$demo_folder" ]; then rm -rf -- "$demo_folder"; fi
    exit "$code"
}

some_left() {
    local pid
    for pid in "${pids[@]}"; do
        # A child that has exited but was not waited for still answers kill -0. The state in /proc shows it.
        if kill -0 "$pid" 2>/dev/null && ! grep -q '^State:[[:space:]]*Z' "/proc/$pid/status" 2>/dev/null; then return 0; fi
    done
    return 1
}

trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# ---- settings -------------------------------------------------------------------------------------------------------

# Splits http://host:port into url_host and url_port.
split_url() {
    local variable=$1 url=${2%/}
    [[ $url =~ ^http://(\[[0-9A-Fa-f:]+\]|[^]:/[]+)(:([0-9]{1,5}))?$ ]] ||
        fail "$variable is '$2'; it must look like http://localhost:5080."
    url_host=${BASH_REMATCH[1]//[\[\]]/}
    url_port=${BASH_REMATCH[3]:-80}
    # Listening on all addresses is fine, but connecting to "all addresses" is not.
    case $url_host in 0.0.0.0 | '*' | + | ::) url_host=127.0.0.1 ;; esac
}

port_is_taken() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

check_settings() {
    case $demo in
    '' | 0 | 1) ;;
    *) fail "FLEET_DEMO is '$demo'; set it to 1 (demo fleet), 0 (never a demo fleet) or leave it unset." ;;
    esac
    if [ "$demo" != 1 ]; then
        case $engine in
            unix:///?* | tcp://?*) ;;
            *) fail "DOCKER_HOST is '$engine'; only unix:// and tcp:// are supported, for instance unix:///var/run/docker.sock." ;;
        esac
    fi
    local LC_ALL=C
    if [ -n "$secret" ] && [ "${#secret}" -lt 32 ]; then
        fail "FLEET_SHARED_SECRET has ${#secret} bytes; it needs at least 32. Leave it unset to have one generated for this run."
    fi
    split_url FLEET_WEB_URL "$web_url"
    web_host=$url_host web_port=$url_port
    split_url FLEET_COLLECTOR_URL "$collector_url"
    collector_host=$url_host collector_port=$url_port
    [ "$web_port" != "$collector_port" ] || fail "FLEET_WEB_URL and FLEET_COLLECTOR_URL both use port $web_port. Change one of them."
    if port_is_taken "$web_host" "$web_port"; then
        fail "Port $web_port is in use. Stop the program that listens there, or set FLEET_WEB_URL to another address."
    fi
    if port_is_taken "$collector_host" "$collector_port"; then
        fail "Port $collector_port is in use. Stop the program that listens there, or set FLEET_COLLECTOR_URL to another address."
    fi
}

check_sdk() {
    command -v dotnet >/dev/null 2>&1 || fail "The .NET SDK is missing. Install .NET SDK 10 and make sure that dotnet is in PATH."
    local newest
    newest=$(dotnet --list-sdks 2>/dev/null | sed -n 's/^\([0-9][0-9]*\)\..*/\1/p' | sort -n | tail -n 1)
    [ -n "$newest" ] || fail "dotnet is installed without an SDK. Install .NET SDK 10."
    [ "$newest" -ge 10 ] || fail "The newest installed .NET SDK is version $newest. Install .NET SDK 10."
}

check_data() {
    if [ ! -d "$data" ]; then
        (umask 077 && mkdir -p -- "$data") || fail "The data folder $data cannot be created. Set FLEET_DATA to another folder."
    fi
    data=$(cd "$data" && pwd) || fail "The data folder $data cannot be opened. Set FLEET_DATA to another folder."
    [ -w "$data" ] || fail "The data folder $data is not writable. Set FLEET_DATA to another folder."
    chmod 0700 "$data" 2>/dev/null || fail "The data folder $data belongs to another user. Set FLEET_DATA to a folder of your own."
    logs=$data/logs
    (umask 077 && mkdir -p -- "$logs") || fail "The folder $logs cannot be created."
}

# FLEET_FILE if set, otherwise the file in the current folder, otherwise the one in the repository, which may be created later.
choose_fleet_file() {
    if [ -z "$fleet_file" ]; then
        fleet_file=$root/fleet.yaml
        fleet_file_optional=true
        if [ -e "$PWD/fleet.yaml" ]; then fleet_file=$PWD/fleet.yaml; fi
    elif [ ! -e "$fleet_file" ]; then
        say "FLEET_FILE=$fleet_file does not exist. It is read as soon as it is created."
    fi
    case $fleet_file in /*) ;; *) fleet_file=$PWD/$fleet_file ;; esac
}

random_text() { LC_ALL=C tr -dc 'A-HJ-NP-Za-km-z2-9' </dev/urandom 2>/dev/null | head -c "$1"; }

# Four groups of five characters: easy to read aloud, over 110 bits, and with every kind of character that a password rule may require.
random_password() {
    local text=
    until [[ $text == *[A-Z]* && $text == *[a-z]* && $text == *[2-9]* ]]; do
        text=$(random_text 5)-$(random_text 5)-$(random_text 5)-$(random_text 5)
    done
    printf '%s' "$text"
}

# ---- building -------------------------------------------------------------------------------------------------------

# Run in the background and waited for, because only then does this shell handle a signal during a long step.
run_step() {
    "$@" &
    step=$!
    wait "$step"
    local code=$?
    step=
    return "$code"
}

build() {
    local project log=$logs/build.log
    say "Building (the first time takes a minute or two) ..."
    : >"$log"
    for project in "$@"; do
        # Build servers would outlive this script.
        MSBUILDDISABLENODEREUSE=1 run_step dotnet publish "$root/$project/$project.csproj" -c Release -o "$published/$project" \
            --nologo -v quiet -p:UseSharedCompilation=false >>"$log" 2>&1 || {
            grep -E ': error ' "$log" | sort -u | head -n 10 >&2
            fail "$project does not build. The full output is in $log."
        }
    done
}

# ---- engine ---------------------------------------------------------------------------------------------------------

choose_engine() {
    if [ "$demo" = 1 ]; then
        notice="The fleet is invented (FLEET_DEMO=1)."
        return
    fi
    run_step dotnet "$published/FleetDashboard.DemoEngine/FleetDashboard.DemoEngine.dll" --probe "$engine"
    case $? in
        0) demo=0; return ;;
        2)
            fail "This user may not use the engine's socket ${engine#unix://}. Join its group (often: docker), \\
            run as a user who may use it, or set FLEET_DEMO=1."
            ;;
    esac
    if [ "$demo" = 0 ]; then
        fail "No engine answers at $engine, and FLEET_DEMO=0 forbids the demo fleet. Start the engine or correct DOCKER_HOST."
    fi
    demo=1
    if [ -n "${DOCKER_HOST:-}" ]; then
        notice="DOCKER_HOST=$engine DOES NOT ANSWER. This is a DEMO fleet and NOT your containers"
        notice+=" (FLEET_DEMO=0 makes this an error)."
        shout "$notice"
    else
        notice="No engine answers at $engine, so this is an invented demo fleet. Set DOCKER_HOST to watch a real one."
        say "$notice"
    fi
}

shout() {
    printf '\n%s\n!!  %s\n%s\n\n' "$(printf '!%.0s' {1..100})" "$*" "$(printf '!%.0s' {1..100})" >&2
}

# ---- starting -------------------------------------------------------------------------------------------------------

# start NAME PROJECT VARIABLE=VALUE...: settings are passed in the environment, which other users cannot read.
start() {
    local name=$1 project=$2
    shift 2
    local guard=()
    # If this shell is killed, its children receive a signal.
    if command -v setpriv >/dev/null 2>&1; then guard=(setpriv --pdeathsig TERM); fi
    (
        umask 077
        # Start in the program's own folder, where a published application looks for its files.
        cd "$published/$project" || exit 1
        unset DOCKER_HOST
        local setting
        for setting in "$@"; do export "${setting?}"; done
        exec "${guard[@]}" dotnet "$project.dll"
    ) >"$logs/$project.log" 2>&1 </dev/null &
    pids+=("$!")
    names+=("$name")
}

child_died() {
    local i
    for ((i = 0; i < ${#pids[@]}; i++)); do
        if grep -q '^State:[[:space:]]*Z' "/proc/${pids[i]}/status" 2>/dev/null || ! kill -0 "${pids[i]}" 2>/dev/null; then
            died=${names[i]}
            return 0
        fi
    done
    return 1
}

tell_end_of_log() {
    local file=$logs/FleetDashboard.${1// /}.log
    tail -n 15 "$file" 2>/dev/null | sed 's/^/    /' >&2
}

answers_health() {
    local line
    line=$(
        exec 2>/dev/null
        exec 3<>"/dev/tcp/$1/$2" || exit 1
        printf 'GET /health HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n\r\n' "$1" "$2" >&3
        read -r -t 5 line <&3 && printf '%s' "$line"
    )
    [[ $line == 'HTTP/1.1 200'* ]]
}

socket_is_there() { [ -S "$demo_folder/docker.sock" ]; }

# wait_for NAME CHECK...: until it responds, a process has exited, or the time is up.
wait_for() {
    local name=$1 end=$((SECONDS + wait_seconds))
    shift
    until "$@"; do
        if child_died; then
            tell_end_of_log "$died"
            fail "The $died stopped while starting. Its log is in $logs."
        fi
        if ((SECONDS >= end)); then
            tell_end_of_log "$name"
            fail "The $name did not answer within $wait_seconds s. Its log is in $logs."
        fi
        sleep 0.2
    done
}

# ---------------------------------------------------------------------------------------------------------------------

check_settings
check_sdk
check_data
choose_fleet_file
build FleetDashboard.DemoEngine FleetDashboard.Collector FleetDashboard.Web
choose_engine
[ -n "$secret" ] || secret=$(random_text 48)

if [ "$demo" = 1 ]; then
    demo_folder=$(mktemp -d /tmp/fleet-demo.XXXXXX) || fail "The folder for the demo engine's socket cannot be created in /tmp."
    engine=unix://$demo_folder/docker.sock
    start "Demo Engine" FleetDashboard.DemoEngine "Demo__SocketPath=$demo_folder/docker.sock"
    wait_for "Demo Engine" socket_is_there
fi

collector_settings=("ASPNETCORE_URLS=$collector_url" "Engine__Endpoint=$engine" "Auth__SharedSecret=$secret"
    "Auth__Audience=$collector_host:$collector_port"
    "Fleet__File=$fleet_file" "Fleet__Optional=$fleet_file_optional" "Data__Path=$data/collector")
if [ -n "$metrics_token" ]; then collector_settings+=("Metrics__Token=$metrics_token"); fi
start Collector FleetDashboard.Collector "${collector_settings[@]}"
wait_for Collector answers_health "$collector_host" "$collector_port"

provider=${Auth__Oidc__Authority:-} # if set, there are no local accounts
if [ -z "$password" ] && [ -z "$provider" ] && [ ! -e "$data/accounts.db" ]; then
    password=$(random_password)
    # Before Web starts, because Web stores the password even if this start fails later.
    say "First sign-in: user admin, password $password  (generated now and not shown again)"
fi
web_settings=("ASPNETCORE_URLS=$web_url" "Collectors__SharedSecret=$secret"
    "Collectors__Hosts__0__Url=http://$collector_host:$collector_port" "Data__Path=$data")
if [ -n "$password" ]; then web_settings+=("Accounts__AdminPassword=$password"); fi
start Web FleetDashboard.Web "${web_settings[@]}"
wait_for Web answers_health "$web_host" "$web_port"

say ""
say "Fleet Dashboard:  $web_url"
say "User:             $([ -z "$provider" ] && echo admin || echo "the users of $provider")"
say "Engine:           $engine"
if [ -e "$fleet_file" ]; then say "Metadata:         $fleet_file"; fi
if [ -n "$notice" ]; then say "Note:             $notice"; fi
say "Logs:             $logs"
say "Ctrl-C stops it."

# Silenced, because bash would report a killed child by printing the code that started it.
{ wait -n "${pids[@]}"; } 2>/dev/null
child_died
tell_end_of_log "${died:-}"
fail "The ${died:-dashboard} stopped unexpectedly, so everything is stopped. Its log is in $logs."
