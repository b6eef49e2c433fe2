#!/usr/bin/env bash
# Runs the demo, and counts again what its summary says, from the output and what was served.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() { echo "demo_check.sh: $*" >&2; cat "$folder/summary" >&2; exit 1; }

# The first number of the summary's line that begins with these words.
said() { sed -n "s/^$1 *\([0-9][0-9]*\).*/\1/p" "$folder/summary"; }

host_sim/demo.sh 6 "$folder" 2> >(tee "$folder/told" >&2) | tee "$folder/printed" | tail -n 5 >"$folder/summary"
cat "$folder/summary"
counted=$(awk 'NR == FNR { served[$0]; next }
  { records++; if (seen[$0]++) repeats++; if (!($0 in served)) strange++ }
  END { for (one in served) if (!(one in seen)) missing++
        print records + 0, missing + 0, repeats + 0, strange + 0 }' \
  "$folder/served.ndjson" "$folder/output.ndjson")
read -r records missing repeats strange <<<"$counted"

[ "$records" -ge 5000 ] || fail "only $records records in the output"
[ "$strange" -eq 0 ] || fail "$strange records were never served"
[ "$missing" -eq 0 ] && [ "$repeats" -eq 0 ] || fail "$missing missing, $repeats repeats"
[ "$(said records) $(said missing) $(said repeats)" = "$records $missing $repeats" ] ||
  fail "the summary is not what is counted: $counted"
[ "$(said 'late arrivals')" -gt 0 ] || fail "no late arrivals"
[ "$(said requests)" -ge $((5000 / 50)) ] || fail "too few requests"
[ "$(wc -l <"$folder/printed")" -gt 5 ] || fail "no live record was shown"
grep -q '"timestamp":"20' "$folder/output.ndjson" && grep -q '"timestamp":[0-9]' "$folder/output.ndjson" ||
  fail "records of one shape alone"
grep -q 'backfill' "$folder/told" || fail "no progress was shown"
