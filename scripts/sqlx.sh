#!/usr/bin/env bash
# Compiles the server against a scratch PostgreSQL that has the migrations, so that sqlx checks every query and
# describes it in .sqlx.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/env.sh
. scripts/setup/common.sh
. scripts/setup/postgres.sh

bin=$(postgres_bin) || fail "PostgreSQL's binaries are missing; run scripts/setup.sh"
scratch=$(mktemp -d)
chmod 755 "$scratch"

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@")
    else
        "$@"
    fi
}

stop() {
    as_postgres "$bin/pg_ctl" -D "$scratch/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$scratch"
}
trap stop EXIT

start() {
    if [ "$(id -u)" = 0 ]; then chown postgres "$scratch"; fi
    as_postgres "$bin/initdb" -D "$scratch/data" -U plimsoll --auth=trust --no-sync >/dev/null
    as_postgres "$bin/pg_ctl" -D "$scratch/data" -w -l "$scratch/log" \
        -o "-k $scratch -c listen_addresses= -c fsync=off" start >/dev/null
}

migrate() {
    local file
    for file in migrations/*.sql; do
        "$bin/psql" -h "$scratch" -U plimsoll -d postgres -q -v ON_ERROR_STOP=1 --single-transaction -f "$file"
    done
}

# sqlx describes a query while the macro that holds it is compiled, which Cargo does only for changed files.
# Without --package, the dependencies are those that clippy compiled.
describe() {
    mkdir "$scratch/queries"
    touch server/src/lib.rs
    local url="postgres://plimsoll@localhost/postgres?host=$scratch"
    SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$scratch/queries DATABASE_URL=$url cargo check --lib
}

start
migrate
describe
mkdir -p .sqlx
rm -f .sqlx/query-*.json
cp "$scratch"/queries/query-*.json .sqlx/
printf 'sqlx: %s queries in .sqlx\n' "$(find .sqlx -name 'query-*.json' | wc -l)"
