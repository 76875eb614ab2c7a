client valkey-cli redis-cli
port=6379 found=
# A server replaces its own command line by its port. The password of --requirepass stays in the command line of a wrapper (an init, a
# shell).
for file in /proc/[0-9]*/cmdline; do
    previous=
    while IFS= read -r word || [ -n "$word" ]; do
        case $word in redis-server*:[0-9]* | valkey-server*:[0-9]*) port=${word##*:} port=${port%% *} ;; esac
        [ "$previous" != --requirepass ] || [ -n "$found" ] || found=$word
        previous=$word
    done <<END
$(tr '\0' '\n' <"$file" 2>/dev/null)
END
done
if [ -n "${REDISCLI_AUTH-}" ]; then
    found=$REDISCLI_AUTH
elif value REDIS_PASSWORD || value VALKEY_PASSWORD; then
    found=$value
elif [ -z "$found" ]; then
    for file in /usr/local/etc/redis/redis.conf /usr/local/etc/valkey/valkey.conf /etc/redis/redis.conf /etc/valkey/valkey.conf \
        /etc/redis.conf /data/redis.conf; do
        [ -r "$file" ] || continue
        while read -r word rest; do
            [ "$word" != requirepass ] || found=$rest
        done <"$file"
        found=${found#\"} found=${found%\"}
    done
fi
[ -z "$found" ] || export REDISCLI_AUTH="$found"
case $port in *[!0-9]*) port=6379 ;; esac
guarded "$client" -h 127.0.0.1 -p "$port" INFO memory
