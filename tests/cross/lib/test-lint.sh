# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Entries of test-rig: make lint-patch, with a rig whose guests are a script.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

bad_lint_patch() {
	local lint=$rig/lint-patch diff=$top/tests/diffs/loadavg.diff fix
	fix=$(<"$diff")
	: >"$scratch/empty.diff"
	echo 'int main;' >"$scratch/no.diff"
	echo "${fix//loadavg.c/loadavg.h}" >"$scratch/header.diff"
	echo "${fix//loadavg.c/../../loadavg.c}" >"$scratch/outside.diff"
	echo "${fix/--- a\/fs\/proc\/loadavg.c/--- \/dev\/null}" >"$scratch/new.diff"
	head -n 8 "$diff" >"$scratch/cut.diff"
	printf 'diff --git a/x.c b/y.c\nrename from x.c\nrename to y.c\n%s\n' "$fix" >"$scratch/rename.diff"
	echo 'Binary files a/x and b/x differ' >"$scratch/binary.diff"
	refused 'say what to look at: DIFF=FILE' "$lint" '' '' '' '' '' &&
		refused 'say one of DIFF=, P= and KO=' "$lint" '' '' "$diff" "$top/samples" '' &&
		refused "bad DIFF '/none': there is no such file" "$lint" '' '' /none '' '' &&
		refused "bad DIFF '$scratch': it is no file" "$lint" '' '' "$scratch" '' '' &&
		refused 'empty.diff is empty: make it by git diff' "$lint" '' '' "$scratch/empty.diff" '' '' &&
		refused 'no.diff is no diff with names of files' "$lint" '' '' "$scratch/no.diff" '' '' &&
		refused 'loadavg.h is a header, which other files have too' "$lint" '' '' "$scratch/header.diff" '' '' &&
		refused 'is not in the source' "$lint" '' '' "$scratch/outside.diff" '' '' &&
		refused 'new.diff adds a file' "$lint" '' '' "$scratch/new.diff" '' '' &&
		refused 'cut.diff is damaged, line 8' "$lint" '' '' "$scratch/cut.diff" '' '' &&
		refused 'rename.diff moves or copies a file' "$lint" '' '' "$scratch/rename.diff" '' '' &&
		refused 'binary.diff changes a file that is no source' "$lint" '' '' "$scratch/binary.diff" '' '' &&
		refused "bad P '/none': there is no such directory" "$lint" '' '' '' /none '' &&
		refused 'it has no Kbuild' "$lint" '' '' '' "$scratch" '' &&
		refused "bad KO '/none': there is no such file" "$lint" '' '' '' '' /none &&
		refused 'no.diff: it is no ELF file' "$lint" x86_64 trixie '' '' "$scratch/no.diff" &&
		refused "bad SOURCE '/none': it is no source of a kernel" env SOURCE=/none "$lint" '' '' "$diff" '' '' &&
		refused 'SOURCE= is for DIFF=' env SOURCE="$scratch" "$lint" x86_64 trixie '' '' "$scratch/no.diff" &&
		refused "unknown ARCH 'vax': use one of" "$lint" vax '' "$diff" '' '' &&
		refused "unknown KERNEL 'potato': use one of" "$lint" '' potato "$diff" '' ''
}

# lint_rig makes a rig whose guests say of x86_64 what is in $scratch/said, and of others nothing, a cache without
# symbols, and a diff with a function in its hunk.
lint_rig() {
	local x=$scratch/x name
	mkdir -p "$x/tests" "$scratch/said" "$scratch/cache/xlp"
	cp -r "$rig" "$x/tests/cross" && cp -r "$top/tools" "$x/tools" || return
	for name in apt kernel busybox; do
		ln -s "$cache/$name" "$scratch/cache/xlp/$name"
	done
	cat >"$x/tests/cross/run" <<-EOF
		#!/bin/bash
		echo "\$1 \$2" >>"$scratch/booted"
		[[ \$1 == x86_64 ]] || { echo 'FAILED: the guest died' && exit 255; }
		{
			printf 'chatter\r\nsymbols: begin\r\n'
			tar -C "$scratch/said" -cf - . | gzip | base64 | \${CUT:-cat} | sed 's/\$/\r/'
			printf 'symbols: complete\r\n'
		} >"\$CELL_DIR/\$1-\$2/verdict.log"
	EOF
	(arch_load x86_64 && kernel_find trixie && kernel_fetch && echo "${kernel[release]}") >"$scratch/said/release" || return
	echo '#1' >"$scratch/said/version"
	echo x86_64 >"$scratch/said/machine"
	symbols_said loadavg_proc_show
	echo loadavg_proc_show >"$scratch/said/available_filter_functions"
	printf '%s trixie -\n' x86_64 >"$scratch/matrix"
	sed 's/^@@ -25,2 .*/& static int loadavg_proc_show(struct seq_file *m, void *v)/' "$top/tests/diffs/loadavg.diff" >"$scratch/fix.diff"
	: >"$scratch/booted"
}

# symbols_said NAME: all that the guest's kernel has
symbols_said() { printf '%s\n' "0000000081000000 t $1" '0000000081400000 T _einittext' >"$scratch/said/kallsyms"; }

# lints STATUS SETTING=VALUE... runs it on that rig, for a diff or for $module.
lints() {
	local status=0 diff=$scratch/fix.diff
	[[ ! ${module:-} ]] || diff=
	env XDG_CACHE_HOME="$scratch/cache" MATRIX="$scratch/matrix" "${@:2}" \
		"$scratch/x/tests/cross/lint-patch" '' '' "$diff" '' "${module:-}" >"$scratch/out" 2>&1 </dev/null || status=$?
	((status == $1)) || complain "exit $status, not $1: $(<"$scratch/out")"
}

booted() { [[ $(<"$scratch/booted") == "$1" ]] || complain "booted: $(<"$scratch/booted")"; }

lint_patch_boots_once() {
	lint_rig && lints 3 && printed 'booting Linux' && printed "x86_64   $(<"$scratch/said/release")  yes" && booted 'x86_64 trixie' || return
	grep -q loadavg_proc_show "$scratch"/cache/xlp/symbols/amd64/*/kallsyms && [[ -s $(echo "$scratch"/cache/xlp/symbols/amd64/*/Module.symvers) ]] ||
		complain 'the cache lacks something' || return
	lints 3 && printed '  yes' && booted 'x86_64 trixie' && ! grep booting "$scratch/out" || return
	# With modules there is more to be asked for.
	lints 3 MODULES='sctp, ext4' && booted $'x86_64 trixie\nx86_64 trixie' && lints 3 MODULES=ext4,sctp && booted $'x86_64 trixie\nx86_64 trixie'
}

# Of a diff that does not say which functions it changes, no kernel has to be asked.
lint_patch_asks_nobody() {
	lint_rig && cp "$top/tests/diffs/loadavg.diff" "$scratch/fix.diff" && lints 3 && booted '' &&
		printed 'the diff does not say which function line 26 of fs/proc/loadavg.c is in' &&
		printed 'no function is known that the diff changes: say SOURCE=DIR'
}

# With the symbols, a function that is gone is one that does not fit.
lint_patch_verdict() {
	lint_rig && symbols_said uptime_proc_show && lints 1 &&
		printed '  not there' && printed 'refused: loadavg_proc_show: not in this kernel: inlined, renamed or configured out' &&
		printed 'does not fit'
}

# One kernel that cannot be asked is said to be, and costs the others nothing.
lint_patch_of_dead_guest() {
	lint_rig && echo 'arm64 trixie -' >>"$scratch/matrix" && lints 3 && printed '  yes' && printed 'could not be asked for its symbols: see' &&
		printed 'the guest died' && printed 'not known: arm64 trixie, whose kernel could not be asked' || return
	echo 'arm64 trixie -' >"$scratch/matrix"
	lints "$cannot_build" && printed 'no kernel could be asked for its symbols' && [[ ! -e $scratch/cache/xlp/symbols/arm64 ]]
}

# What is built is looked at for the kernel that it is built for, and no other is booted.
lint_patch_of_module() {
	local module=$scratch/patch.ko
	lint_rig && echo 'arm64 trixie -' >>"$scratch/matrix" || return
	assemble_module "$(<"$scratch/said/release")" loadavg_proc_show && lints 0 && booted 'x86_64 trixie' &&
		grep -qE '^x86_64 +trixie +6\.[^ ]+ +patch +fits$' "$scratch/out" || printed 'patch fits' || return
	assemble_module "$(<"$scratch/said/release")" uptime_proc_show && lints 1 &&
		printed 'refused: x86_64 trixie patch: uptime_proc_show: not in this kernel' && printed '1 refused' || return
	assemble_module 1.2.3-none loadavg_proc_show &&
		lints "$cannot_build" && printed 'it is built for 1.2.3-none, which is no kernel of these cells: set ARCH= and KERNEL='
}

# assemble_module RELEASE NAME: one for that kernel, which binds this name
assemble_module() {
	printf '.globl init_module\ninit_module:\n.weak xlp_sym.vmlinux.%s.0\n.data\n.quad xlp_sym.vmlinux.%s.0\n.section .modinfo,"a"\n.asciz "vermagic=%s SMP "\n.asciz "xlp_built_as=#1"\n' \
		"$2" "$2" "$1" | gcc -x assembler -c -o "$scratch/patch.ko" -
}

lint_patch_damaged() {
	lint_rig && lints "$cannot_build" CUT='head -n 1' && printed 'is damaged: run again' &&
		! compgen -G "$scratch/cache/xlp/symbols/amd64/*/kallsyms" || complain 'it is in the cache' || return
	: >"$scratch/said/kallsyms"
	lints "$cannot_build" && printed 'is damaged: run again' || return
	# What has come whole and is not is seen by xlp check, whose statuses are not the rig's.
	echo '0000000081000000 t loadavg_proc_show' >"$scratch/said/kallsyms"
	lints "$cannot_build" && printed 'error: xlp check failed: ' && printed 'kallsyms is not whole' || return
	rm -rf "${scratch:?}/cache/xlp/symbols"
	symbols_said loadavg_proc_show
	echo 1.2.3 >"$scratch/said/release"
	lints "$cannot_build" && printed 'the guest says that it runs 1.2.3'
}

rig_tests+=' bad_lint_patch lint_patch_boots_once lint_patch_asks_nobody lint_patch_verdict lint_patch_of_dead_guest lint_patch_of_module lint_patch_damaged'
