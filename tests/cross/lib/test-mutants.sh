# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How test-rig tests mutants by chance.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

mutants_source='
static bool is_odd(int n)
{
	/* if (n) */
	if (n &&
	    n < 2)
		return true;
	list_for_each(node, &list) {
		forget(node, "a < b");
	}
	return n % 2;
}'

# mutants prints what mutate.awk makes of that, readable and without the file.
mutants() {
	echo "$mutants_source" >"$scratch/odd.c"
	awk -f "$rig/lib/mutate.awk" "$scratch/odd.c" >"$scratch/mutants" &&
		sed "s|^$scratch/||; y/\o37\f/|~/" "$scratch/mutants" >"$scratch/out"
}

mutants_made() {
	mutants && [[ $(wc -l <"$scratch/out") == 11 ]] || { complain "made $(wc -l <"$scratch/out")"; return; }
	printed 'odd.c:5|2|condition turned|	if (n &&~	    n < 2)|	if (!(n &&~	    n < 2))' &&
		printed 'odd.c:5|2|&& to |||	if (n &&~	    n < 2)|	if (n ||~	    n < 2)' &&
		printed 'odd.c:5|2|< to <=|' && printed 'odd.c:7|1|constant false|' &&
		printed '~	if (round_++) break; else {' && printed 'odd.c:9|1|call dropped|' &&
		printed 'odd.c:11|1|result turned|	return n % 2;|	return !(n % 2);'
}

# drawn SEED EQUIVALENT prints the places in their order, with what is passed over.
drawn() {
	echo "$2" >"$scratch/equivalent"
	awk -v seed="$1" -f "$rig/lib/draw.awk" "$scratch/equivalent" "$scratch/mutants" |
		sed 's|^[^:]*:||; y/\o37/|/'
}

mutants_drawn() {
	local first second
	mutants
	first=$(drawn 7 '')
	[[ $(drawn 7 '') == "$first" && $(wc -l <<<"$first") == 5 ]] || complain "not the same: $first" || return
	for second in 8 9 10 11 12; do
		[[ $(drawn "$second" '') == "$first" ]] || break
	done
	[[ $second != 12 ]] || complain 'always the same' || return
	drawn 7 $'File: *\nOld: forget(*\nReason: none' >"$scratch/out"
	[[ $(grep -c '|equivalent$' "$scratch/out") == 1 ]] && printed '9|1|call dropped|		forget(node, "a < b");|		;|equivalent'
}

rig_tests+=' mutants_made mutants_drawn'
