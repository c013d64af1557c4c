# shellcheck shell=bash
# Node.js with npm: runs wasm-opt, and brings axe-core to the tests.

NODE_MINIMUM=18

node_ready() {
    has npm && has node && at_least $NODE_MINIMUM "$(node --version 2>/dev/null | tr -d v)"
}

want_node() {
    node_ready || want "runs wasm-opt, which makes the page smaller" nodejs npm
}

setup_node() {
    node_ready ||
        fail "Node.js $NODE_MINIMUM or newer is needed, with npm; here is $(node --version). Install it from nodejs.org"
    local lock
    lock=$(sha256sum package-lock.json)
    [ -e node_modules/.bin/wasm-opt ] && { stamped npm "test $lock" || stamped npm "$1 $lock"; } && return
    local omit=()
    if [ "$1" = run ]; then omit=(--omit=dev); fi
    say "installing binaryen (wasm-opt) and, for tests, axe-core into node_modules"
    npm ci --no-progress "${omit[@]}" >/dev/null || fail "npm ci failed; its message is above"
    stamp npm "$1 $lock"
}
