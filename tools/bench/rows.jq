# rows.jq - from the runs, one JSON object each, to rows of medians:
#   jq -s -f rows.jq RUNS
# A run has cell, server, status (of chat-bench) and report (null without one).

def median: sort | if length == 0 then null
  elif length % 2 == 1 then .[length / 2 | floor]
  else (.[length / 2 - 1] + .[length / 2]) / 2 end;

# Which figures of a scenario make rows: key, factor, words, digits, and whether
# more is better.
def figures:
  if .scenario == "throughput" then
    [["deliveries_per_s", 1e-6, "million deliveries/s", 2, true]]
  elif .scenario == "latency" then
    [["latency_ms_p50", 1, "ms p50", 2, false],
     ["latency_ms_p99", 1, "ms p99", 2, false],
     ["server_cpu_us_per_delivery", 1, "us CPU a delivery", 1, false]]
  elif .scenario == "private" and .clients == 2 then
    [["round_trip_us_p50", 1, "us round trip p50", 0, false],
     ["round_trip_us_p99", 1, "us round trip p99", 0, false]]
  elif .scenario == "private" then
    [["round_trips_per_s", 1, "round trips/s", 0, true]]
  elif .scenario == "connect" then
    [["connects_per_s", 1, "connects/s", 0, true]]
  elif .scenario == "join" then
    [["joins_per_s", 1, "joins/s in one room", 0, true]]
  else
    [["pss_kib_per_client", 1, "KiB PSS a client", 1, false],
     ["machine_kib_per_client", 1, "KiB of the machine a client", 1, false]]
  end;

# What one server did in all its runs of a cell, of one figure.
def summary($key; $factor):
  { runs: length,
    lost: map(select(.status == 1)) | length,
    failed: map(select(.status > 1)) | length,
    was_limit: map(select(.report.was_limit == true)) | length,
    values: map(select(.status == 0) | .report.figures[$key]
      | select(. != null) | . * $factor) }
  | .median = (.values | median);

# group_by sorts; the order of the cells is that of the runs.
def in_order(f): reduce .[] as $x ([]; ($x | f) as $k
  | if index($k) then . else . + [$k] end);

. as $runs
| in_order(.cell)
| map(. as $cell
  | [$runs[] | select(.cell == $cell)] as $here
  | ($here | map(.report | select(. != null and (.figures | length) > 0))
     | first // null) as $any
  | select($any != null)
  | ($any | figures)[] as [$key, $factor, $unit, $digits, $more]
  | { cell: $cell, figure: $key, unit: $unit, digits: $digits,
      more_is_better: $more,
      servers: ($here | group_by(.server)
        | map({ key: .[0].server, value: summary($key; $factor) })
        | from_entries) })
