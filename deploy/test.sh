#!/usr/bin/env bash
# deploy/test.sh [--quick]: everything CI runs. --quick: unit, property and tidy only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
quick=
[ "${1:-}" = --quick ] && quick=1
started=$SECONDS
step() { printf '\n== %s (at %d s)\n' "$*" $((SECONDS - started)); }

step "packages"
if [ -n "$quick" ]; then deploy/setup.sh; else deploy/setup.sh --storefront vendure; fi
step "build"
deploy/build.sh release
run() { ctest --test-dir build/release --output-on-failure --no-tests=error "$@"; }

step "format"
git ls-files '*.cpp' '*.hpp' | grep -v /vendor/ | xargs clang-format-19 --dry-run --Werror
step "unit, property and tidy tests"
run -j2 -L 'unit|property|tidy|fuzz-corpus'
if [ -n "$quick" ]; then echo "quick run done in $((SECONDS - started)) s"; exit 0; fi

step "web tools"
npm ci --prefix tests/e2e --no-audit --no-fund --silent
npm ci --prefix tests/label --no-audit --no-fund --silent
step "protocol models, labels, shells, contracts; meanwhile the builds of the later steps"
# These tests mostly wait for timeouts of real processes. The builds take what they leave, in the
# order in which they are needed; each says when it is ready.
mkdir -p build/ready
rm -f build/ready/*
setsid nice -n 19 bash -ec '
  deploy/build.sh sim dockline-sim; touch build/ready/sim
  deploy/build.sh asan shared_tests agent_tests firmware_interfaces_tests; touch build/ready/asan
  deploy/build.sh tsan runtime_tests dockline-server; touch build/ready/tsan
  deploy/build.sh asan server_tests; touch build/ready/asan-server' > build/later-builds.log 2>&1 < /dev/null &
later=$!
# The builds may have ended by themselves; then there is nothing to stop and the exit code stays.
trap 'kill -- "-$later" 2>/dev/null || true' EXIT
# ready NAME [SECONDS]: waits until that build is ready; false when it is not by that second of the run.
ready() {
  until [ -e "build/ready/$1" ]; do
    if ! kill -0 "$later" 2>/dev/null && [ ! -e "build/ready/$1" ]; then
      cat build/later-builds.log >&2
      exit 1
    fi
    [ -z "${2:-}" ] || [ $((SECONDS - started)) -lt "$2" ] || return 1
    sleep 1
  done
}
run -L 'models|label|process|contract'
ready sim
step "the fleet under the simulator"
ctest --test-dir build/sim --output-on-failure --no-tests=error -L sim
step "every benchmark runs"
deploy/bench.sh all --short > build/bench.jsonl
step "pages in a browser"
run -L e2e
step "the whole path, unattended"
deploy/demo.sh --check
step "the channel against a real Vendure"
run -L storefront
step "the whole path with a real Vendure"
deploy/demo.sh --storefront vendure --check
# On a cold compiler cache the sanitizers' builds take longer than all the rest. What is not built by
# then is named and not run: deploy/test.sh again, with the cache that this run left, runs it.
sanitize_until=${DOCKLINE_SANITIZE_UNTIL:-4200}
unreached=
asan() { ctest --test-dir build/asan --output-on-failure --no-tests=error -R "$1"; }
tsan() {
  export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp exitcode=66"
  build/tsan/bin/runtime_tests --gtest_brief=1
  DOCKLINE_BIN=$PWD/build/tsan/bin /usr/bin/python3 tests/contract/api_test.py
}
# sanitizer BUILD WHAT COMMAND...
sanitizer() {
  step "$2"
  if ready "$1" "$sanitize_until"; then "${@:3}"; else unreached+=$'\nNOT RUN, its build was not ready: '$2; fi
}
# All but those of the simulator and its checkers, which would take eight minutes more to compile:
# deploy/build.sh asan tests_tests && build/asan/bin/tests_tests
sanitizer asan "sanitizers on the unit tests of agent, shared code and firmware interfaces" asan '^unit_(shared|agent|firmware_interfaces)$'
sanitizer tsan "thread sanitizer on the shells and the whole server" tsan
sanitizer asan-server "sanitizers on the server's unit tests" asan '^unit_server$'
echo
echo "all of it passed in $((SECONDS - started)) s${unreached:+, but for:$unreached}"
