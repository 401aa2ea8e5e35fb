#!/usr/bin/env bash
# Installs every Debian package that building, testing and the demo need, on a fresh Debian 12.
# apt only, safe to call again (fast when nothing is missing), through sudo when not root.
#   deploy/setup.sh [--storefront vendure]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
storefront=
while [ $# -gt 0 ]; do
  case $1 in
    --storefront) storefront=${2:?--storefront needs a name}; shift 2 ;;
    *) echo "usage: deploy/setup.sh [--storefront NAME]" >&2; exit 2 ;;
  esac
done

mapfile -t packages < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' deploy/packages.txt | tr -d ' ')
if [ -n "$storefront" ]; then packages+=(postgresql); fi

missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null | grep -q '^ii' || missing+=("$p")
done
# Node: Debian's own is fine; one already on the PATH (20 or newer) is kept.
node_major=$( (node --version 2>/dev/null || echo v0) | sed 's/^v\([0-9]*\).*/\1/')
if [ "$node_major" -lt 18 ]; then missing+=(nodejs npm); fi
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: everything is installed"
  exit 0
fi

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
  echo "setup: root rights are needed for: apt-get install ${missing[*]}" >&2
  echo "setup: run this as root, or install sudo" >&2
  exit 1
fi
echo "setup: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
as_root apt-get update -qq
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  "${missing[@]}" >/dev/null
# Debian starts its own broker and database at once; Dockline runs its own, on its own ports.
for unit in mosquitto postgresql; do
  case " ${missing[*]} " in *" $unit "*)
    as_root systemctl disable --now "$unit" >/dev/null 2>&1 || as_root service "$unit" stop >/dev/null 2>&1 ||
      echo "setup: $unit has no running service to stop" ;;
  esac
done
echo "setup: done"
