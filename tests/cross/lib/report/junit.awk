# SPDX-License-Identifier: GPL-2.0
# The report as JUnit's XML: a testsuite for each job. Files: jobs.tsv, cases.tsv

function text_of(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	gsub(/"/, "\\&quot;", text)
	gsub(/[\001-\010\013\014\016-\037]/, " ", text)
	return text
}

BEGIN { FS = "\t" }

FILENAME ~ /jobs\.tsv$/ {
	job[++nr_jobs] = $1
	head[$1] = sprintf("name=\"%s\" tests=\"%d\" failures=\"%d\" skipped=\"%d\" time=\"%s\"",
		text_of($1), $5 + $6 + $7, $6, $7, $3 == "" ? 0 : $3)
	next
}

$1 == "case" {
	line = sprintf("    <testcase classname=\"%s.%s\" name=\"%s\"", text_of($2), text_of($3), text_of($6))
	if ($5 == "ok") {
		cases[$2] = cases[$2] line "/>\n"
		next
	}
	why = ""
	for (i = 7; i <= NF; i++)
		why = why text_of($i) "\n"
	if ($5 == "skip") {
		sub(/\n$/, "", why)
		line = line "><skipped message=\"" why "\"/></testcase>\n"
	} else {
		line = line "><failure message=\"" text_of($7) "\">" why "</failure></testcase>\n"
	}
	cases[$2] = cases[$2] line
}

END {
	print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>"
	for (i = 1; i <= nr_jobs; i++)
		printf "  <testsuite %s>\n%s  </testsuite>\n", head[job[i]], cases[job[i]]
	print "</testsuites>"
}
