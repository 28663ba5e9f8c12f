# SPDX-License-Identifier: MIT
# report.jq's result as text.

def left($n): tostring | . + (" " * ($n - length) // "");
def right($n): (. // "-") | tostring | (" " * ($n - length) // "") + .;

def case_row: [(.key | left(22)), (.value.runs | right(4)),
	(.value.wall_ms | right(10)), (.value.best_ms | right(10)),
	(.value.cpu_ms | right(10)), (.value.peak_mb | right(8)),
	(.value.written / 1000000 * 100 | round / 100 | right(10))] | join(" ");

def bound: if .at_most then "<= \(.at_most)" else ">= \(.at_least)" end;
def target_row: [(.name | left(52)), (.value | right(8)),
	(bound | right(9)), (.cpu | right(8)), " " + .verdict] | join(" ");

"\(.facts.version), Alpine \(.facts.alpine), \(.facts.file_system), " +
"\(.facts.cpus) x \(.facts.cpu), \(.facts.date)",
"",
(["case" | left(22)] + (["runs" | right(4)]) + (["wall ms", "best ms", "cpu ms"] | map(right(10)))
	+ ["peak MB" | right(8)] + ["written MB" | right(10)] | join(" ")),
(.cases | to_entries[] | case_row),
"",
(["target" | left(52)] + ["is" | right(8)] + ["wanted" | right(9)] + ["by cpu" | right(8)] | join(" ")),
(.targets[] | target_row)
