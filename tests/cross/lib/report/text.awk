# SPDX-License-Identifier: GPL-2.0
# The report as text. Files: jobs.tsv, changes.tsv, cases.tsv

BEGIN { FS = "\t" }

FILENAME ~ /jobs\.tsv$/ {
	if (!nr_jobs++)
		printf "%-22s %-10s %8s %8s  %6s %6s %7s  %s\n",
			"job", "result", "seconds", "of a CPU", "passed", "failed", "skipped", "versions"
	printf "%-22s %-10s %8s %8s  %6s %6s %7s  %s\n", $1, $2, $3, $4, $5, $6, $7, $8
	next
}

FILENAME ~ /changes\.tsv$/ {
	if (!nr_changes++)
		printf "\nsince the report before:\n"
	printf "  %-10s %s: %s: %s\n", $1, $2, $3, $4
	next
}

$1 == "case" && $5 == "fail" {
	if (!nr_failed++)
		printf "\nfailed:\n"
	printf "  %s: %s: %s\n", $2, $3, $6
	for (i = 7; i <= NF; i++)
		printf "      %s\n", $i
}
