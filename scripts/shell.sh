#!/usr/bin/env bash
# The shell of the Makefile's recipes: bash that stops at the first error and knows where the tools are.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
exec bash -euo pipefail "$@"
