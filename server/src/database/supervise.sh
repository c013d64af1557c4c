# Runs "$@" (PostgreSQL) until it ends or our standard input closes: whoever holds its other end has died, however that
# came about. Then PostgreSQL stops properly.
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
(
    read -r _ <&3
    kill -INT "$server"
) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
