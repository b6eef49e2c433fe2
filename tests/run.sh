#!/usr/bin/env bash
# Installs, builds and runs every test; ends with the time of each stage and the count of tests.
#   tests/run.sh            every stage but tidy
#   tests/run.sh STAGE...   these: style dev fuzz release simulation crashes instructions demo status
#                           tsan tidy
set -euo pipefail
cd "$(dirname "$0")/.."

stages=("$@")
[ ${#stages[@]} -gt 0 ] || stages=(style dev fuzz release simulation crashes instructions demo status tsan)
jobs=$(nproc)
# Another folder's build of the same sources finds what was compiled here.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
# Simulations sync thousands of commits: in memory that takes no time.
[ -w /dev/shm ] && export TMPDIR=/dev/shm
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 times=()

# A stage counts as the tests that CTest ran in it; without CTest, as one.
count() {
  local status=$1 result='^[0-9]+% tests passed, ([0-9]+) tests? failed out of ([0-9]+)$' line
  local stage_failed=0 stage_tests=0
  while read -r line; do
    [[ $line =~ $result ]] || continue
    stage_failed=$((stage_failed + BASH_REMATCH[1]))
    stage_tests=$((stage_tests + BASH_REMATCH[2]))
  done <"$log"
  [ "$stage_tests" -gt 0 ] || stage_tests=1
  [ "$status" -eq 0 ] || [ "$stage_failed" -gt 0 ] || stage_failed=1
  failed=$((failed + stage_failed))
  passed=$((passed + stage_tests - stage_failed))
}

run_stage() {
  local begin=$SECONDS status
  echo "== $1"
  set +e
  (set -e; "$1") 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
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

# Everything, with sanitizers; but what takes long or builds, which runs optimised.
dev() {
  build dev
  ctest --preset dev -LE optimised_only
}

# As it is run: the programs, what takes long, and the README.
release() {
  build release --target optimised_tests
  ctest --preset release -L optimised
}

# Worlds out of seeds: most of them as fast as can be, some with sanitizers.
simulation() {
  build release --target simulation
  build/release/bin/simulation --seeds 300
  build dev --target simulation
  build/dev/bin/simulation --seeds 30
}

# The real program, killed again and again.
crashes() {
  build release --target crash_loop
  build/release/bin/crash_loop --rounds 200
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
  ctest --preset tsan -L threaded
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
