# SPDX-License-Identifier: GPL-2.0
# Reads what a job has said and prints a line for each result, with tabs between:
#	case JOB TEST NUMBER ok|fail|skip TITLE REASON...
# and for each test of the suite how long it took:
#	time JOB TEST SECONDS
# A result with subtests is what they are, and has no line. A reason is why it failed, or was
# skipped: what was said since the result before. -v job=JOB

BEGIN { OFS = "\t" }

# A log has carriage returns, tabs, and what else the guest's terminal sends.
{ gsub(/\r|\033\[[0-9;]*[A-Za-z]/, ""); gsub(/\t/, "        ") }

function take(subtest, indent,    status, title, why, number) {
	number = title = $0
	status = $1 == "not" ? "fail" : "ok"
	sub(/^ *(not )?ok /, "", number)
	title = number
	sub(/ .*/, "", number)
	sub(/^[0-9]+ (- )?/, "", title)
	why = reasons
	if (match(title, / # SKIP/)) {
		why = "\t" substr(title, RSTART + 8)
		title = substr(title, 1, RSTART - 1)
		status = "skip"
	}
	if (indent || !nr_below)
		print "case", job, indent ? subtest : title, number, status, title why_of(status, why)
	nr_below = indent ? nr_below + 1 : 0
	reasons = ""
	nr_reasons = 0
}

function why_of(status, why) { return status == "ok" ? "" : why }

/^ *# Subtest: / { test = $3; reasons = ""; nr_reasons = nr_below = 0; next }
/^(not )?ok [0-9]/ { take(test, 0); next }
/^    (not )?ok [0-9]/ { take(test, 1); next }
/^# [a-z0-9_-]+: [0-9]+ s$/ { sub(/:/, "", $2); print "time", job, $2, $3; next }
/^ *# / && nr_reasons < 30 {
	sub(/^ *# ?/, "")
	reasons = reasons "\t" $0
	nr_reasons++
}
