#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Several administrators at once, who choose at random what to do, and an oracle: see
# admins/admins.c. XLP_SEED is what their choice depends on, XLP_OPS how much they do,
# XLP_WITHOUT which operations they leave out (names with commas between them). Their
# patches and targets are xlp_test_patcha and xlp_test_targeta under many names; some of
# what they do is xlp_test_hold.
# Append: slub_debug=FZPU
. "$(dirname "$0")/lib.sh"
. "$suite/admins.sh"

operations=${XLP_OPS:-$(amount 36 120)}
# The same each time, so that what has passed passes again; make soak takes others.
seed=${XLP_SEED:-1}

without=${XLP_WITHOUT:-}
if xlp_is_built_in; then
	comment "xlp does not go and come: $(why_no_xlp)"
	without=${without:+$without,}xlp
else
	has_xlp || skip_all "$(why_no_xlp)"
fi
is_fact imports_functions || skip_all "no patch can import a function here"
plan 1

scenario "$operations operations of several administrators, seed $seed"
"$program" -p $((30 * slow)) -w "$without" "$seed" "$operations" "$modules" "${XLP_KO:-}" ||
	problem "seed $seed: see above"
[ -e "$sysfs" ] || load_xlp compat=0

done_testing
