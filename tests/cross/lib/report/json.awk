# SPDX-License-Identifier: GPL-2.0
# The report as JSON: {"date", "commit", "jobs": [{..., "results": [...]}]}.
# Files: jobs.tsv, cases.tsv. -v date=... -v commit=...

function quoted(text) {
	gsub(/\\/, "&&", text)
	gsub(/"/, "\\\"", text)
	gsub(/[\001-\037]/, " ", text)
	return "\"" text "\""
}

function number(text) { return text == "" ? "null" : text + 0 }

BEGIN { FS = "\t" }

FILENAME ~ /jobs\.tsv$/ {
	job[++nr_jobs] = $1
	head[$1] = sprintf("\"name\": %s, \"result\": %s, \"seconds\": %s, \"cpu_seconds\": %s, \"passed\": %d, \"failed\": %d, \"skipped\": %d, \"versions\": %s",
		quoted($1), quoted($2), number($3), number($4), $5, $6, $7, quoted($8))
	next
}

$1 == "time" { times[$2] = times[$2] (times[$2] ? ", " : "") quoted($3) ": " number($4); next }

$1 == "case" {
	why = ""
	for (i = 7; i <= NF; i++)
		why = why (why ? ", " : "") quoted($i)
	results[$2] = results[$2] (results[$2] ? "," : "") \
		sprintf("\n      {\"test\": %s, \"number\": %d, \"status\": %s, \"title\": %s%s}",
			quoted($3), $4, quoted($5), quoted($6), why ? ", \"reasons\": [" why "]" : "")
}

END {
	printf "{\n  \"date\": %s,\n  \"commit\": %s,\n  \"jobs\": [", quoted(date), quoted(commit)
	for (i = 1; i <= nr_jobs; i++)
		printf "%s\n    {%s,\n     \"test_seconds\": {%s},\n     \"results\": [%s]}",
			(i > 1 ? "," : ""), head[job[i]], times[job[i]], results[job[i]]
	printf "\n  ]\n}\n"
}
