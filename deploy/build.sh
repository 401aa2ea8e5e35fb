#!/usr/bin/env bash
# deploy/build.sh [preset] [target...]: builds into build/<preset>, binaries in build/<preset>/bin.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
preset=${1:-release}
[ $# -gt 0 ] && shift
command -v cmake >/dev/null && command -v ninja >/dev/null ||
  { echo "build: cmake or ninja is missing: run deploy/setup.sh" >&2; exit 1; }
# The cache survives in the user's folder; paths inside it do not depend on where the clone lies.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-4G}
log=build/$preset/configure.log
mkdir -p "build/$preset"
cmake --preset "$preset" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
started=$SECONDS
NINJA_STATUS='[%f/%t %es] ' ninja -C "build/$preset" "$@"
echo "build: $preset ready in $((SECONDS - started)) s, programs in build/$preset/bin"
