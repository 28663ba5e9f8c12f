# SPDX-License-Identifier: MIT
# The log's lines (see measure.c) become medians, the medians targets.

def median: sort | if length == 0 then null
	elif length % 2 == 1 then .[(length - 1) / 2]
	else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def round2: if . == null then null else . * 100 | round / 100 end;

# Wall times have 30 % of slack: they are the machine's as much as ours.
def verdict($slack): . as $t
	| if $t.value == null then "not measured"
	  elif $t.at_most then
		if $t.value <= $t.at_most then "pass"
		elif $t.value <= $t.at_most * $slack then "close"
		else "MISS" end
	  else
		if $t.value >= $t.at_least then "pass"
		elif $t.value >= $t.at_least / $slack then "close"
		else "MISS" end
	  end;

def value($cases; $facts): . as $t
	| $cases[$t.case] as $c
	| if $t.unit == "calls" then $facts.calls[0]
	  elif $c == null then null
	  elif $t.unit == "ms" then $c.wall_ms
	  elif $t.unit == "MB" then $c.peak_mb
	  elif $t.unit == "writes" then $c.written / $facts.sizes[$t.case]
	  elif $cases[$t.to] == null then null
	  else $c.wall_ms / $cases[$t.to].wall_ms end;

# The same by processor time: a busy machine does not change it as much.
def cpu_ratio($cases): . as $t
	| if $t.to and $cases[$t.case] and $cases[$t.to]
	  then $cases[$t.case].cpu_ms / $cases[$t.to].cpu_ms else null end;

($log | split("\n") | map(select(. != "") | split("\t"))
	| group_by(.[0])
	| map({key: .[0][0], value: {
		runs: length,
		wall_ms: (map(.[1] | tonumber / 1000) | median | round2),
		best_ms: (map(.[1] | tonumber / 1000) | min | round2),
		cpu_ms: (map(.[2] | tonumber / 1000) | median | round2),
		peak_mb: (map(.[3] | tonumber / 1024) | max | round2),
		written: (map(.[4] | tonumber) | median)}})
	| from_entries) as $cases
| {facts: $facts, cases: $cases, targets: ($targets[0] | map(
	. + {value: (value($cases; $facts) | round2),
		cpu: (cpu_ratio($cases) | round2)}
	| . + {verdict: verdict(if .to or .unit == "ms" then 1.3 else 1 end)}))}
