# Runs "$@" (PostgreSQL) until it ends or our standard input closes: whoever holds its other end has died, however that
# came about. Then PostgreSQL stops properly, within half a minute.
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
(
    read -r _ <&3
    kill -INT "$server"
    sleep 30
    kill -QUIT "$server"
) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$server"
status=$?
kill "$watcher"
exit "$status"
