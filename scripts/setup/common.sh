# shellcheck shell=bash
# What the parts of the set-up share: speaking, comparing, stamps, and Debian's packages.

# shellcheck disable=SC2034 # setup.sh reads it
said=no
wanted=()
stamps=$PLIMSOLL_ROOT/target/setup

say() {
    said=yes
    printf 'set-up: %s\n' "$*"
}

fail() {
    printf 'set-up: %s\n' "$*" >&2
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# at_least MINIMUM VERSION: whether the version, which may be empty, reaches the minimum.
at_least() {
    [ -n "$2" ] && printf '%s\n%s\n' "$1" "$2" | sort -V -C
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# A stamp says from what a step's result was made, so that the step is repeated when that changes.
stamped() {
    [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]
}

stamp() {
    mkdir -p "$stamps"
    printf '%s\n' "$2" >"$stamps/$1"
}

# A choice for later commands: scripts/env.sh reads it.
remember() {
    mkdir -p "$stamps"
    grep -qsxF "$1" "$stamps/env.sh" || printf '%s\n' "$1" >>"$stamps/env.sh"
    eval "$1"
}

# want REASON PACKAGE...: packages to install, all in one go.
want() {
    say "will install ${*:2} ($1)"
    wanted+=("${@:2}")
}

install_wanted() {
    [ ${#wanted[@]} -gt 0 ] || return 0
    has apt-get || fail "this script knows Debian and Ubuntu; install here by hand: ${wanted[*]}"
    refresh_packages
    apt_install "${wanted[@]}" || fail "apt-get could not install: ${wanted[*]}"
    wanted=()
}

refresh_packages() {
    [ -z "${refreshed:-}" ] || return 0
    refreshed=yes
    as_root apt-get update -qq || say "apt-get update failed; trying with the old lists"
}

# What apt-get prints is kept in target/setup/apt.log, and shown where it fails.
apt_install() {
    local log=$stamps/apt.log
    mkdir -p "$stamps"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null || { tail -n 20 "$log" >&2 && return 1; }
}

# The version of a package that apt-get would install, or nothing.
candidate() {
    apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

want_certificates() {
    [ -s /etc/ssl/certs/ca-certificates.crt ] || want "tells which servers to trust" ca-certificates
}

want_compiler() {
    has cc || want "compiles and links the C parts of crates" gcc libc6-dev
}

# The fuzzer, libFuzzer, is written in C++.
want_cpp_compiler() {
    has c++ || want "compiles the fuzzer (make fuzz)" g++
}

want_browser() {
    has chromium || has chromium-browser || has google-chrome || want "the tests look at the page with it" chromium
}
