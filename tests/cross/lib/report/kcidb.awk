# SPDX-License-Identifier: GPL-2.0
# The report in KCIDB's form, which tests/cross/kcidb.schema.json describes: one checkout, a build for
# each cell and one for what needs no guest, and a test for each result. Files: jobs.tsv, cases.tsv
# -v origin=... run=... commit=... hash=... patchset=... arches=... machine=...
#
# A test of the suite is the node xlp.TEST, with the seconds it took, and its results lie below:
# xlp.TEST.TITLE; likewise xlp-selftests and, without a guest, xlp-host.JOB.

function quoted(text) {
	gsub(/\\/, "&&", text)
	gsub(/"/, "\\\"", text)
	gsub(/\n/, "\\n", text)
	gsub(/[\001-\037\177]/, " ", text)
	return "\"" text "\""
}

# A node of a path has letters, digits, _ and - only.
function node(text) {
	gsub(/[^A-Za-z0-9_-]+/, "_", text)
	gsub(/^_+|_+$/, "", text)
	return text == "" ? "_" : text
}

function name_of(job) { gsub(/\//, "-", job); return job }
function id_of(what) { return quoted(origin ":" run "-" what) }

# With the words of the report for a job that has no results of its own.
function status_of(word, title) {
	if (word == "ok")
		return "PASS"
	if (word == "skip")
		return "SKIP"
	if (title == "TIME-OUT")
		return "ERROR"
	return title == "NO BUILD" || title == "NOT RUN" ? "MISS" : "FAIL"
}

function version(job, pattern) { return match(versions[job], pattern) ? substr(versions[job], RSTART, RLENGTH) : "" }

function add_build(job,    line, start) {
	line = sprintf("\"id\": %s, \"checkout_id\": %s, \"origin\": %s, \"architecture\": %s, \"comment\": %s",
		id_of(build[job]), id_of("checkout"), quoted(origin), quoted(arch[job]),
		quoted(build[job] == "host" ? "what needs no guest" : versions[job] == "" ? job : versions[job]))
	if (version(job, "(gcc|clang) [0-9.]+"))
		line = line ", \"compiler\": " quoted(version(job, "(gcc|clang) [0-9.]+"))
	if (version(job, "^Linux [^ ;]+"))
		line = line ", \"config_name\": " quoted(version(job, "^Linux [^ ;]+"))
	line = line sprintf(", \"status\": \"%s\"",
		result[job] == "NOT RUN" ? "MISS" : result[job] != "NO BUILD" ? "PASS" : said_not_to_build[job] ? "FAIL" : "MISS")
	if (build[job] != "host")
		line = line sprintf(", \"misc\": {\"job\": %s, \"result\": %s}", quoted(job), quoted(result[job]))
	builds = builds (builds ? "," : "") "\n    {" line "}"
}

function add_test(job, path, status, title, rest,    line) {
	line = sprintf("\"id\": %s, \"build_id\": %s, \"origin\": %s, \"path\": %s, \"status\": \"%s\", \"comment\": %s",
		id_of(name_of(job) "-" ++nr_tests[job]), id_of(build[job]), quoted(origin), quoted(path), status, quoted(title))
	if (start[job])
		line = line ", \"start_time\": " quoted(start[job])
	if (environment[job])
		line = line ", \"environment\": {\"comment\": " quoted(environment[job]) "}"
	tests = tests (tests ? "," : "") "\n    {" line rest "}"
}

# worse of two, in KCIDB's order
function worse(one, other) { return index("FAIL ERROR MISS PASS SKIP", one) < index("FAIL ERROR MISS PASS SKIP", other) ? one : other }

BEGIN {
	FS = "\t"
	split(arches, names, " ")
	for (i in names)
		is_arch[names[i]]
}

FILENAME ~ /jobs\.tsv$/ {
	job = $1
	jobs[++nr_jobs] = job
	result[job] = $2
	versions[job] = $8
	start[job] = $9
	name = job
	sub(/.*\//, "", name)
	sub(/-.*/, "", name)
	if (name in is_arch) {
		arch[job] = name
		build[job] = name_of(job)
		root[job] = job ~ /^selftests\// ? "xlp-selftests" : "xlp"
	} else {
		arch[job] = machine
		build[job] = "host"
		root[job] = "xlp-host." node(job)
	}
	environment[job] = version(job, "QEMU [^;]+")
	if (version(job, "on [^;]+$"))
		environment[job] = environment[job] " " version(job, "on [^;]+$")
	next
}

$1 == "time" { nr = ++nr_times[$2]; timed[$2, nr] = $3; took[$2, nr] = $4; next }

$1 == "case" {
	status = status_of($5, $6)
	if (!(($2, $3) in sum))
		sum[$2, $3] = status
	sum[$2, $3] = worse(sum[$2, $3], status)
	why = ""
	for (i = 7; i <= NF && length(why) + length($i) < 16000; i++)
		why = why $i "\n"
	if (why ~ /does not build|builds for .* with warnings/)
		said_not_to_build[$2] = 1
	path = root[$2]
	if ($3 != "-")
		path = path "." node($3)
	if (node($6) != node($3) && $3 != "-")
		path = path "." node($6)
	add_test($2, path, status, $6, why == "" ? "" : ", \"log_excerpt\": " quoted(why))
}

END {
	for (i = 1; i <= nr_jobs; i++) {
		job = jobs[i]
		for (nr = 1; nr <= nr_times[job]; nr++)
			if ((job, timed[job, nr]) in sum)
				add_test(job, root[job] "." node(timed[job, nr]), sum[job, timed[job, nr]], timed[job, nr], ", \"duration\": " took[job, nr])
		if (build[job] != "host" || !nr_host++)
			add_build(job)
	}
	checkout = sprintf("\"id\": %s, \"origin\": %s, \"tree_name\": \"xlp\", \"git_commit_name\": %s", id_of("checkout"), quoted(origin), quoted(commit))
	if (hash)
		checkout = checkout sprintf(", \"git_commit_hash\": %s, \"patchset_hash\": %s", quoted(hash), quoted(patchset))
	printf "{\n  \"version\": {\"major\": 5, \"minor\": 3},\n  \"checkouts\": [\n    {%s, \"valid\": true}\n  ],\n", checkout
	printf "  \"builds\": [%s\n  ],\n  \"tests\": [%s\n  ]\n}\n", builds, tests
}
