#!/usr/bin/env bash
# deploy/demo.sh [--check] [--storefront vendure] [--data DIR]
# Installs what is missing, builds with visible progress, starts a whole Dockline on loopback.
# Ctrl-C stops everything it started and nothing else; a second start goes on with the data.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
setup=()
case " $* " in *" --storefront vendure "*) setup=(--storefront vendure) ;; esac
deploy/setup.sh "${setup[@]}"
deploy/build.sh release dockline-server dockline-agent dockline
[ -d tests/label/node_modules ] || npm ci --prefix tests/label --no-audit --no-fund --silent
exec python3 deploy/demo/demo.py "$@"
