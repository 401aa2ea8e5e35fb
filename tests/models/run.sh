#!/bin/sh
# run.sh [--quick]: every model and every mutation (--quick: the rows of a second or two).
# Needs Debian's spin and gcc. Exit status 0 only if all rows are as expected.
# Provenance: Dockline's own protocol study; it models shared/sync/PROTOCOL.md.
# Mode safe: assertions and dead ends. Mode live: from the moment faults end, rest is always reached.
here=$(cd "$(dirname "$0")" && pwd); fail=0; quick=; [ "${1:-}" = --quick ] && quick=1; t0=$(date +%s); tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
printf '%-24s %-5s %-8s %-8s %10s %8s\n' name mode expected result states seconds
slow() { [ -n "$quick" ] || row "$@"; }
row() { # name mode expected model options
  name=$1; mode=$2; want=$3; model=$4; shift 4; d="$tmp/$name-$mode"; mkdir -p "$d"; cd "$d" || exit 1
  if [ "$mode" = live ]; then cc=""; arg="-a"; else cc="-DSAFETY -DNOCLAIM"; arg=""; fi
  spin -a "$@" "$here/$model.pml" >spin.out 2>&1 && gcc -w -O2 $cc -DCOLLAPSE -DMEMLIM=6000 -o pan pan.c >gcc.out 2>&1 &&
    timeout 300 ./pan $arg -m1000000 -w24 >pan.out 2>&1
  if ! grep -q 'errors: ' pan.out 2>/dev/null || grep -Eq 'max search depth too small|memory' pan.out && ! grep -q '^State-vector' pan.out; then got=broken
  elif grep -q 'max search depth too small' pan.out; then got=partial
  elif grep -q 'errors: 0' pan.out; then got=holds; else got=fails; fi
  st=$(awk '/states, stored/{print $1; exit}' pan.out 2>/dev/null); se=$(awk '/elapsed time/{print $4; exit}' pan.out 2>/dev/null)
  mark=; [ "$got" = "$want" ] || { fail=1; mark=' MISMATCH'; }
  printf '%-24s %-5s %-8s %-8s %10s %8s%s\n' "$name" "$mode" "$want" "$got" "${st:--}" "${se:--}" "$mark"; rm -rf "$d"; }

NETBAK="-DNF=3 -DNET=2 -DIMG=0 -DOLD=0"; IMAGE="-DNF=3 -DNET=1 -DBAK=0 -DOLD=0"; OLDB="-DNF=3 -DNET=1 -DBAK=0 -DIMG=0"
ALL="-DNF=2 -DNET=1 -DCRASH=0"; NOB="-DNF=3 -DNET=2 -DIMG=0 -DBAK=0 -DOLD=0 -DNOBACKUP"; DIS="-DNF=2 -DNET=0 -DCRASH=1"
slow stream-backup      safe holds stream $NETBAK
slow stream-image       safe holds stream $IMAGE
slow stream-oldbackup   safe holds stream $OLDB
slow stream-all         safe holds stream $ALL
row  stream-nobackup    safe holds stream $NOB
row  stream-backup      live holds stream -DNF=2 -DNET=1 -DCRASH=1 -DIMG=0 -DOLD=0
slow stream-image       live holds stream -DNF=2 -DNET=1 -DCRASH=1 -DBAK=0 -DOLD=0
slow stream-disasters   live holds stream $DIS
slow lease              safe holds lease
slow lease              live holds lease
slow clone              safe holds clone
slow clone              live holds clone -DRESTART=0
slow snapshot           safe holds snapshot
slow snapshot           live holds snapshot
row  m-ack-before-commit     safe fails stream -DM_ACK_EARLY $NOB
row  m-trim-on-broker-ack    safe fails stream -DM_TRIM_BROKER $NETBAK
row  m-trim-on-ack-no-backup safe fails stream -DM_TRIM_ACKED $NETBAK
row  m-no-new-incarnation    safe fails stream -DM_NO_FORK -DNF=2 -DNET=0 -DBAK=0 -DOLD=0
slow m-no-hash-check         safe fails stream -DM_NO_HASH $IMAGE
slow m-no-id-dedupe          safe fails stream -DM_NO_ID $IMAGE
slow m-fork-unacked-only     safe fails stream -DM_FORK_UNACKED $IMAGE
row  m-window-not-reset      safe fails stream -DM_WINDOW $NETBAK
slow m-no-idle-probe         safe fails stream -DM_NO_PROBE $NETBAK
row  m-receiver-skips-gap    safe fails stream -DM_SKIP $NETBAK
slow m-gap-not-reported      safe fails stream -DM_NO_GAP $OLDB
slow m-no-gone-list          safe fails stream -DM_NO_GONE $ALL
slow m-jump-before-reopen    live fails stream -DM_JUMP_LOOP $DIS
slow m-regrant-before-return safe fails lease -DM_REGRANT
slow m-no-fence              safe fails lease -DM_NO_FENCE
slow m-no-hold-after-restore safe fails lease -DM_NO_HOLD
slow m-epoch-reused          safe fails lease -DM_EPOCH
slow m-old-down-accepted     safe fails lease -DM_LATE
slow m-no-boot-order         live fails clone -DM_NO_BOOT
slow m-fenced-just-stops     safe fails clone -DM_FENCED_WAITS
slow m-work-moves-by-itself  safe fails clone -DM_AUTO_WORK
slow m-snapshot-not-one-cut  safe fails snapshot -DM_CUT
slow m-swap-in-two-commits   safe fails snapshot -DM_SWAP
slow m-parts-of-two-mixed    safe fails snapshot -DM_MIX
slow m-old-snapshot-repeated live fails snapshot -DM_STALE_SNAP
slow redundant-ack-session   safe holds stream -DM_STALE_ACK $OLDB
slow redundant-lower-ack     safe holds stream -DM_LOWER $NETBAK
slow redundant-ask-on-timer  safe holds stream -DM_NO_REOPEN $NETBAK
echo "total $(( $(date +%s) - t0 )) s, $([ $fail = 0 ] && echo 'all as expected' || echo MISMATCH)"
exit $fail
