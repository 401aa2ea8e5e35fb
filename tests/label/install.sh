#!/bin/sh
# Installs the foreign renderers and decoders from the lock file, once.
cd "$(dirname -- "$0")" || exit 2
[ node_modules/.package-lock.json -nt package-lock.json ] && exit 0  # npm writes it last
npm ci --no-audit --no-fund --loglevel=error || { echo "npm ci failed: is node 18 or newer there, and a registry reachable?" >&2; exit 2; }
