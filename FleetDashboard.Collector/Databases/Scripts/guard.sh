# This part begins every size query. The query runs inside the container as `sh -c '...' fleet-probe SECONDS`, in any sh: dash, busybox,
# bash. Exit codes: 81 no client, 82 no answer in time, 83 a secret's file cannot be read, 84 a user name with unsafe characters.
# A secret is never an argument: the host's list of processes shows arguments.
limit=${1:-10}

# The value of the variable $1, or of the file that ${1}_FILE names, in $value.
value() {
    eval "value=\${$1-} file=\${${1}_FILE-}"
    [ -n "$value" ] || [ -z "$file" ] || { [ -r "$file" ] && value=$(cat "$file"); } || exit 83
    [ -n "$value" ]
}

# The first of these programs that the image has, in $client.
client() {
    for client; do command -v "$client" >/dev/null 2>&1 && return; done
    exit 81
}

# Kills every process that this shell started, the youngest first. A parent that still lives reaps its child. An orphan would go to
# process 1, and few databases reap processes that are not theirs.
end() {
    for round in 1 2 3 4; do
        found=
        for stat in /proc/[0-9]*/stat; do
            { read -r line <"$stat"; } 2>/dev/null || continue
            process=${line%% *} line=${line##*) }
            set -- $line
            [ "${4-}" = "$$" ] && [ "$process" != "$$" ] && [ "$1" != Z ] || continue
            [ "$2" = "$$" ] && continue
            found=1
            kill -9 "$process" 2>/dev/null
        done
        [ -n "$found" ] || break
        pause
    done
    kill -9 "$started" 2>/dev/null
    wait "$started" 2>/dev/null
}

# Waits a tenth of a second, or a second where sleep takes no fractions. $tenths counts the time.
pause() {
    if sleep 0.1 2>/dev/null; then tenths=$((tenths + 1)); else sleep 1; tenths=$((tenths + 10)); fi
}

# Runs a program with a time limit. Not timeout(1): some images lack it, and it leaves orphans.
guarded() {
    tenths=0
    "$@" &
    started=$!
    while kill -0 "$started" 2>/dev/null; do
        if [ "$tenths" -ge $((limit * 10)) ]; then
            end
            exit 82
        fi
        pause
    done
    wait "$started"
}
