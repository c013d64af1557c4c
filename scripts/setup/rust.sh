# shellcheck shell=bash
# Rust, and its standard library for WebAssembly. rustup is asked first, Debian's packages second.

RUST_MINIMUM=1.95
WASM_TARGET=wasm32-unknown-unknown

rust_ready() {
    has cargo && at_least $RUST_MINIMUM "$(rustc --version 2>/dev/null | awk '{ print $2 }')"
}

wasm_ready() {
    rustup_wasm_ready || debian_wasm_ready
}

rustup_wasm_ready() {
    [ -d "$(rustc --print sysroot)/lib/rustlib/$WASM_TARGET" ]
}

# Debian's compiler has no such library, but builds it from Debian's source.
debian_wasm_ready() {
    local sysroot
    sysroot=$(/usr/bin/rustc --print sysroot 2>/dev/null) || return 1
    [ -d "$sysroot/lib/rustlib/src/rust/library" ] && compgen -G '/usr/bin/wasm-ld-*' >/dev/null
}

setup_rust() {
    rust_ready || rust_from_rustup || rust_from_debian ||
        fail "Rust $RUST_MINIMUM or newer is needed. rustup could not be reached, and apt-get has no such version." \
            "Install it from rustup.rs"
    wasm_ready || wasm_from_rustup || wasm_from_debian ||
        fail "Rust's standard library for $WASM_TARGET is needed. Try: rustup target add $WASM_TARGET"
    if [ "$1" = test ]; then
        linters_ready || linters_from_rustup || linters_from_debian ||
            fail "rustfmt and clippy are needed. Try: rustup component add rustfmt clippy"
    fi
}

rust_from_rustup() {
    if has rustup; then
        say "installing the current Rust with rustup (at least $RUST_MINIMUM is needed)"
        rustup toolchain install stable --profile minimal --no-self-update || return 1
        remember 'export RUSTUP_TOOLCHAIN=stable'
    else
        say "installing Rust with rustup, into ~/.cargo and ~/.rustup (compiles Plimsoll)"
        has curl || { refresh_packages && apt_install curl; } || return 1
        rustup_installer || return 1
    fi
    hash -r
    rust_ready
}

rustup_installer() {
    local script status=0
    script=$(mktemp)
    curl --proto '=https' --tlsv1.2 -sSf --connect-timeout 15 --output "$script" https://sh.rustup.rs &&
        sh "$script" -y --quiet --profile minimal --target $WASM_TARGET --no-modify-path || status=1
    rm -f "$script"
    return $status
}

rust_from_debian() {
    say "rustup can't be had here; installing Debian's rustc-web and cargo-web instead"
    debian_rust_offered || return 1
    apt_install rustc-web cargo-web && hash -r && rust_ready
}

debian_rust_offered() {
    has apt-get || return 1
    refresh_packages
    at_least $RUST_MINIMUM "$(candidate rustc-web)"
}

wasm_from_rustup() {
    has rustup || return 1
    say "adding Rust's standard library for $WASM_TARGET with rustup (compiles the page)"
    rustup target add $WASM_TARGET
}

# Beside rustup's compiler, Debian's is used for the page alone.
wasm_from_debian() {
    say "installing Debian's rustc-web, the library's source, and a linker: the page is built with these"
    debian_rust_offered || return 1
    local linker
    linker=$(apt-cache search --names-only '^lld-[0-9]+$' | awk '{ print $1 }' | sort -V | tail -n 1)
    apt_install rustc-web cargo-web rust-web-src "$linker" && debian_wasm_ready
}

# A linter must be of the compiler that it is used with, and the page's may be Debian's.
linters_ready() {
    cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 || return 1
    rustup_wasm_ready || [ -x /usr/bin/cargo-clippy ]
}

linters_from_rustup() {
    has rustup || return 1
    say "adding rustfmt and clippy with rustup (make lint)"
    rustup component add rustfmt clippy && linters_ready
}

linters_from_debian() {
    say "installing Debian's rustfmt-web and rust-web-clippy (make lint)"
    refresh_packages
    apt_install rustfmt-web rust-web-clippy && linters_ready
}
