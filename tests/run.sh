#!/usr/bin/env bash
# Installs, builds and runs every test; ends with the time of each stage and the count of tests.
#   tests/run.sh            every stage but tidy
#   tests/run.sh STAGE...   these: style dev fuzz release simulation crashes many instructions demo
#                           status tsan tidy
set -euo pipefail
cd "$(dirname "$0")/.."

stages=("$@")
[ ${#stages[@]} -gt 0 ] || stages=(style dev fuzz release simulation crashes many instructions demo status tsan)
jobs=$(nproc)
# Another folder's build of the same sources finds what was compiled here.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
# Simulations sync thousands of commits: in memory that takes no time.
[ -w /dev/shm ] && export TMPDIR=/dev/shm
results=$(mktemp)
trap 'rm -f "$results"' EXIT
passed=0 failed=0 times=()

# Adds up what came of the cases of each program that CTest ran in a stage; a stage without CTest
# counts as one, and so does a program that does not say.
count() {
  local status=$1 stage_passed stage_failed
  read -r stage_passed stage_failed < <(awk '
    /^\[  PASSED  \] [0-9]+ test/ { passed += $4; said = 1 }
    /^\[  FAILED  \] [0-9]+ test/ { failed += $4; said = 1 }
    /^Test Passed\.$/ { passed += !said; said = 0 }
    /^Test Failed\.$/ { failed += !said; said = 0 }
    END { print passed + 0, failed + 0 }' "$results")
  [ "$status" -eq 0 ] || [ "$stage_failed" -gt 0 ] || stage_failed=1
  [ $((stage_passed + stage_failed)) -gt 0 ] || stage_passed=1
  passed=$((passed + stage_passed))
  failed=$((failed + stage_failed))
}

run_stage() {
  local begin=$SECONDS status
  echo "== $1"
  : >"$results"
  set +e
  (set -e; "$1") 2>&1
  status=$?
  set -e
  count "$status"
  times+=("$(printf '%-12s %5d s  %s' "$1" $((SECONDS - begin)) "$([ "$status" = 0 ] || echo FAILED)")")
}

sources() { find "${@:-.}" -path ./build -prune -o -name '*.[ch]' -print -o -name '*.[ch]pp' -print; }

style() { sources | xargs clang-format --dry-run --Werror; }

build() {
  cmake --preset "$1" >/dev/null
  cmake --build --preset "$1" -j "$jobs" "${@:2}" -- --quiet
}

# run_tests PRESET CTEST_ARGUMENTS...
run_tests() {
  local status=0
  ctest --preset "$1" "${@:2}" || status=$?
  cat "build/$1/Testing/Temporary/LastTest.log" >>"$results"
  return "$status"
}

# Everything, with sanitizers; but what takes long or builds, which runs optimised.
dev() {
  build dev
  run_tests dev
}

# As it is run: the programs, what takes long, and the README.
release() {
  build release --target optimised_tests
  run_tests release -L optimised
}

# Worlds out of seeds: most of them as fast as can be, some with sanitizers.
simulation() {
  build release --target simulation
  build/release/bin/simulation --seeds 300
  build dev --target simulation
  ASAN_OPTIONS=quarantine_size_mb=16 build/dev/bin/simulation --seeds 30
}

# The real program, killed again and again.
crashes() {
  build release --target crash_loop
  build/release/bin/crash_loop --rounds 200
}

# A thousand pipelines in one host, with two hundred more that hang, fail or flood. How late they are
# depends on who else uses the machine.
many() {
  build release --target many_pipelines
  build/release/bin/many_pipelines --pipelines 1000 --troubled 200 --poll 10 --seconds 22 --busy 5
}

# What a record costs, beside what it cost when that was last kept.
instructions() {
  build release --target host_sim fake_aikido aikido_activity_log
  tests/benchmark/instructions.sh
}

# Ten seconds of each fuzzer; tests/fuzz/run.sh takes more.
fuzz() { tests/fuzz/run.sh; }

# The README's first command, and its summary counted again.
demo() { tests/readme/demo_check.sh; }

# The status of a run, seen by a real Prometheus and a real browser.
status() { tests/host_sim/status/run.sh; }

# Whatever has more than one thread to get wrong.
tsan() {
  build tsan --target threaded_tests
  run_tests tsan -L threaded
}

# By a list of the single sources, whatever the builds put together.
tidy() {
  cmake --preset dev -B build/tidy -DCMAKE_UNITY_BUILD=OFF >/dev/null
  sources plugin_api plugins host_sim | grep 'cpp$' |
    xargs -P "$jobs" -n 8 clang-tidy -p build/tidy --quiet \
      --extra-arg=-Wno-unknown-warning-option
}

host_sim/install.sh --checks
for stage in "${stages[@]}"; do run_stage "$stage"; done
printf '%s\n' '== time of each stage' "${times[@]}"
echo "== $passed passed, $failed failed"
[ "$failed" -eq 0 ]
