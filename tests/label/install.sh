#!/bin/sh
# Installs the foreign renderers and decoders from the lock file, once.
cd "$(dirname -- "$0")" || exit 2
[ -e node_modules/.complete ] && [ node_modules/.complete -nt package-lock.json ] && exit 0
npm ci --no-audit --no-fund --loglevel=error || { echo "npm ci failed: is node 18 or newer there, and a registry reachable?" >&2; exit 2; }
touch node_modules/.complete
