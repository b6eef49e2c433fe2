#!/usr/bin/env bash
# Installs what apt lacks, builds, and shows the Aikido input at work against the stand-in: a month
# of an organisation's activity is backfilled, live and late events are followed for some seconds,
# and the output is compared with what the stand-in served.
#   host_sim/demo.sh [SECONDS [FOLDER]]
#     follows live events for so long (default 8); leaves what came and what was served in FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."

follow_s=${1:-8}
keep=${2:-}
records=5000
bin=build/release/bin
work=$(mktemp -d)
server='' host=''

cleanup() {
  for pid in $host $server; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

say() { printf '\n\033[1m%s\033[0m\n' "$*" >&2; }

build() {
  say "1/4  Install and build"
  host_sim/install.sh
  cmake --preset release >"$work/configure.log" || { cat "$work/configure.log" >&2; exit 1; }
  cmake --build --preset release -j "$(nproc)" --target host_sim fake_aikido aikido_activity_log >&2
}

start_server() {
  export AIKIDO_CLIENT_SECRET FAKE_AIKIDO_SECRET
  AIKIDO_CLIENT_SECRET=$(head -c 24 /dev/urandom | base64 | tr -d '+/=')
  FAKE_AIKIDO_SECRET=$AIKIDO_CLIENT_SECRET
  "$bin/fake_aikido" --client-id AIK_CLIENT_demo --records $records --days 30 --shape mixed \
    --late-fraction 0.1 --live-per-minute 240 --live-for "$((follow_s + 4))" --quota 1000000 \
    --report "$work/report.json" --dump "$work/served.ndjson" >"$work/server.out" &
  server=$!
  for _ in $(seq 100); do
    url=$(sed -n 's/^listening on //p' "$work/server.out")
    [ -n "$url" ] && break
    sleep 0.1
  done
  [ -n "$url" ] || { echo "demo.sh: the stand-in did not start" >&2; exit 1; }
  sed "s|http://127.0.0.1:8377|$url|" manifests/demo.yaml >"$work/demo.yaml"
}

run_host() {
  "$bin/host_sim" run "$work/demo.yaml" &
  host=$!
  until [ "$(lines "$output")" -ge $records ]; do
    kill -0 $host 2>/dev/null || { wait $host; exit 1; }
    sleep 0.2
  done
}

lines() { [ -f "$1" ] && wc -l <"$1" || echo 0; }

follow() {
  # On a terminal the host's progress line stands where the next record goes: it gives way.
  local wipe=''
  [ -t 2 ] && wipe=$(printf '\r\033[K')
  tail -n 0 --pid=$host -f "$output" | stdbuf -oL cut -c -110 | sed -u "s/^/$wipe/" &
  sleep "$follow_s"
  sleep 8  # the last events are late ones: let them surface and be fetched
  kill -INT $host && wait $host
  host=''
  kill -INT $server && wait $server || true
  server=''
}

number() { grep -o "\"$1\": *[0-9]*" "$work/report.json" | grep -o '[0-9]*$'; }

summary() {
  [ -z "$keep" ] || { cp "$output" "$keep/output.ndjson" && cp "$work/served.ndjson" "$keep/"; }
  sort "$output" >"$work/got"
  sort "$work/served.ndjson" >"$work/want"
  local missing repeats
  missing=$(comm -13 <(uniq "$work/got") "$work/want" | wc -l)
  repeats=$(uniq -d "$work/got" | wc -l)
  printf '%-22s %8d   served by the stand-in: %d\n' records "$(lines "$output")" "$(number records)"
  printf '%-22s %8d\n%-22s %8d\n' missing "$missing" repeats "$repeats"
  printf '%-22s %8d   surfaced after their time, while the host was running\n' 'late arrivals' \
    "$(number late_since_first_request)"
  printf '%-22s %8d   the least possible for the backfill: %d\n' 'requests' \
    "$(number requests)" "$(number least_backfill_requests)"
  [ "$missing" -eq 0 ] && [ "$repeats" -eq 0 ]
}

build
output=$work/out/demo.ndjson
say "2/4  Backfill of $records records over a month (the pace is raised to 40 requests a second for
     the demo alone; Aikido itself allows 0.3)"
start_server
run_host
say "3/4  Live and late events, for $follow_s seconds"
follow
say "4/4  Summary, from the output and the stand-in's own count"
summary
