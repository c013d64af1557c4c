# shellcheck shell=bash
# What tests hold Plimsoll against, built from its Go modules into target/testbed: kube-apiserver and etcd, and the matcher of
# network policies.

# Whether the caller has binaries of their own.
testbed_given() {
    [ "$KUBEBUILDER_ASSETS" != "$PLIMSOLL_ROOT/target/testbed" ]
}

setup_testbed() {
    if testbed_given; then
        [ -x "$KUBEBUILDER_ASSETS/kube-apiserver" ] && [ -x "$KUBEBUILDER_ASSETS/etcd" ] && return
        fail "KUBEBUILDER_ASSETS is $KUBEBUILDER_ASSETS, which lacks kube-apiserver or etcd"
    fi
    local sum
    sum=$(cat tests/testbed/go.mod tests/testbed/go.sum | sha256sum)
    [ -x target/testbed/kube-apiserver ] && [ -x target/testbed/etcd ] && stamped testbed "$sum" && return
    say "building kube-apiserver and etcd (the tests run against them; about 6 minutes, once)"
    build_testbed || fail "building kube-apiserver and etcd failed; the message is above"
    stamp testbed "$sum"
}

# The API server tells its version from these variables.
build_testbed() {
    local version minor package=k8s.io/component-base/version
    version=$(awk '$1 == "k8s.io/kubernetes" { print $2 }' tests/testbed/go.mod)
    minor=${version#v*.}
    local flags="-s -w -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=${minor%.*}"
    mkdir -p target/testbed
    (cd tests/testbed && go build -buildvcs=false -o ../../target/testbed/ -ldflags "$flags" tool) &&
        mv target/testbed/server target/testbed/etcd
}

# It shares its module, and so the packages that are compiled for kube-apiserver, but not its stamp: a change of the matcher's own
# files builds nothing else. Nobody brings one of their own, whatever KUBEBUILDER_ASSETS says.
setup_matcher() {
    local sum
    sum=$(cat tests/testbed/go.mod tests/testbed/go.sum tests/testbed/matcher/*.go | sha256sum)
    [ -x target/testbed/matcher ] && stamped matcher "$sum" && return
    say "building the matcher that tests ask about network policies (a minute or two, once)"
    build_matcher || fail "building the matcher of network policies failed; the message is above"
    stamp matcher "$sum"
}

build_matcher() {
    mkdir -p target/testbed
    (cd tests/testbed && go build -buildvcs=false -o ../../target/testbed/ -ldflags "-s -w" ./matcher)
}
