#!/usr/bin/env bash
# Builds the container image `plimsoll` with whatever is here and works.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if docker info >/dev/null 2>&1; then
    exec docker build --tag plimsoll .
elif command -v podman >/dev/null; then
    exec podman build --tag plimsoll .
elif command -v buildah >/dev/null; then
    exec buildah build --tag plimsoll .
fi
echo 'make image needs docker (running), podman or buildah, and none is here. Try: apt-get install buildah' >&2
exit 1
