#!/usr/bin/env bash
# What stays bounded, however much there is and however long it goes on: memory, state, the time of
# a start, and requests. Leaves its tables in tests/benchmark/bounds.md.
#   tests/benchmark/bounds.sh           everything: a quarter of an hour, half of it the year
#   tests/benchmark/bounds.sh PART...   prints these alone: memory long_runs start requests
set -euo pipefail
cd "$(dirname "$0")/../.."

here=tests/benchmark
bin=build/release/bin
work=build/bounds
source tests/benchmark/stand_in.sh
trap stop_server EXIT
# Simulations sync each commit: in memory that takes no time.
[ -w /dev/shm ] && export TMPDIR=/dev/shm

build() {
  host_sim/install.sh --benchmarks
  cmake --preset release >/dev/null
  cmake --build --preset release -j "$(nproc)" --target bounds -- --quiet
}

# Five million, of which some hundred thousand are of the last thirty days.
memory() {
  cat <<'MD'

## Memory, whatever the history

The real programs, unpaced over loopback into a file on disk; the same stand-in for both, the same density of records. Resident: the highest
ever, as the system knows it. Its own: the highest seen, at looks every two milliseconds, of which a long run has more.

MD
  start_server "$work" 5000000 1500
  local days
  for days in 30 1500; do
    write_manifest "$work" "$days" 1000000
    mv "$work/manifest.yaml" "$work/$([ "$days" = 30 ] && echo few || echo many).yaml"
  done
  python3 -B "$here/bounds_memory.py" "$bin" "$work"
  stop_server
  rm -rf "$work/host_sim"
}

long_runs() {
  cat <<'MD'

## State and memory, however long it runs

The real host, plugin and stand-in on simulated time, at the defaults (0.3 requests a second, a poll each minute), half of the records up to an
hour late, every one of them delivered once. The largest ever seen: checkpoint, database with its log, and what the process had grown by since
before the first run, within the first six hours and in all. The stand-in's own index of the records is in it: four bytes each, and as many again
for a moment whenever it grows.

| at a steady rate | records | requests | checkpoint KiB | database + log KiB | grown by MiB, first hours | in all |
|---|--:|--:|--:|--:|--:|--:|
MD
  "$bin/long_run" --days 365 --per-minute 1
  "$bin/long_run" --days 7 --per-minute 80
  "$bin/long_run" --days 1 --per-minute 200
}

start() {
  cat <<'MD'

## Start with the largest checkpoint

Read from the state (opened and checked, its digest compared), and taken over by the plugin's `configure`, after which it is ready. A checkpoint
holds at most 4 MiB, 500,000 ids and 8 MiB of their text: each row is as large as ids of its kind make it. The last one is what the default pace
brings within the late window, 81,000 at most. Medians of nine runs.

| | MiB | ids | ms |
|---|--:|--:|--:|
MD
  "$bin/start_benchmark" --benchmark_repetitions=9 --benchmark_report_aggregates_only=true \
    --benchmark_format=csv 2>/dev/null | tr -d '"' | awk -F, '
      /_median,/ { sub("_median", "", $1); sub("/", ": ", $1); gsub("_", " ", $1)
        printf "| %s | %.2f | %d | %.1f |\n", $1, $(NF - 1) / 1048576, $NF, $3 }'
}

requests() {
  cat <<'MD'

## Requests for the same history

This input measured, tokens and live sweeps included, by the real parts on simulated time at the default pace; the others computed.
MD
  "$bin/requests_compared"
  cat <<'MD'

How the others page, from their sources (November 2026), for a vendor like this one:

- **Grove** (`grove/connectors/__init__.py`, and the OAuth connectors beside it): each run makes a client, which asks for a token, and lists from
  the time of the newest record on, so that this one comes again, to the last page. A poll takes `1 + pages(n)`, where n counts the records since
  the newest one, itself included; `pages(n)` is `max(1, ⌈n/50⌉)` with a header, else `⌈n/50⌉ + 1`. What surfaces behind the newest record is lost;
  with a `delay` of 90 minutes, which some connectors have, it is not, at the same number of requests, and every record comes 90 minutes late.
- **Airbyte** (low-code CDK: `DatetimeBasedCursor`, `PageIncrement`): each sync is a process, which asks for a token, and reads slices of `step`
  from the newest record's time less the `lookback_window` on, each until a page is not full: `1 + Σ (⌊n/50⌋ + 1)` over the slices. With a lookback of
  90 minutes nothing late is lost, and all of it comes again at each sync: repeats are the destination's to drop. A position is kept at the end of
  a slice, so a crash costs all pages of the slice again; with this input, at the default pace, it costs none.
- Both are given the best: every record is visible at its time, nothing fails, they hold the pace (Grove has none), and in a backfill a token
  is renewed each hour. A day at the pace has 25,920 slots.
MD
}

all() {
  cat <<MD
# What stays bounded

\`tests/benchmark/bounds.sh\` writes this: $(date -u +%F), $(nproc) cores.
MD
  memory
  long_runs
  start
  requests
}

build >&2
mkdir -p "$work"
if [ $# -gt 0 ]; then
  for part in "$@"; do "$part"; done
else
  all >"$work/bounds.md"
  mv "$work/bounds.md" "$here/bounds.md"
  cat "$here/bounds.md"
fi
