# SPDX-License-Identifier: GPL-2.0
# The table of doc/support.md. Files: jobs.tsv, cases.tsv

# A capability is one or more tests of the suite.
BEGIN {
	FS = "\t"
	table = "redirect=redirect many stack lifecycle stress; modules=modules samples races; " \
		"beside tracers=ftrace; refuse=refuse; per-task=transition tasks; stop=stop; " \
		"checker=world; stacks=walk; unload=unload; shadow=shadow; callbacks=callbacks compat; " \
		"imports=imports bind; sets=sets; administrators=admins rivals; below=below"
	nr = split(table, capability, /; /)
	for (i = 1; i <= nr; i++) {
		split(capability[i], part, "=")
		name[i] = part[1]
		n = split(part[2], tests, " ")
		for (j = 1; j <= n; j++)
			belongs[tests[j]] = i
	}
}

FILENAME ~ /jobs\.tsv$/ {
	if (sub(/^selftests\//, "", $1))
		selftests[$1] = $5 "/" $5 + $6
	else if ($8 ~ /^Linux /) {
		release = $8
		sub(/^Linux /, "", release)
		sub(/ .*/, "", release)
		releases[$1] = release
		jobs[++nr_jobs] = $1
	}
	next
}

$1 == "case" && $3 in belongs && $5 != "skip" {
	key = $2 SUBSEP belongs[$3]
	all[key]++
	passed[key] += $5 == "ok"
	is_cell[$2] = 1
}

END {
	printf "| | kernel |"
	for (i = 1; i <= nr; i++)
		printf " %s |", name[i]
	printf " kernel's selftests |\n|---|---|"
	for (i = 0; i <= nr; i++)
		printf "---|"
	print ""
	# In the order of architectures and then of jobs.
	for (j = 1; j <= nr_jobs; j++) {
		arch = arch_of(jobs[j])
		if (!(arch in seen)) {
			seen[arch] = 1
			archs[++nr_archs] = arch
		}
	}
	for (a = 1; a <= nr_archs; a++)
		for (j = 1; j <= nr_jobs; j++)
			if (arch_of(jobs[j]) == archs[a] && jobs[j] in is_cell)
				row(archs[a] as_of(jobs[j]), jobs[j])
}

# A job is [AS/]ARCH-KERNEL.
function arch_of(job) {
	sub(/.*\//, "", job)
	sub(/-.*/, "", job)
	return job
}

# The matrix's AS=, in words.
function as_of(job) {
	return sub(/\/.*/, "", job) ? ", " job : ""
}

function row(arch, job,    i, key) {
	printf "| %s | %s |", arch, releases[job]
	for (i = 1; i <= nr; i++) {
		key = job SUBSEP i
		printf " %s |", key in all ? passed[key] "/" all[key] : "-"
	}
	printf " %s |\n", job in selftests ? selftests[job] : "-"
}
