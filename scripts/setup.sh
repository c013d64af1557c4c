#!/usr/bin/env bash
# Installs what Plimsoll needs on Debian or Ubuntu, and says what and why. What is there already is left alone.
#
#   scripts/setup.sh run     to build and run it (the default)
#   scripts/setup.sh test    and to test it
#   scripts/setup.sh serve   only what a finished binary needs
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/env.sh
for part in common postgres rust node go testbed; do
    # shellcheck source=/dev/null
    . "scripts/setup/$part.sh"
done

mode=${1:-run}
case $mode in
serve)
    want_certificates
    want_postgres
    install_wanted
    ;;
run | test)
    want_certificates
    want_compiler
    want_postgres
    want_node
    if [ "$mode" = test ]; then
        want_cpp_compiler
        want_browser
        want_go
    fi
    install_wanted
    setup_rust "$mode"
    setup_node "$mode"
    if [ "$mode" = test ]; then
        setup_go
        setup_testbed
        setup_matcher
    fi
    ;;
*)
    fail "usage: scripts/setup.sh [run|test|serve]"
    ;;
esac
if [ "$said" = yes ]; then say "done"; else say "nothing is missing"; fi
