# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What test-rig gives to commands that is bad input: each says one clear line with what to do.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

bad_arch() { refused "unknown ARCH 'vax': use one of arm arm64" "$rig/run" vax trixie; }
bad_kernel() {
	local command
	for command in "run x86_64 potato" check 'bench call x86_64 potato'; do
		# shellcheck disable=SC2086	# a command and its words
		refused "unknown KERNEL 'potato': use one of bookworm" env KERNEL=potato "$rig"/$command || return
	done
}
bad_tree() {
	refused 'no kernel at /nonexistent/linux' "$rig/run" x86_64 /nonexistent/linux &&
		refused 'is not a built kernel tree' "$rig/run" x86_64 "$scratch/"
}
bad_test() {
	refused "bad TEST 'a b'" "$rig/run" x86_64 trixie 'a b' &&
		refused "unknown TEST 'redirekt': use one of admins" "$rig/run" x86_64 trixie redirect,redirekt &&
		refused "unknown TEST 'redirekt'" env TEST=redirekt "$rig/check" &&
		refused 'make quick runs no cells' env ARCH=arm64 "$rig/check" quick &&
		refused 'usage: tests/cross/check' "$rig/check" quik &&
		refused "no rig runs on a Debian 'buster'" "$rig/fresh" buster
}
bad_value() {
	local name
	for name in JOBS SMP TIMEOUT SWITCHES OPS SLICE SEED LOCK_WAIT FAIL_FAST ROUNDS FORKS; do
		refused "bad $name 'x': use a number" env "$name=x" "$rig/run" x86_64 trixie || return
	done
	refused "bad JOBS '0'" env JOBS=0 "$rig/demo" x86_64 trixie &&
		refused "bad EXTRA '/none': there is no such directory" env EXTRA=/none "$rig/run" x86_64 trixie &&
		refused "bad FLAVOUR 'a/b': use a word" env FLAVOUR=a/b "$rig/run" x86_64 trixie &&
		refused 'FLAVOUR=rt is for one architecture, as each has others: set ARCH=' timeout 20 env FLAVOUR=rt "$rig/check" &&
		refused "bad MODULES 'a;b': use names of modules" env MODULES='a;b' "$rig/run" x86_64 trixie &&
		refused "unknown LEVEL 'fast': use short or full" env LEVEL=fast "$rig/run" x86_64 trixie &&
		refused "unknown DIRECT 'yes': use auto, never or always" env DIRECT=yes "$rig/run" x86_64 trixie &&
		refused "unknown XLP_ARCH 's390': use none" env XLP_ARCH=s390 "$rig/run" x86_64 trixie &&
		! make --file "$top/Kbuild" XLP_ARCH=s390 >"$scratch/out" 2>&1 && printed 'XLP_ARCH=s390: use none' &&
		refused "unknown PARALLEL 'yes': use 1" env PARALLEL=yes "$rig/run" x86_64 trixie &&
		refused "unknown DRYRUN 'yes': use 1" timeout 20 env DRYRUN=yes "$rig/check" &&
		refused "bad ROOT_PACKAGES '--purge': use names" env ROOT_PACKAGES=--purge "$rig/enter" x86_64 trixie true &&
		refused "bad QEMU_SUITE '8.1': use a suite" env QEMU_SUITE=8.1 "$rig/run" x86_64 trixie &&
		refused "unknown INSTALL 'maybe': use no" env INSTALL=maybe "$rig/run" x86_64 trixie &&
		refused "unknown WITHOUT 'nothing': use some of load unload" env WITHOUT=go,nothing "$rig/run" x86_64 trixie admins &&
		refused "unknown MODEL 'now': use immediate" env MODEL=stop,now "$rig/soak" x86_64 trixie 10
}
bad_append() {
	local words
	while IFS='|' read -r words text; do
		refused "$text" env "APPEND=$words" "$rig/run" x86_64 trixie || return
	done <<-'EOF'
		a xlp.run=shell|bad APPEND: 'xlp.run=shell' is for the rig to say
		"xlp.run=shell"|bad APPEND: 'xlp.run=shell' is for the rig to say
		console=tty0|bad APPEND: 'console=tty0' is for the rig to say
		nosmt -- x|bad APPEND: '--' is for the rig to say
		dyndbg="file x +p|bad APPEND: a quotation mark has no other one
		größe|bad APPEND: a kernel's command line is one line of ASCII
	EOF
	refused 'one line of ASCII' env "APPEND=a"$'\n'"b" "$rig/run" x86_64 trixie &&
		refused 'one line of ASCII' env "APPEND=a"$'\t'"b" "$rig/shell" x86_64 trixie &&
		refused "'--' is for the rig" env APPEND=-- "$rig/check" &&
		refused 'APPEND is too long' in_own_shell append_fits "$(printf 'w%.0s' {1..1024})" &&
		append_fits "$(printf 'w%.0s' {1..1023})"
}
bad_config() {
	local own=$scratch/own.config
	refused "unknown CONFIG 'fast': use some of base cfi debug" "$rig/kernel" x86_64 trixie debug,fast &&
		refused "unknown CONFIG 's390': use some of base" "$rig/kernel" x86_64 trixie s390 &&
		refused "unknown CONFIG '/none/own.config'" "$rig/kernel" x86_64 trixie base,/none/own.config &&
		refused "unknown KERNEL 'fast,debug'" "$rig/run" x86_64 fast,debug || return
	refused "'all' is what to try: set DRYRUN=1" "$rig/kernel" all trixie debug || return
	printf '%s\n' '# mine' CONFIG_A=y KASAN=y >"$own"
	refused "bad line in $own: '3:KASAN=y': use CONFIG_X=y" "$rig/kernel" x86_64 trixie "$own"
}
# What Debian does not have costs nobody the root that all share.
bad_root_packages() {
	local before
	aside_cell x86_64 trixie
	before=$(stat -c '%i %w' "$(root)")
	refused 'Unable to locate package no-such-package; ROOT_PACKAGES=' \
		aside env ROOT_PACKAGES='xz-utils no-such-package' "$rig/enter" x86_64 trixie -- true || return
	# One line, but for what it meets on its way: cells that use the root, an index that has become old.
	[[ $(grep -cvE '^(waiting for another run|note:) ' "$scratch/out") == 1 ]] || complain "more than one line: $(<"$scratch/out")" || return
	[[ $(stat -c '%i %w' "$(root)") == "$before" ]] || complain 'the build root was made anew'
}
# DRYRUN=1 names what make check would run, and writes nothing.
check_dry_run() {
	local level
	mkdir -p "$scratch/x/tests"
	cp -r "$rig" "$scratch/x/tests/cross"
	cp -r "$top/tests/suite" "$scratch/x/tests/suite"
	env DRYRUN=1 ARCH=s390 HOSTS='nosuch 2/other' SWITCHES=3 "$scratch/x/tests/cross/check" >"$scratch/out" 2>&1 </dev/null ||
		complain "$(<"$scratch/out")" || return
	printed 'LEVEL=full tests/cross/run s390 trixie' && printed 'tests/cross/selftests s390 sid' &&
		printed '4 jobs, of which 4 are cells, for nosuch 2/other' || return
	# Selftests of a row with LEVEL=full are for who asks for that level, or for them.
	printf 's390 sid selftests LEVEL=full\ns390 sid -\n' >"$scratch/x/tests/cross/matrix"
	for level in '' LEVEL=short LEVEL=full TEST=selftests; do
		env DRYRUN=1 ARCH=s390 $level "$scratch/x/tests/cross/check" >"$scratch/out" 2>&1 </dev/null ||
			complain "$(<"$scratch/out")" || return
		case $level in
		LEVEL=full | TEST=*) printed 'tests/cross/selftests s390 sid' || return ;;
		*) ! grep -F 'tests/cross/selftests' "$scratch/out" >&2 || complain "selftests with '$level'" || return ;;
		esac
	done
	env DRYRUN=1 "$scratch/x/tests/cross/check" quick >"$scratch/out" 2>&1 </dev/null && printed 'tests/cross/ktap-job rig' &&
		printed ', of which 0 are cells' || return
	[[ ! -e $scratch/x/build ]] || complain "wrote $(find "$scratch/x/build")"
}
bad_against() { refused "unknown AGAINST 'me': use xlp, in-kernel or both" env AGAINST=me "$rig/selftests" x86_64 trixie; }
bad_arch_of_config() {
	refused 'for riscv: Linux has no KCSAN there' "$rig/kernel" riscv trixie kcsan &&
		refused 'no CONFIG=livepatch with Linux 6.12' "$rig/run" arm64 livepatch &&
		printed 'for arm64: Linux has live patching there from 7.0 on only' &&
		refused 'for x86_64: only clang has it, so say LLVM=1' env -u LLVM "$rig/run" x86_64 debug,cfi
}
bad_suite_of_config() {
	refused "a kernel is built from a suite's source, not '6.12': use one of bookworm" "$rig/kernel" x86_64 6.12 debug &&
		refused "a kernel is built from a suite's source, not 'potato': use one of bookworm" "$rig/run" x86_64 debug-potato
}
bad_mirror() { refused 'check the network' unreachable "$rig/run" x86_64 trixie; }
missing_tool() { refused 'run as root: apt-get install' env INSTALL=no "$rig/setup" some-package=no-such-program; }

cache_held_by_another() {
	local file=$scratch/cache/xlp/lock/apt-trixie-amd64
	mkdir -p "${file%/*}"
	(
		flock 8
		LOCK_WAIT=1 refused 'another run still works on apt-trixie-amd64: wait' unreachable "$rig/run" x86_64 trixie
	) 8>"$file"
}

# Two runs of one cell in one clone: the second has a result, and leaves the first one's files alone.
cell_held_by_another() {
	local dir=$build/test-rig/x86_64-trixie
	mkdir -p "$dir"
	(
		flock 8
		echo kept >"$dir/verdict.log"
		LOCK_WAIT=1 refused 'another run still works on x86_64-trixie in this clone: wait' timeout 20 env CELL_DIR="$build/test-rig" "$rig/run" x86_64 trixie
	) 8>>"$dir/lock" && printed '0 passed, 1 failed, 0 skipped' && [[ $(<"$dir/verdict.log") == kept ]]
}

# Two of one suite in one clone: the second would remove the Debian that the first is at work in.
fresh_held_by_another() {
	local file=$build/fresh/forky.lock
	mkdir -p "${file%/*}"
	(
		flock --nonblock 8 || true	# a run that is at work in this clone holds it as well
		LOCK_WAIT=1 refused 'another run still works on build/fresh/forky in this clone: wait' \
			timeout 20 "$rig/fresh" forky true
	) 8>>"$file"
}

bad_diff() {
	: >"$scratch/empty.diff"
	refused 'say which diff: DIFF=FILE' "$rig/build-patch" x86_64 trixie '' &&
		refused "bad DIFF '/none': there is no such file" "$rig/build-patch" x86_64 trixie /none &&
		refused "bad DIFF '$scratch': it is no file" "$rig/build-patch" x86_64 trixie "$scratch" &&
		refused "empty.diff': it is empty" "$rig/build-patch" x86_64 trixie "$scratch/empty.diff" &&
		refused 'the compiler is the one that built the kernel' \
			env CROSS_COMPILE=x86_64-linux-gnu- "$rig/build-patch" x86_64 trixie "$top/tests/diffs/loadavg.diff"
}

bad_patch() {
	refused 'say which patch: P=DIR' "$rig/patch" x86_64 trixie '' &&
		refused "bad P '/none': there is no such directory" "$rig/patch" x86_64 trixie /none &&
		refused 'it has no Kbuild; a line "obj-m := fix.o"' "$rig/patch" x86_64 trixie "$scratch"
}

rig_tests+=' bad_arch bad_kernel bad_tree bad_test bad_value bad_append bad_config bad_against
	bad_arch_of_config bad_suite_of_config bad_root_packages check_dry_run bad_mirror missing_tool
	cache_held_by_another cell_held_by_another fresh_held_by_another bad_patch bad_diff'
