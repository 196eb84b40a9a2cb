# SPDX-License-Identifier: GPL-2.0
# Reads a verdict log and prints what it says, one finding a line:
#   exit N           the guest's last line
#   counts P F S     results, where only those without subtests of their own count
#   failed NAME      a result that is not ok
#   because TEXT     why the "failed" before it: what the test has said since its result
#                    before, and the last of the log
#   problem TEXT     not a complete KTAP document

# A result line ends every deeper block: those were its subtests.
function close_deeper(indent,    i, had_results) {
	for (i in seen)
		if (i + 0 > indent) {
			check_plan(i)
			had_results += seen[i]
			delete seen[i]
			delete plan[i]
		}
	return had_results
}

function check_plan(indent) {
	if (!(indent in plan))
		print "problem no plan (1..N) for " seen[indent] " results"
	else if (plan[indent] != seen[indent])
		print "problem " plan[indent] " tests were planned, " seen[indent] " have a result"
}

function result(indent, ok, number, name, skipped,    has_subtests, i, below) {
	has_subtests = close_deeper(indent)
	if (number != ++seen[indent])
		print "problem result " number " (" name ") stands where result " seen[indent] " is due"
	for (i = 1; i <= nr_failed; i++)
		if (failed_indent[i] > indent) {
			failed[i] = name ": " failed[i]
			failed_indent[i] = indent
			below++
		}
	if (!ok && !below) {
		failed[++nr_failed] = name
		failed_indent[nr_failed] = indent
		because[nr_failed] = last_lines("said", MOST_SAID) last_lines("log", MOST_LOGGED)
	}
	delete nr_lines
	if (ok && !has_subtests) {
		if (skipped)
			nr_skipped++
		else
			nr_passed++
	}
}

function keep_line(kind) { line[kind, ++nr_lines[kind]] = "because " substr(text, 3) "\n" }

function last_lines(kind, most,    i, lines) {
	for (i = nr_lines[kind] > most ? nr_lines[kind] - most + 1 : 1; i <= nr_lines[kind]; i++)
		lines = lines line[kind, i]
	return lines
}

BEGIN { MOST_SAID = 10; MOST_LOGGED = 5 }

{
	sub(/\r$/, "")
	match($0, /^ */)
	indent = RLENGTH
	text = substr($0, indent + 1)
}

text ~ /^KTAP version/ && indent == 0 { version++ }

text ~ /^1\.\.[0-9]+/ {
	close_deeper(indent)
	if (indent in plan)
		print "problem a second plan (" text ")"
	split(substr(text, 4), word, " ")
	plan[indent] = word[1] + 0
	seen[indent] += 0
	if (indent == 0 && plan[indent] == 0 && text ~ /# *SKIP/)
		nr_skipped++
}

text ~ /^(not )?ok [0-9]+/ {
	ok = sub(/^ok /, "", text) || !sub(/^not ok /, "", text)
	number = text + 0
	sub(/^[0-9]+ *(- *)?/, "", text)
	skipped = text ~ /# *SKIP/
	sub(/ *# *SKIP.*/, "", text)
	result(indent, ok, number, text, skipped)
}

text ~ /^# Subtest:/ { next }

# The last of each, for who reads no further.
text ~ /^# log: / { keep_line("log"); next }

text ~ /^# / { keep_line("said") }

text ~ /^Bail out!/ { print "problem " text }

indent == 0 && text ~ /^xlp-guest-exit: [0-9]+$/ { print "exit " substr(text, 17) }

END {
	if (version != 1)
		print "problem " (version ? "more than one KTAP document" : "no KTAP document")
	if (close_deeper(0))
		print "problem subtests without the result they belong to"
	if (0 in seen || 0 in plan)
		check_plan(0)
	else
		print "problem no test gave a result"
	for (i = 1; i <= nr_failed; i++)
		printf "failed %s\n%s", failed[i], because[i]
	print "counts " nr_passed + 0 " " nr_failed + 0 " " nr_skipped + 0
}
