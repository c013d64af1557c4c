# shellcheck shell=bash
# Where the tools are and how builds behave. Sourced by every recipe of the Makefile (scripts/shell.sh) and by the
# other scripts.

PLIMSOLL_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# rustup's compiler goes before a distribution's.
PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

# What scripts/setup.sh chose on this machine, where there was a choice.
if [ -f "$PLIMSOLL_ROOT/target/setup/env.sh" ]; then
    . "$PLIMSOLL_ROOT/target/setup/env.sh"
fi

# Builds land in target/, where the Makefile looks for them, whatever the caller's habit is.
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET_DIR

# Queries are checked against .sqlx, not against a database: `make sqlx` writes it.
export SQLX_OFFLINE="${SQLX_OFFLINE:-true}"

# kube-apiserver and etcd for the tests, by the convention of Kubernetes' own test tools.
export KUBEBUILDER_ASSETS="${KUBEBUILDER_ASSETS:-$PLIMSOLL_ROOT/target/testbed}"

export PATH PLIMSOLL_ROOT
