# SPDX-License-Identifier: GPL-2.0
# Puts the mutants of mutate.awk in an order by chance, one for each line of source:
# always the same for the same mutants and the same SEED.
#
# usage: awk -v seed=SEED -f draw.awk EQUIVALENT MUTANTS
#
# EQUIVALENT is tests/mutants/equivalent, which says how it is written. A mutant that
# is listed there gets "equivalent" as one more field.

BEGIN { FS = "\037" }

# --- known equivalents --------------------------------------------------------------

FNR == NR {
	if (match($0, /^(File|Old|New|Reason): /)) {
		if (/^File: /)
			nr_known++
		known[nr_known, substr($0, 1, RLENGTH - 2)] = substr($0, RLENGTH + 1)
	}
	next
}

# one line, without indentation
function normal(text) {
	gsub(/[ \t\f]+/, " ", text)
	sub(/^ /, "", text)
	return text
}

# "*" at the end of a pattern is for anything; no pattern is like "*"
function is_like(text, pattern,    length_) {
	length_ = length(pattern)
	if (substr(pattern, length_) == "*" || pattern == "")
		return substr(text, 1, length_ - 1) == substr(pattern, 1, length_ - 1)
	return text == pattern
}

function is_equivalent(file, old, new,    i) {
	for (i = 1; i <= nr_known; i++)
		if (is_like(file, known[i, "File"]) && is_like(old, known[i, "Old"]) &&
		    is_like(new, known[i, "New"]))
			return 1
	return 0
}

# --- drawing -------------------------------------------------------------------------

{
	if (!($1 in nr_of))
		places[++nr_places] = $1
	mutant[$1, ++nr_of[$1]] = $0
}

# Park and Miller's: exact in any awk, which rand() is not.
function chance(max) {
	state = state * 16807 % 2147483647
	return state % max
}

END {
	state = seed % 2147483646 + 1
	for (i = 0; i < 10; i++)
		chance(1)
	for (i = nr_places; i > 0; i--) {
		j = chance(i) + 1
		place = places[j]
		places[j] = places[i]
		line = mutant[place, chance(nr_of[place]) + 1]
		split(line, field, FS)
		file = place
		sub(/:.*/, "", file)
		print line FS (is_equivalent(file, normal(field[4]), normal(field[5])) ? "equivalent" : "")
	}
}
