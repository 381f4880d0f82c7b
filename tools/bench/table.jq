# table.jq - from a result of tools/bench/run to a table for people:
#   jq -r -f table.jq RESULT

def fixed($digits):
  (pow(10; $digits)) as $p | (. * $p | round) as $n
  | if $digits == 0 then $n | tostring
    else (if $n < 0 then "-" else "" end)
      + ($n | fabs / $p | floor | tostring) + "."
      + ("00000" + ($n | fabs % $p | tostring))[-$digits:] end;

def pad($n): . + (" " * ($n - length) // "");
def lead($n): ((" " * ($n - length)) // "") + .;

# ours/peer; a change of memory that other programs have caused may be below
# nothing, and has none.
def ratio($ours): if . == null or $ours == null or . <= 0 or $ours <= 0 then ""
  else " (" + ($ours / . | fixed(2)) + ")" end;

def shown($row; $ours; $name):
  if . == null then "-"
  elif .median != null then
    (.median | fixed($row.digits))
    + (if .lost > 0 then "!" else "" end)
    + (if .was_limit > 0 then "+" else "" end)
    + (if $name == "chatd" then "" else .median | ratio($ours) end)
  elif .lost > 0 then "(loses)"
  else "-" end;

# Ours to the best of the peers.
def best($row): [.servers | to_entries[] | select(.key != "chatd")
    | .value.median | select(. != null and . > 0)]
  | if length == 0 then null
    elif $row.more_is_better then max else min end;

.servers as $names
| (["cell", "unit"] + $names + ["ours/best"]),
  (.rows[] | . as $row | .servers.chatd.median as $ours
   | [.cell, .unit]
     + [$names[] as $n | $row.servers[$n] | shown($row; $ours; $n)]
     + [best($row) | ratio($ours) | ltrimstr(" (") | rtrimstr(")")])
| [.[0] | pad(20)] + [.[1] | pad(28)] + (.[2:] | map(lead(15)))
| join(" ") | sub(" +$"; "")
