#!/usr/bin/env bash
# deploy/bench.sh [scan|ingest|drain|fleet|path|growth|footprint|page|routing|orders|listings|rehearse|all] [--short] [--full]: each part
# measures its own limit in the same run and prints JSON lines (tests/bench/README.md). --short only
# proves that everything runs; --full takes growth to 10 million events. With --record the tables of
# tests/bench/README.md and the curves in tests/bench/plots become those of this run. BENCH_DIR: a
# folder on the disk to measure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
part=all record=""
if [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; then part=$1; shift; fi
pass=()
for flag in "$@"; do
  if [ "$flag" = --record ]; then record=yes; else pass+=("$flag"); fi
done
case $part in
  scan | ingest | drain | fleet | path | growth | footprint | page | routing | orders | listings | rehearse | all) ;;
  *) echo "usage: deploy/bench.sh [scan|ingest|drain|fleet|path|growth|footprint|page|routing|orders|listings|rehearse|all] [--short] [--full] [--record]" >&2; exit 2 ;;
esac
if [ "$part" != page ]; then
  deploy/build.sh release dockline-server dockline-agent dockline scan_bench path_limit rows_limit \
    growth_bench routing_bench routing_store_bench orders_bench listings_bench light_fleet raw_limit raw_link >&2
fi
if [ "$part" = page ] || [ "$part" = all ]; then
  [ -d tests/e2e/node_modules ] || npm ci --prefix tests/e2e --no-audit --no-fund --silent >&2
fi
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
python3 tests/bench/bench.py "$part" --build build/release --dir "${BENCH_DIR:-/var/tmp}" \
  ${pass[@]+"${pass[@]}"} | tee "$lines"
if [ -n "$record" ]; then python3 tests/bench/record.py "$lines"; fi
