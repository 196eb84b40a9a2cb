#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Targets that are modules: there before the patch, after it, away and back.
. "$(dirname "$0")/lib.sh"

patched=$sysfs/xlp_test_a/xlp_test_target/patched
xlp_debug=/sys/kernel/debug/xlp
any="xlp: patch 'xlp_test_any': object 'xlp_test_target'"

# id_of FILE: the build id in a note
id_of() { tail -c +17 "$1" | od -A n -v -t x1 | tr -d ' \n'; }

# spoil FILE BYTE LETTER: that byte of the note with the build id, counted from its type, becomes another one
spoil() {
	local at

	at=$(od -A n -v -t x1 "$1" | awk '{
		for (i = 1; i <= NF; i++) {
			last = substr(last $i, length(last) > 6 ? 3 : 1)
			nr++
			if (last == "474e5500" && before[nr % 4] ~ /^(00000003|03000000)$/) {
				print nr - 8
				exit
			}
			before[nr % 4] = last
		}
	}')
	[ "$at" ] && printf %s "$3" | dd of="$1" bs=1 seek=$((at + $2)) conv=notrunc 2>/dev/null
}

# made_for ID: the patch is, and the target comes after it
made_for() { load xlp_test_any object=xlp_test_target function=xt_leaf build_id="$1"; }

plan 16

# Of the platform: without it a module that is loaded where another one was is not what runs.
scenario "code that is copied over other code is what runs"
if [ -x "$suite/copied" ]; then
	why=$("$suite/copied" 2>&1) || problem "$why"
else
	skip "no $suite/copied, to be built from copied.c"
fi

scenario "a patch waits for its target"
load xlp_test_a
expect 1 value $sysfs/xlp_test_a/enabled
expect 0 value $patched
expect "$hooked_before" hooked

scenario "the target is patched when it comes"
load xlp_test_target
expect a world
expect 1 value $patched

scenario "the target can go, and its hooks with it"
unload xlp_test_target
expect 0 value $patched
expect_soon "$hooked_before" hooked
expect 1 value $sysfs/xlp_test_a/enabled

scenario "and is patched again when it comes back"
load xlp_test_target
expect a world
expect 1 value $patched
unload xlp_test_target

scenario "a disabled patch leaves a coming target alone"
disable xlp_test_a
load xlp_test_target
expect old world
expect 0 value $patched
enable xlp_test_a
expect a world
unload xlp_test_target
disable xlp_test_a
unload xlp_test_a

scenario "two patches are stacked on a coming target in their order"
load xlp_test_a
load xlp_test_b
load xlp_test_target
expect b world
unload xlp_test_target
expect 0 value $patched
expect 0 value $sysfs/xlp_test_b/xlp_test_target/patched
expect_soon "$hooked_before" hooked
load xlp_test_target
expect b world
disable xlp_test_b
expect a world
disable xlp_test_a
expect old world
unload xlp_test_a
unload xlp_test_b
unload xlp_test_target

scenario "a target for which there is no memory is refused, at every allocation"
load xlp_test_a
n=1
while [ $n -lt 100 ]; do
	set_to $n $xlp_debug/fail_allocation
	insert xlp_test_target && break
	said ENOMEM "allocation $n"
	expect 0 value $patched
	expect "$hooked_before" hooked
	n=$((n + 1))
done
set_to 0 $xlp_debug/fail_allocation
if [ $n -le 3 ] || [ $n -ge 100 ]; then
	problem "$((n - 1)) failures"
fi
expect a world
unload xlp_test_target
disable xlp_test_a
unload xlp_test_a

scenario "a target without the function is refused"
load xlp_test_any object=xlp_test_target function=xt_missing
refuse EINVAL xlp_test_target
expect_log "^$any: function 'xt_missing': not found$"
disable xlp_test_any
unload xlp_test_any

scenario "a target with a function that cannot be hooked is refused"
load xlp_test_any object=xlp_test_target function=xt_untraced batch=1
refuse EINVAL xlp_test_target
expect_log "^$any: function 'xt_untraced': its calls cannot be caught (notrace, init or assembly code, or not a function)$"
disable xlp_test_any
unload xlp_test_any

scenario "and loads when the patch is gone"
load xlp_test_target
expect old world
unload xlp_test_target

originals=$modules
scratch=$(mktemp -d "${TMPDIR:-/tmp}/xlp.XXXXXX")
load xlp_test_target
note=/sys/module/xlp_test_target/notes/.note.gnu.build-id
id=$([ ! -e $note ] || id_of $note)
unload xlp_test_target
other=$(echo "$id" | tr 0-9a-f 1-9a-f0)
letter=X code=58
[ "${id%58}" = "$id" ] || letter=Y code=59
again="make it again for this one"
# without_ids: skips if modules are built so that they have none
without_ids() { [ ! "$id" ] && skip "modules have no build ids here"; }

scenario "a target of the build that the patch is made for, before it and after it"
if ! without_ids; then
	load xlp_test_target
	made_for "$id"
	expect new world
	unload xlp_test_target
	load xlp_test_target
	expect new world
	unload xlp_test_target
	disable xlp_test_any
	unload xlp_test_any
fi

scenario "a patch for another build of a target that is there is refused"
if ! without_ids; then
	load xlp_test_target
	# That may have other symbols, too, which nobody is to look for.
	refuse ENOEXEC xlp_test_any object=xlp_test_target function=xt_leaf build_id="$other" import=xt_missing
	expect_log "^$any: made for the build $other, and this one is $id: $again$"
	! log_says "import 'xt_missing'" || problem "its symbols were looked for before"
	expect old world
	unload xlp_test_target
fi

scenario "a target of another build than that of the patch is refused"
if ! without_ids; then
	cp "$modules/xlp_test_target.ko" "$scratch/"
	# The last byte of the note: three words and "GNU", of which the type was the last word.
	spoil "$scratch/xlp_test_target.ko" $((8 + ${#id} / 2 - 1)) "$letter" || problem "no note in xlp_test_target.ko"
	made_for "$id"
	modules=$scratch
	refuse ENOEXEC xlp_test_target
	expect_log "^$any: made for the build $id, and this one is ${id%??}$code: $again$"
	modules=$originals
	load xlp_test_target
	expect new world
	unload xlp_test_target
	disable xlp_test_any
	unload xlp_test_any
	modules=$scratch
	load xlp_test_target
	modules=$originals
	load xlp_test_any object=xlp_test_target function=xt_leaf
	expect new world
	disable xlp_test_any
	unload xlp_test_any
	unload xlp_test_target
fi

scenario "a target that does not say which build it is is refused"
if ! without_ids; then
	cp "$modules/xlp_test_target.ko" "$scratch/"
	spoil "$scratch/xlp_test_target.ko" 5 X || problem "no note in xlp_test_target.ko"
	made_for "$id"
	modules=$scratch
	refuse ENOEXEC xlp_test_target
	expect_log "^$any: made for the build $id, and this one does not say which it is: $again$"
	modules=$originals
	disable xlp_test_any
	unload xlp_test_any
fi

scenario "and is patched if the patch asks for none"
if ! without_ids; then
	load xlp_test_any object=xlp_test_target function=xt_leaf
	modules=$scratch
	load xlp_test_target
	modules=$originals
	expect new world
	unload xlp_test_target
	disable xlp_test_any
	unload xlp_test_any
fi
rm -r "$scratch"

done_testing
