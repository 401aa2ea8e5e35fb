#!/usr/bin/env bash
# deploy/bench.sh [scan|path|all]: each part measures its own limit in the same run and prints one
# JSON line with value, limit and ratio.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
part=${1:-all}
case $part in scan | path | all) ;; *) echo "usage: deploy/bench.sh [scan|path|all]" >&2; exit 2 ;; esac
deploy/build.sh release dockline-server dockline-agent dockline scan_bench path_limit >&2
folder=$(mktemp -d "${BENCH_DIR:-/var/tmp}/dockline-bench-XXXXXX") # a real disk, not a RAM disk
trap 'rm -rf "$folder"' EXIT
if [ "$part" = scan ] || [ "$part" = all ]; then build/release/bin/scan_bench --dir "$folder"; fi
if [ "$part" = path ] || [ "$part" = all ]; then
  python3 tests/bench/path.py build/release "${ORDERS:-100}"
fi
