#!/usr/bin/env bash
# Measures the input beside its peers, and its parts beside the bare library. Leaves the table and
# the picture, which the README shows, in tests/benchmark/results.md and results.svg.
#   tests/benchmark/run.sh              for the seven rounds of the comparison some two minutes
#   ROUNDS=21 tests/benchmark/run.sh    longer
set -euo pipefail
cd "$(dirname "$0")/../.."

here=tests/benchmark
bin=build/release/bin
work=build/benchmark
source tests/benchmark/stand_in.sh
trap stop_server EXIT

install() {
  host_sim/install.sh --benchmarks
  mkdir -p "$work/airbyte"
  cp -u "$here/peers/airbyte/"* "$work/airbyte"
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$work/airbyte"
}

build() {
  cmake --preset release >/dev/null
  cmake --build --preset release -j "$(nproc)" --target benchmarks -- --quiet
}

compare() {
  start_server "$work" 100000 30
  write_manifest "$work" 30 1000000  # a pace that does not bind
  python3 -B "$here/compare.py" "$bin" "$work" "$url" "$server" "$work/comparison.json"
  stop_server
}

# The parts take turns, too.
micro() {
  "$bin/$1" --benchmark_repetitions=15 --benchmark_min_time=0.1 --benchmark_enable_random_interleaving=true \
    --benchmark_report_aggregates_only=true --benchmark_out="$work/$1.json" >/dev/null 2>&1
}

install
build
compare
micro page_benchmark
micro border_benchmark
python3 "$here/report.py" "$work/comparison.json" "$work/page_benchmark.json" \
  "$work/border_benchmark.json" "$here"
"$here/instructions.sh" --keep
