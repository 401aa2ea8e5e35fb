#!/bin/bash
# Puts each known bug in, seed after seed, until a checker sees it; prints a table and fails when one
# is not seen within its stated number of seeds.
#
# usage: plants.sh [--short] [--from SEED] [--sim PROGRAM] [NAME ...]
#   --short   every third plant, for CI
set -u
here=$(cd "$(dirname "$0")" && pwd)
sim=$here/../../../build/sim/bin/dockline-sim
from=1 short=0 names=()
while [ $# -gt 0 ]; do
  case $1 in
    --short) short=1 ;;
    --from) from=$2; shift ;;
    --sim) sim=$2; shift ;;
    *) names+=("$1") ;;
  esac
  shift
done
[ -x "$sim" ] || { echo "no $sim: cmake --preset sim && ninja -C build/sim dockline-sim" >&2; exit 2; }

missed=0 n=0
printf '%-36s %-8s %s\n' plant "seen in" "by, and what it said"
while IFS='|' read -r name _ seeds fleet; do
  name=${name// /} seeds=${seeds// /}
  [[ $name == \#* || -z $name ]] && continue
  if [ ${#names[@]} -gt 0 ] && [[ " ${names[*]} " != *" $name "* ]]; then continue; fi
  # A small fleet for a short while: many seeds say more than long ones.
  read -ra fleet <<<"${fleet:---sites 2 --stations 4 --hours 0.4} --no-minimise"
  n=$((n + 1))
  if [ $short = 1 ] && [ $((n % 3)) -ne $((from % 3)) ]; then continue; fi
  seen=
  for seed in $(seq "$from" $((from + seeds - 1))); do
    said=$("$sim" --seed "$seed" --plant "$name" "${fleet[@]}" 2>&1)
    # What fails without the plant as well proves nothing.
    if [ $? -ne 0 ] && "$sim" --seed "$seed" "${fleet[@]}" >/dev/null 2>&1; then
      seen=$(grep -m1 -oE '^  at [0-9.]+ s, .*|ended with .*' <<<"$said" | cut -c1-150)
      break
    fi
  done
  if [ -n "$seen" ]; then
    printf '%-36s %-8s %s\n' "$name" "$((seed - from + 1))/$seeds" "$seen"
  else
    printf '%-36s %-8s %s\n' "$name" "0/$seeds" "NOT SEEN"
    missed=$((missed + 1))
  fi
done < "$here/plants.txt"
echo "$missed plants were not seen"
[ "$missed" = 0 ]
