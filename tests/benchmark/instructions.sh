#!/usr/bin/env bash
# Instructions per record on the whole path, from the answer on the socket to the committed file, by
# library: callgrind counts a run over 10,000 records and one over none, so that the start is not in
# it. The pace leaves each page a commit of its own, as in real life, so that unlike a time the count
# hardly depends on what else runs.
#   tests/benchmark/instructions.sh           beside the figures that are kept in instructions.txt
#   tests/benchmark/instructions.sh --keep    and keeps the new ones
set -euo pipefail
cd "$(dirname "$0")/../.."

records=10000
kept=tests/benchmark/instructions.txt
work=$(mktemp -d)
source tests/benchmark/stand_in.sh
trap 'stop_server; rm -rf "$work"' EXIT

# count RECORDS: lines of "library instructions".
count() {
  start_server "$work" "$1" 3
  write_manifest "$work" 3 30
  rm -rf "$work/host_sim"
  mkdir -m 700 "$work/host_sim"
  valgrind -q --tool=callgrind --callgrind-out-file="$work/callgrind.out" \
    build/release/bin/host_sim run --once --log-level error "$work/manifest.yaml"
  stop_server
  [ "$(wc -l <"$work/host_sim/out.ndjson")" -eq "$1" ] || { echo "not $1 records" >&2; exit 1; }
  callgrind_annotate --threshold=100 "$work/callgrind.out" | by_library
}

# The annotation names the object of each function in brackets, but for parts of the C library.
by_library() {
  awk '$1 ~ /^[0-9,]+$/ && /%\)/ && !/PROGRAM TOTALS/ {
    gsub(",", "", $1)
    name = "libc"
    if (match($0, /\[[^]]*\]$/)) {
      name = substr($0, RSTART + 1, RLENGTH - 2)
      sub(/.*\//, "", name)
      sub(/\.so.*/, "", name)
    }
    sum[name] += $1
  }
  END { for (name in sum) print name, sum[name] }'
}

per_record() {
  awk -v records=$records '
    NR == FNR { start[$1] = $2; next }
    { each = ($2 - start[$1]) / records; total += each; if (each >= 10) printf "%s %.0f\n", $1, each }
    END { printf "all %.0f\n", total }' "$work/none" "$work/some" | sort -k2,2nr
}

beside_kept() {
  printf '%-22s %8s %8s\n' 'instructions a record' kept now
  awk 'NR == FNR { if (!/^#/) kept[$1] = $2; next }
    { printf "%-22s %8s %8d  %s\n", $1, kept[$1], $2, kept[$1] ? sprintf("%.3f", $2 / kept[$1]) : "new" }
    ' "$kept" "$work/now"
}

count 0 >"$work/none"
count $records >"$work/some"
per_record >"$work/now"
[ -f "$kept" ] || echo '# tests/benchmark/instructions.sh --keep writes this' >"$kept"
beside_kept
[ "${1:-}" != --keep ] || { echo '# tests/benchmark/instructions.sh --keep writes this'; cat "$work/now"; } >"$kept"
