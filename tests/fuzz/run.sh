#!/usr/bin/env bash
# Builds the fuzzers and runs them, three at a time.
#   tests/fuzz/run.sh [SECONDS [NAME...]]     10 seconds each; all, or those named
# What they learn is kept in build/fuzz/corpus/NAME, what they find in build/fuzz/findings. Fails
# on any finding, and prints the command that replays it.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-10}
names=("${@:2}")
programs=build/dev/bin
build=build/fuzz
here=tests/fuzz

# NAME LONGEST DICTIONARY [SEEDS...]: the input's greatest size in bytes, and what to begin with
# beside tests/fuzz/corpus/NAME.
fuzzers="
activity_page      4096  json
answer             8192  http
checkpoint         2048  -     $build/seeds/checkpoint
http_date          64    http
manifest           4096  manifest tests/host_sim/manifests
plugin_batch       1024  -
plugin_description 4096  schema
plugin_error       1024  -
record_time        64    -
settings           2048  settings
state_export       4096  state
token              1024  json
vendor_words       1024  json
"

compile() {
  if command -v ccache >/dev/null; then
    export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
  cmake --preset dev >/dev/null
  cmake --build --preset dev --target fuzzers -j "$(nproc)" -- --quiet
}

# The golden checkpoint stands in the tests as hexadecimal digits.
make_seeds() {
  local pair
  mkdir -p "$build/seeds/checkpoint" "$build/findings"
  for pair in $(cat tests/aikido_activity_log/checkpoint_v1.hex); do
    printf "\\x$pair"
  done >"$build/seeds/checkpoint/v1"
}

# field NAME NUMBER: of the table above.
field() { awk -v name="$1" -v number="$2" '$1 == name { print $number }' <<<"$fuzzers"; }
seeds() { awk -v name="$1" '$1 == name { for (i = 4; i <= NF; i++) print $i }' <<<"$fuzzers"; }

# statistic LOG NAME: as libFuzzer prints it at the end.
statistic() { awk -v name="stat::$2:" '$1 == name { print $2 }' "$1"; }

report() {
  local name=$1 log=$2 last
  last=$(grep -E '^#[0-9]+.*cov:' "$log" | tail -1 || true)
  printf '%-18s %10s runs %8s/s  cov %5s  ft %6s  corpus %s\n' "$name" \
    "$(statistic "$log" number_of_executed_units)" "$(statistic "$log" average_exec_per_sec)" \
    "$(sed -E 's/.*cov: ([0-9]+).*/\1/' <<<"$last")" \
    "$(sed -E 's/.* ft: ([0-9]+).*/\1/' <<<"$last")" \
    "$(sed -E 's/.*corp: ([^ ]+).*/\1/' <<<"$last")"
}

found() {
  local name=$1 log=$2 input
  echo "$name: FOUND SOMETHING"
  grep -E 'broken law|ERROR:|runtime error|SUMMARY|ALARM' "$log" | sort -u | head -5 || true
  input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -1)
  echo "  replay: $programs/${name}_fuzz ${input:-(no input was kept; see $log)}"
}

# Runs one, and prints its line at once.
fuzz() {
  local name=$1 log=$build/findings/$1.log status=0
  local -a arguments=("$build/corpus/$name")
  mkdir -p "${arguments[0]}"
  [ -d "$here/corpus/$name" ] && arguments+=("$here/corpus/$name")
  mapfile -t -O "${#arguments[@]}" arguments < <(seeds "$name")
  local dictionary
  dictionary=$(field "$name" 3)
  [ "$dictionary" = - ] || arguments+=("-dict=$here/dictionaries/$dictionary.dict")
  # A reader that clears the room of the largest manifest for each input leaves some 75 a second.
  [ "$name" != manifest ] || arguments+=(-malloc_limit_mb=2)
  "$programs/${name}_fuzz" "${arguments[@]}" -max_len="$(field "$name" 2)" \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$build/findings/$name-" >"$log" 2>&1 || status=$?
  if [ "$status" -eq 0 ]; then report "$name" "$log"; else found "$name" "$log"; fi
  return "$status"
}

compile
make_seeds
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(awk 'NF { print $1 }' <<<"$fuzzers")
export UBSAN_OPTIONS=print_stacktrace=1
export seconds programs build here fuzzers
export -f fuzz field seeds statistic report found
printf '%s\n' "${names[@]}" | xargs -P 3 -I{} bash -euo pipefail -c 'fuzz {}'
