# SPDX-License-Identifier: GPL-2.0
# What has changed between two reports: "WAS TEST..." lines with tabs between,
#	STATUS JOB TEST TITLE
# for each result that is another one than it was, where both reports have the job.
# Files: the cases.tsv before, that of now

BEGIN { FS = OFS = "\t" }
$1 != "case" { next }
# A title may be there more than once: each guest of a cell unloads xlp.ko.
{ key = $2 FS $3 FS $6 FS (++seen[FILENAME, $2, $3, $6]) }
FILENAME == ARGV[1] { was[key] = $5; jobs[$2]; next }
!($2 in jobs) { next }
key in was && was[key] != $5 { print $5 == "ok" ? "passes" : $5 == "fail" ? "FAILS" : "skipped", $2, $3, $6 }
!(key in was) { print "new", $2, $3, $6 }
{ delete was[key]; now_in[$2] }
END {
	for (key in was) {
		split(key, part, FS)
		if (part[1] in now_in)
			print "gone", part[1], part[2], part[3]
	}
}
