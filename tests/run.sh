#!/usr/bin/env bash
# Installs, builds and runs every test, and prints how long each stage took.
#   tests/run.sh            style dev fuzz release tsan
#   tests/run.sh STAGE...   these, or tidy (clang-tidy, some minutes more)
set -euo pipefail
cd "$(dirname "$0")/.."

stages=("$@")
[ ${#stages[@]} -gt 0 ] || stages=(style dev fuzz release tsan)
jobs=$(nproc)
# Simulations sync thousands of commits: in memory that takes no time.
[ -w /dev/shm ] && export TMPDIR=/dev/shm
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

build() {
  configure "$1"
  cmake --build --preset "$1" -j "$jobs" "${@:2}" -- --quiet
}

# Everything, with sanitizers; but the long simulations, which run optimised.
dev() {
  build dev
  ctest --preset dev -E '^(end_to_end_test\.Delay|collector_delay_test)'
  build/dev/bin/simulation --seeds 30
}

# Ten seconds of each fuzzer; tests/fuzz/run.sh takes more.
fuzz() { tests/fuzz/run.sh; }

# As it is run: the programs, and all that takes long.
release() {
  build release --target host_sim fake_aikido plugin_judge end_to_end_test collector_tests simulation \
    crash_loop
  ctest --preset release -R '^(end_to_end_test|collector_[a-z]+_test)\.'
  build/release/bin/simulation --seeds 300
  build/release/bin/crash_loop --rounds 60
}

# Only the tests that have more than one thread to get wrong.
tsan() {
  build tsan --target threaded_tests
  ctest --preset tsan -R '^(support_test|plugin_api_test|host_parts_test|host_engine_test)\.'
}

tidy() {
  configure dev
  git ls-files 'plugin_api/*.cpp' 'plugins/*.cpp' 'host_sim/*.cpp' |
    xargs -P "$jobs" -n 4 clang-tidy -p build/dev --quiet --extra-arg=-Wno-unknown-warning-option
}

run_stage install
for stage in "${stages[@]}"; do run_stage "$stage"; done
printf '%s\n' "== all passed" "${times[@]}"
