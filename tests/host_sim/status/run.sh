#!/usr/bin/env bash
# What `run --status` serves, as its readers see it: a real run against the stand-in is scraped by a
# real Prometheus with the shipped alert rules, and looked at by a real headless Chromium.
#   tests/host_sim/status/run.sh     leaves build/status/screenshot.png
set -euo pipefail
cd "$(dirname "$0")/../../.."

playwright=1.65.1
bin=build/release/bin
here=tests/host_sim/status
kept=build/status
work=$(mktemp -d)
started=()

cleanup() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

fail() { echo "$here/run.sh: $*" >&2; tail -n 20 "$work"/*.log >&2; exit 1; }

# comes WHAT COMMAND...: again and again until it succeeds, for a minute at most.
comes() {
  local what=$1 until=$((SECONDS + 60))
  shift
  until "$@"; do
    [ $SECONDS -lt $until ] || fail "$what"
    sleep 0.2
  done
}

install_playwright() {
  mkdir -p "$kept"
  grep -q "\"$playwright\"" "$kept/node_modules/playwright-core/package.json" 2>/dev/null ||
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$kept" \
      "playwright-core@$playwright"
}

# One that is well, and one whose secret is wrong.
start_run() {
  export FAKE_AIKIDO_SECRET=right-secret AIKIDO_CLIENT_SECRET=right-secret WRONG_SECRET=wr0ng-secret
  "$bin/fake_aikido" --client-id AIK_CLIENT_demo --records 2000 --days 30 --late-fraction 0.3 \
    --live-per-minute 600 --live-latest 4 --quota 1000000 >"$work/server.log" &
  started+=($!)
  comes "the stand-in did not start" grep -q '^listening on ' "$work/server.log"
  url=$(sed -n 's/^listening on //p' "$work/server.log")
  sed "s|http://127.0.0.1:8377|$url|" manifests/demo.yaml >"$work/demo.yaml"
  cat >>"$work/demo.yaml" <<YAML
  - name: wrong-secret
    input:
      plugin: aikido_activity_log
      settings: {client_id: AIK_CLIENT_demo, base_url: "$url", requests_per_second: 40}
      secrets: {client_secret: {env: WRONG_SECRET}}
    output: {type: file, path: out/wrong.ndjson}
YAML
  "$bin/host_sim" run --status 127.0.0.1:0 "$work/demo.yaml" 2>"$work/host.log" &
  host=$!
  started+=($host)
  comes "the host serves nothing" grep -q 'status on http' "$work/host.log"
  status=$(sed -n 's/.*status on \(http.*\)\/$/\1/p' "$work/host.log")
}

free_port() {
  node -e 's = require("net").createServer().listen(0, "127.0.0.1", () => {
    console.log(s.address().port); s.close(); })'
}

start_prometheus() {
  prometheus=http://127.0.0.1:$(free_port)
  cp manifests/alerts.yaml "$work/alerts.yaml"
  cat >"$work/prometheus.yml" <<YAML
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [alerts.yaml]
scrape_configs:
  - job_name: connector
    static_configs: [{targets: ["${status#http://}"]}]
YAML
  prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/prometheus" \
    --web.listen-address="${prometheus#http://}" >"$work/prometheus.log" 2>&1 &
  started+=($!)
}

fetch() { node -e 'fetch(process.argv[1]).then((answer) => answer.text())
  .then((text) => process.stdout.write(text))' "$1"; }

# The first value of a query; nothing where there is no series.
value() {
  node -e 'fetch(process.argv[1] + "/api/v1/query?query=" + encodeURIComponent(process.argv[2]))
    .then((answer) => answer.json()).then(({data}) => console.log(data.result[0]?.value[1] ?? ""))
    .catch(() => {})' "$prometheus" "$1"
}
above() { awk -v value="$(value "$1")" -v least="$2" 'BEGIN { exit !(value != "" && value + 0 > least) }'; }

check_prometheus() {
  promtool check rules manifests/alerts.yaml >"$work/rules.log" 2>&1 || fail "the alert rules"
  promtool test rules "$here/alerts_test.yaml" >"$work/rules.log" 2>&1 || fail "what the alert rules say"
  fetch "$status/metrics" >"$work/metrics.txt"
  fetch "$status/api/pipelines" >"$work/pipelines.json"
  promtool check metrics <"$work/metrics.txt" >"$work/metrics.log" 2>&1 || fail "the metrics"
  [ ! -s "$work/metrics.log" ] || fail "promtool's remarks on the metrics"
  comes "the host is not up" above 'up{job="connector"}' 0
  local demo='{pipeline="demo"}'
  for series in connector_records_total connector_committed_records_total connector_bytes_total \
    'sum(connector_requests_total{kind="backfill",outcome="ok",pipeline="demo"})' \
    'connector_wait_seconds_total{pipeline="demo",reason="rate_limit"}' \
    connector_late_records_total connector_watermark_timestamp_seconds connector_lag_seconds \
    connector_commit_duration_seconds_count 'rate(connector_records_total{pipeline="demo"}[10s])' \
    'connector_pipeline_state{pipeline="demo",state="running"}' \
    'ALERTS{alertname="ConnectorStopped",alertstate="pending",pipeline="wrong-secret"}'; do
    [[ $series == *[{\(]* ]] || series+=$demo
    comes "Prometheus has no $series above 0" above "$series" 0
  done
  for series in connector_commit_queue connector_repeats_dropped_total connector_greatest_lateness_seconds; do
    [ -n "$(value "$series$demo")" ] || fail "Prometheus has no $series"
  done
  [ -z "$(value 'ALERTS{pipeline="demo"}')" ] || fail "an alert on a pipeline that is well"
}

cmake --preset release >/dev/null
cmake --build --preset release -j "$(nproc)" --target host_sim fake_aikido aikido_activity_log -- --quiet
install_playwright
start_run
start_prometheus
NODE_PATH=$kept/node_modules node "$here/page_test.cjs" "$status" "$kept/screenshot.png" || fail "the page"
check_prometheus
for secret in right-secret wr0ng-secret; do
  ! grep -q "$secret" "$work/metrics.txt" "$work/pipelines.json" || fail "a secret is served"
done
echo "Prometheus: metrics, rules and alerts checked"
