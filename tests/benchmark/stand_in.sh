# shellcheck shell=bash
# For the scripts beside this one: the stand-in with a history, and a manifest that reads all of it.
# They are sourced from the project's folder and end the server by `stop_server`.

server=''

# start_server FOLDER RECORDS DAYS: sets `url` and `server`. No quota, and pages as they are, so that
# the server takes no longer than it must.
start_server() {
  : >"$1/server.out"  # what an earlier one said
  export AIKIDO_CLIENT_ID=AIK_CLIENT_benchmark AIKIDO_CLIENT_SECRET=benchmark FAKE_AIKIDO_SECRET=benchmark
  build/release/bin/fake_aikido --client-id "$AIKIDO_CLIENT_ID" --records "$2" --days "$3" \
    --quota 100000000 --no-gzip --control >"$1/server.out" &
  server=$!
  until grep -q '^listening on ' "$1/server.out"; do
    kill -0 "$server" || return 1
    sleep 0.1
  done
  url=$(sed -n 's/^listening on //p' "$1/server.out")
}

stop_server() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  server=''
}

# write_manifest FOLDER DAYS PACE: state and output go to FOLDER/host_sim.
write_manifest() {
  cat >"$1/manifest.yaml" <<YAML
version: 1
state: host_sim/state.db
pipelines:
  - name: aikido
    input:
      plugin: aikido_activity_log
      settings:
        client_id: $AIKIDO_CLIENT_ID
        base_url: $url
        backfill_start_time: $(date -u -d "$2 days ago 1 minute ago" +%FT%TZ)
        requests_per_second: $3
      secrets: {client_secret: {env: AIKIDO_CLIENT_SECRET}}
    output: {type: file, path: host_sim/out.ndjson}
YAML
}
