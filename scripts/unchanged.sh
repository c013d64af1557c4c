#!/usr/bin/env bash
# Fails where generated files differ from those committed: someone changed the code and not these.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

changes=$(git status --porcelain -- "$@")
[ -z "$changes" ] && exit
git --no-pager diff -- "$@" | head -n 100
printf 'these are generated and not as committed; run make docs sqlx, and commit them:\n%s\n' "$changes" >&2
exit 1
