# SPDX-License-Identifier: GPL-2.0
# The report as one page of HTML, which needs no network. Files: jobs.tsv, changes.tsv,
# cases.tsv. -v date=... -v commit=...

function text_of(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	gsub(/[\001-\010\013\014\016-\037]/, " ", text)
	return text
}

function class_of(failed, passed) { return failed ? "fail" : passed ? "ok" : "none" }

BEGIN { FS = "\t" }

FILENAME ~ /jobs\.tsv$/ {
	job[++nr_jobs] = $1
	word[$1] = $2
	seconds[$1] = $3
	cpu[$1] = $4
	passed[$1] = $5
	failed[$1] = $6
	skipped[$1] = $7
	versions[$1] = $8
	all_passed += $5
	all_failed += $6
	all_skipped += $7
	next
}

FILENAME ~ /changes\.tsv$/ {
	changes = changes sprintf("<tr class=\"%s\"><td>%s<td>%s<td>%s<td>%s\n",
		$1 == "FAILS" ? "fail" : "", text_of($1), text_of($2), text_of($3), text_of($4))
	next
}

$1 == "time" { took[$2, $3] = $4; next }

$1 == "case" {
	if (!(($2, $3) in there)) {
		there[$2, $3]
		if (!($3 in nr_of_test)) {
			nr_of_test[$3] = ++nr_tests
			test[nr_tests] = $3
		}
	}
	count[$2, $3, $5]++
	if ($5 != "fail")
		next
	failures = failures "<details open><summary>" text_of($2 ": " $3 ": " $6) "</summary><pre>"
	for (i = 7; i <= NF; i++)
		failures = failures text_of($i) "\n"
	failures = failures "</pre></details>\n"
}

# Cells are the jobs that run tests of the suite, which say how long they took.
function is_cell(name,    i) {
	for (i = 1; i <= nr_tests; i++)
		if ((name, test[i]) in took)
			return 1
	return 0
}

function job_rows(    i, n) {
	print "<table><tr><th>job<th>result<th>seconds<th>of a CPU<th>passed<th>failed<th>skipped<th>versions"
	for (i = 1; i <= nr_jobs; i++) {
		n = job[i]
		printf "<tr class=\"%s\"><td>%s<td>%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s<td>%s\n",
			class_of(failed[n], passed[n]), text_of(n), text_of(word[n]), seconds[n], cpu[n],
			passed[n], failed[n], skipped[n], text_of(versions[n])
	}
	print "</table>"
}

function test_rows(    i, j, n, t) {
	printf "<table><tr><th>test"
	for (j = 1; j <= nr_jobs; j++)
		if (is_cell(job[j]))
			printf "<th>%s", text_of(job[j])
	print ""
	for (i = 1; i <= nr_tests; i++) {
		t = test[i]
		n = 0
		for (j = 1; j <= nr_jobs; j++)
			n += is_cell(job[j]) && ((job[j], t) in there)
		if (!n)
			continue
		printf "<tr><td>%s", text_of(t)
		for (j = 1; j <= nr_jobs; j++) {
			n = job[j]
			if (!is_cell(n))
				continue
			if (!((n, t) in there)) {
				printf "<td>"
				continue
			}
			printf "<td class=\"%s\">%d%s%s%s", class_of(count[n, t, "fail"], count[n, t, "ok"]),
				count[n, t, "ok"],
				count[n, t, "fail"] ? ", failed " count[n, t, "fail"] : "",
				count[n, t, "skip"] ? ", skipped " count[n, t, "skip"] : "",
				(n, t) in took ? " <small>" took[n, t] " s</small>" : ""
		}
		print ""
	}
	print "</table>"
}

END {
	print "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>xlp: make check</title>"
	print "<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;margin:1em 0}" \
		"td,th{border:1px solid #ccc;padding:2px 6px;text-align:left}.n{text-align:right}" \
		"tr.ok td:nth-child(2),td.ok{background:#e3f6e3}tr.fail td:nth-child(2),td.fail,tr.fail td:first-child{background:#f9d6d5}" \
		"td.none{color:#777}small{color:#555}pre{background:#f5f5f5;padding:.5em;overflow:auto}</style>"
	printf "<h1>xlp: make check</h1>\n<p>%s, %s: %d passed, %d failed, %d skipped\n",
		text_of(date), text_of(commit), all_passed, all_failed, all_skipped
	if (failures)
		print "<h2>Failed</h2>\n" failures
	if (changes)
		print "<h2>Since the report before</h2>\n<table>\n" changes "</table>"
	print "<h2>Jobs</h2>"
	job_rows()
	print "<h2>Results by test and cell</h2>"
	test_rows()
	print "</html>"
}
