#!/usr/bin/env bash
# Installs, builds and runs every test, and prints how long each stage took.
#   tests/run.sh            all stages
#   tests/run.sh STAGE...   some of: style dev tsan release tidy
set -euo pipefail
cd "$(dirname "$0")/.."

stages=("$@")
[ ${#stages[@]} -gt 0 ] || stages=(style dev tsan release tidy)
jobs=$(nproc)
times=()

run_stage() {
  local begin=$SECONDS
  echo "== $1"
  "$1"
  times+=("$(printf '%-10s %4d s' "$1" $((SECONDS - begin)))")
}

install() { host_sim/install.sh --checks; }

sources() { git ls-files '*.c' '*.h' '*.cpp' '*.hpp'; }

style() { sources | xargs clang-format --dry-run --Werror; }

configure() {
  if command -v ccache >/dev/null; then
    export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
  cmake --preset "$1" >/dev/null
}

build_and_test() {
  local preset=$1
  shift
  configure "$preset"
  cmake --build --preset "$preset" -j "$jobs"
  ctest --preset "$preset" "$@"
}

dev() { build_and_test dev; }
release() { build_and_test release; }

# Only the tests that have more than one thread to get wrong.
tsan() {
  configure tsan
  cmake --build --preset tsan -j "$jobs" --target threaded_tests
  ctest --preset tsan -L threaded
}

tidy() {
  configure dev
  git ls-files 'plugin_api/*.cpp' 'plugins/*.cpp' 'host_sim/*.cpp' |
    xargs -P "$jobs" -n 4 clang-tidy -p build/dev --quiet --extra-arg=-Wno-unknown-warning-option
}

run_stage install
for stage in "${stages[@]}"; do run_stage "$stage"; done
printf '%s\n' "== all passed" "${times[@]}"
