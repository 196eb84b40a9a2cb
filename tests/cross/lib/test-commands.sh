# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The commands that people type, run as they are typed.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

make_help() {
	make -C "$top" --no-print-directory help ARCH=s390 >"$scratch/out" &&
		printed 'ARCH=s390' && printed 'make demo'
}

# What is typed reaches the commands as it is, whatever a shell makes of it.
make_quotes() {
	local target word name="it's \"a;b" words=()
	for word in ARCH KERNEL TEST DIFF P KO N SUITE RANDOM SEED BENCH HOST NAME LIKE DIR LINUX CONFIG MUTANT; do
		words+=("$word=$name")
	done
	while read -r target; do
		make -C "$top" --no-print-directory -n "$target" "${words[@]}" >"$scratch/line" &&
			bash -n "$scratch/line" 2>"$scratch/out" || complain "$target: $(head -n 1 "$scratch/out")" || return
	done < <(sed -n 's/^\([a-z][a-z_-]*\):.*/\1/p' "$top/Makefile" | grep -vxE 'headers|clean|help|tools|tools_install')
	: >"$scratch/it's.diff"
	! make -C "$top" --no-print-directory build-patch DIFF="$scratch/it's.diff" >"$scratch/out" 2>&1 &&
		printed "error: bad DIFF '$scratch/it's.diff': it is empty"
}

make_dry_run() {
	aside make -C "$top" --no-print-directory cross ARCH=x86_64 KERNEL=trixie SMP=3 SWITCHES=7 TEST=world \
		'APPEND=slub_debug=FZPU dyndbg="file x,y +p"' DRYRUN=1 >"$scratch/out" 2>/dev/null &&
		printed 'qemu-system-x86_64 -accel tcg' && printed '-smp 3' && printed 'xlp.switches=7' || return
	# As a shell reads it, which is what the line is printed for.
	eval "printf '%s\n' $(<"$scratch/out")" >"$scratch/words"
	grep -q ' xlp.test=world xlp.switches=7 slub_debug=FZPU dyndbg="file x,y +p"$' "$scratch/words" ||
		printed 'what APPEND says'
}

# What no line of the rig foresees is no failed test either.
# shellcheck disable=SC2031	# it was changed in a subshell
not_prepared() {
	local dir=$build/test-rig/x86_64-trixie/initramfs.tmp
	mkdir -p "$dir"
	refused 'error: the run could not be prepared, see above' aside env DRYRUN=1 "$rig/run" x86_64 trixie
	rmdir "$dir"
}

# What is typed before the guest reads its terminal is lost, so wait for it.
make_shell() {
	local waited=0
	mkfifo "$scratch/keys"
	aside timeout 500 make -C "$top" --no-print-directory shell ARCH=x86_64 KERNEL=trixie \
		<>"$scratch/keys" >"$scratch/out" 2>&1 &
	until grep -q 'xlp is in /xlp' "$scratch/out" || ((waited++ > 2400)); do
		sleep 0.2
	done
	# Opened for reading too, so that a guest that never came is not waited for.
	echo 'echo "$((6 * 7)) on $(uname -m)"; exit' 1<>"$scratch/keys"
	wait "$!" && printed '42 on x86_64'
}

# What a port has is asked of a kernel that runs, to the end.
make_port_report() {
	aside make -C "$top" --no-print-directory port-report ARCH=x86_64 KERNEL=trixie >"$scratch/out" 2>&1 || return
	grep -qE '^ +xlp_arch_redirect\(\) +of its own$' "$scratch/out" || printed 'xlp_arch_redirect() of its own' || return
	grep -qE '^ +tasks +resolved, ' "$scratch/out" || printed 'tasks resolved' || return
	printed 'port-report: complete' && printed '1 passed, 0 failed, 0 skipped'
}

# One patch that works, with a test that says so, and one whose function there is not.
make_patch() {
	local dir=$scratch/patches
	mkdir -p "$dir"
	cp "$top/samples/xlp-cmdline.c" "$dir/good.c"
	sed 's/"cmdline_proc_show"/"cmdline_proc_shew"/' "$dir/good.c" >"$dir/lost.c"
	echo 'obj-m := good.o lost.o' >"$dir/Kbuild"
	echo 'if [ "$1 $2" = "patched good" ]; then grep patched /proc/cmdline; else ! grep patched /proc/cmdline; fi' >"$dir/test.sh"
	! SWITCHES=2 aside make -C "$top" --no-print-directory patch ARCH=x86_64 KERNEL=trixie P="$dir" >"$scratch/out" 2>&1 ||
		complain 'a patch that cannot be loaded passes' || return
	printed "ok 2 good: does what it is for" && printed 'ok 4 good: 2 times on and off under load' &&
		printed 'ok 6 good: no function stays hooked' && printed 'not ok 7 lost: loaded and in effect' &&
		printed "patch 'lost': object 'vmlinux': function 'cmdline_proc_shew': not found" &&
		printed '7 passed, 1 failed, 5 skipped'
}

# In the root, where there are headers and compilers for sure.
make_install() {
	ROOT_PACKAGES=xz-utils aside "$rig/enter" x86_64 trixie -- sh -c '
		make KDIR="$KDIR" CC="$CC" && make KDIR="$KDIR" CC="$CC" INSTALL_MOD_PATH=/tmp modules_install &&
		find /tmp/lib/modules -name "xlp.ko*"' >"$scratch/out" 2>&1 &&
		printed '/xlp.ko' || { tail -n 5 "$scratch/out" | sed 's/^/# /'; return 1; }
}

rig_tests+=' make_help make_quotes not_prepared make_dry_run make_shell make_patch make_port_report make_install'
