# shellcheck shell=bash
# PostgreSQL's binaries: Plimsoll starts a server of its own from them.

POSTGRES_MINIMUM=14

# The folder with the newest binaries that are new enough.
postgres_bin() {
    local folder on_path
    on_path=$(dirname "$(command -v initdb || echo /)")
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$on_path"; do
        [ -x "$folder/initdb" ] || continue
        if at_least $POSTGRES_MINIMUM "$("$folder/postgres" --version | awk '{ print $3 }')"; then
            echo "$folder"
            return
        fi
    done
    return 1
}

want_postgres() {
    postgres_bin >/dev/null && return
    want "keeps the snapshots; Plimsoll starts a server of its own from it, the system's stays off" postgresql
    # Without this the package would make a database of the system's and start it.
    local config=/etc/postgresql-common/createcluster.conf
    if [ ! -e $config ]; then
        as_root mkdir -p "$(dirname $config)"
        echo 'create_main_cluster = false' | as_root tee $config >/dev/null
    fi
}
