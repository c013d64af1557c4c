#!/usr/bin/env bash
# Builds the fuzz targets and runs each for a while: PLIMSOLL_FUZZ_SECONDS, a minute if unset. Names of targets may be given.
# An input that makes one crash, hang or take too much memory is kept in target/fuzz/crashes, and fails the run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/env.sh

seconds=${PLIMSOLL_FUZZ_SECONDS:-60}
work=target/fuzz
# Without a triple, build scripts would be instrumented too, and not link.
triple=$(rustc -vV | awk '$1 == "host:" { print $2 }')
bin=$work/build/$triple/release

# What cargo-fuzz passes, without the sanitizers: they need a nightly compiler, and safe code has little use for them.
coverage=(
    -Cpasses=sancov-module
    -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares
    --cfg fuzzing
)

build() {
    RUSTFLAGS="${coverage[*]}" cargo build --quiet --release --manifest-path fuzz/Cargo.toml \
        --target "$triple" --target-dir "$work/build" --bins --examples
    "$bin/examples/seeds" "$work/seeds"
}

# What an earlier run found worth keeping is in target/fuzz/corpus; the seeds beside it are only read.
run() {
    local target=$1 log=$work/$1.log
    local corpora=("$work/corpus/$target" "$work/seeds/$target" "fuzz/corpus/$target")
    mkdir -p "${corpora[@]}" "$work/crashes/$target"
    if "$bin/$target" "${corpora[@]}" -max_total_time="$seconds" -max_len=65536 -timeout=30 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$work/crashes/$target/" >"$log" 2>&1; then
        summary "$target" "$log"
    else
        printf 'fuzz: %-12s CRASHED; the input is in %s, the log is %s\n' "$target" "$work/crashes/$target" "$log"
        grep -m 2 -A 1 -E 'panicked at|ERROR: libFuzzer' "$log" || tail -n 20 "$log"
        return 1
    fi
}

summary() {
    awk -v target="$1" '
        /^stat::number_of_executed_units/ { tries = $2 }
        $3 == "cov:" { edges = $4 }
        END { printf "fuzz: %-12s %9d inputs, %6d edges, no crash\n", target, tries, edges }
    ' "$2"
}

build
status=0
if [ $# = 0 ]; then
    for file in fuzz/src/bin/*.rs; do set -- "$@" "$(basename "$file" .rs)"; done
fi
for target in "$@"; do run "$target" || status=1; done
exit $status
