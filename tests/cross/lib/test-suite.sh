# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How test-rig tests what guests are told: selftests, words of the command line, settings, the soak.

# shellcheck disable=SC2034,SC2154,SC2317	# shared with test-rig and the other parts

# selftest NAME LINE...: a script of that kind
selftest() {
	{
		echo '#!/bin/bash'
		echo 'start_test() { echo -n "TEST: $1 ... "; }'
		printf '%s\n' "${@:2}"
	} >"$scratch/$1.sh"
	chmod +x "$scratch/$1.sh"
}

# ktap NAME CODE COUNTS: what the judge makes of that script
ktap() {
	local verdict status=0
	verdict=$("$rig/selftests.d/ktap" "$scratch/skips" true "$scratch/$1.sh") || status=$?
	guest=selftests judged "$2" "$3" "$verdict"$'\n'"xlp-guest-exit: $status"
}

selftests_ktap() {
	printf '%s\n' 'skipped no such feature' 'unbuilt=test_klp_x no such name' >"$scratch/skips"
	selftest good 'start_test "a"' 'echo ok' '	start_test "b c"' 'echo ok'
	ktap good 0 '2 passed, 0 failed, 0 skipped' || return
	selftest bad 'start_test "a"' 'echo ok' 'start_test "b"' 'echo "not ok"; echo diff; exit 1' 'start_test "c"' 'echo ok'
	ktap bad 1 '1 passed, 2 failed, 0 skipped' && printed 'FAILED: bad: c' || return
	[[ $(grep -A 2 'FAILED: bad: b$' "$scratch/out" | paste -sd '|') == $'FAILED: bad: b|\tnot ok|\tdiff' ]] ||
		complain "$(<"$scratch/out")" || return
	selftest dies 'start_test "a"' 'echo ok' 'exit 1'
	ktap dies 1 '1 passed, 1 failed, 0 skipped' || return
	selftest killed 'start_test "a"' 'kill -KILL $$'
	ktap killed 1 '0 passed, 1 failed, 0 skipped' || return
	selftest skipped 'start_test "a"' 'echo ok' 'echo why >&2; exit 4' 'start_test "b"'
	ktap skipped 0 '1 passed, 0 failed, 1 skipped' || return
	selftest left_out 'start_test "a"' 'echo ok' 'if false; then' 'start_test "b"' 'echo ok; fi'
	ktap left_out 1 '1 passed, 1 failed, 0 skipped' || return
	selftest not_expected 'echo why >&2; exit 4' 'start_test "a"'
	ktap not_expected 1 '0 passed, 1 failed, 0 skipped' || return
	selftest unbuilt 'start_test "a"' 'echo "not ok"; exit 1'
	ktap unbuilt 4 '0 passed, 0 failed, 1 skipped'
}

# stood_in ARCH: those of two modules whose place the rig's own patch has taken
stood_in() {
	local -A arch=([name]=$1) kernel=([release]=7.2)
	local file
	for file in test_klp_a test_klp_syscall; do
		echo theirs >"$scratch/$file.c"
	done
	selftests_stand_in "$scratch"
	for file in test_klp_a test_klp_syscall; do
		! cmp -s "$scratch/$file.c" "$rig/selftests.d/stand-in.c" || echo "$file"
	done
}

selftests_stood_in() {
	[[ $(stood_in riscv) == test_klp_syscall && ! $(stood_in s390) ]] || complain "$(stood_in riscv)|$(stood_in s390)"
}

# Stands in for the suite: three tests, two of which want words.
wordy_suite() {
	top=$scratch/wordy
	mkdir -p "$top/tests/suite"
	printf '%s\n' '#!/bin/sh' 'printf "%s\n" admins plain other zeal' >"$top/tests/suite/run"
	chmod +x "$top/tests/suite/run"
	touch "$top/tests/suite"/test-{plain,other}.sh
	printf '%s\n' '#!/bin/sh' '# Append: slub_debug=FZPU  x="a b"' >"$top/tests/suite/test-admins.sh"
	printf '%s\n' '#!/bin/sh' '# Append: nosmt' >"$top/tests/suite/test-zeal.sh"
}

# guests TESTS WANT
guests() {
	local got
	got=$(guests_of "$1" | paste -sd ';')
	[[ $got == "$2" ]] || complain "TEST=$1 makes $got, not $2"
}

guests_by_words() {
	wordy_suite
	guests '' '|plain,other;nosmt|zeal;slub_debug=FZPU  x="a b"|admins' &&
		guests admins 'slub_debug=FZPU  x="a b"|admins' &&
		guests other,plain '|other,plain' &&
		guests admins,plain,nonexistent '|plain,nonexistent;slub_debug=FZPU  x="a b"|admins'
}

bad_setting() {
	refused "bad SEED '1 xlp.run=shell': it must be one word" in_own_shell seed_passed '1 xlp.run=shell'
}
seed_passed() { SEED=$1 cell_settings; }

settings_passed() {
	local got
	got=$(SWITCHES=7 SEED=12 OPS=60 LEVEL=short AGAINST='' cell_settings)
	[[ $got == ' xlp.level=short xlp.switches=7 xlp.seed=12 xlp.ops=60' ]] || complain "passed '$got'"
}

# Behind what is there already, and with nothing of the path on this machine.
extra_files() {
	mkdir -p "$scratch/extra/bin" && echo hello >"$scratch/extra/bin/tool" && chmod 755 "$scratch/extra/bin/tool"
	: >"$scratch/initramfs"
	extra_pack "$scratch/initramfs" && [[ ! -s $scratch/initramfs ]] || { complain 'packed, although nothing was asked for'; return 1; }
	EXTRA=$scratch/extra extra_pack "$scratch/initramfs"
	cpio --list --verbose --quiet <"$scratch/initramfs" >"$scratch/out" && grep -qE '^-rwxr-xr-x +1 root +root .* bin/tool$' "$scratch/out" ||
		complain "$(<"$scratch/out")"
}

modules_with_dependencies() {
	local dir=$scratch/modules got
	mkdir -p "$dir"
	printf '%s\n' 'kernel/a.ko.xz: kernel/b-c.ko.xz kernel/d.ko' 'kernel/b-c.ko.xz: kernel/d.ko' 'kernel/d.ko:' \
		'kernel/e.ko:' 'kernel/sum_fast.ko:' 'kernel/sum-generic.ko: kernel/e.ko' >"$dir/modules.dep"
	printf '%s\n' 'alias sum sum_fast' 'alias sum sum_generic' 'alias pci:v* a' >"$dir/modules.alias"
	echo 'softdep d pre: sum nosuch post: a' >"$dir/modules.softdep"
	got=$(modules_in_order "$dir" b_c a e | paste -sd ' ')
	[[ $got == 'kernel/e.ko kernel/sum-generic.ko kernel/d.ko kernel/b-c.ko.xz kernel/a.ko.xz' ]] &&
		[[ $(modules_in_order "$dir" e nosuch) == 'no nosuch' ]] || complain "$got" || return
	# What is no module is refused before anything is built, and what is built in is none to load.
	echo kernel/un-ix.ko >"$dir/modules.builtin"
	modules_dir() { echo "$dir"; }
	arch=([name]=vax) kernel=([suite]=trixie [release]=6.9-vax)
	MODULES='a nosuch' refused "Linux 6.9-vax for vax has no module 'nosuch' in Debian's package of it: MODULES= takes" \
		in_own_shell eval 'trap "echo the result" EXIT; modules_provide' && printed 'the result' &&
		MODULES='un_ix e' in_own_shell modules_provide &&
		[[ $(MODULES='un_ix e' modules_files) == kernel/e.ko ]]
}

# What the guest's init makes of it.
settings_taken() {
	sed '/^install_commands$/,$d; s,/proc/cmdline,words,' "$rig/init" >"$scratch/init" &&
		echo 'quiet xlp.run=suite xlp.level=short xlp.without=load,cpu a.xlp.seed=1' >"$scratch/words" &&
		(cd "$scratch" && env -i PATH="$PATH" sh -c '. ./init && export_settings && env' >"$scratch/out") &&
		printed XLP_LEVEL=short && printed XLP_WITHOUT=load,cpu || return
	! grep -E 'XLP_(RUN|SEED)' "$scratch/out"
}

# The matrix' cells as make check would run them, with nothing run.
settings_of_the_matrix() {
	(
		cp -r "$rig" "$scratch/cross"
		sed -i '/^set_up$/,$d' "$scratch/cross/check"
		printf '%s\n' 'add_jobs' 'printf "%s\n" "${job_command[@]}"' >>"$scratch/cross/check"
		mkdir -p "$scratch/x/tests"
		mv "$scratch/cross" "$scratch/x/tests"
		ln -s "$top/tests/suite" "$scratch/x/tests"
		unset LEVEL OPS
		export ARCH=s390
		jobs_said && printed 'env LEVEL=full run s390 trixie' && printed 'env LEVEL=short W=1 run s390 sid' &&
			printed 'env W=1 selftests s390 sid' &&
			LEVEL=full jobs_said && printed 'env LEVEL=full W=1 run s390 sid' && printed selftests &&
			LEVEL=short jobs_said && printed 'env LEVEL=short run s390 trixie' && ! grep -E 'LEVEL=full|selftests' "$scratch/out" &&
			LEVEL=short TEST=selftests jobs_said && printed selftests &&
			ARCH=riscv TEST=narrow jobs_said && printed 'env W=1 XLP_ARCH=none run riscv trixie narrow' &&
			ARCH=riscv TEST=redirect jobs_said && ! grep XLP_ARCH "$scratch/out"
	)
}
jobs_said() { "$scratch/x/tests/cross/check" | sed "s,CELL_DIR=[^ ]* ,,; s,$scratch/x/tests/cross/,," >"$scratch/out"; }

# A build that succeeds, but not without a warning.
built_with_warnings() {
	# shellcheck disable=SC2034	# cell_build looks at them
	cell=cell cell_dir=$scratch
	cell_copy() { :; }
	cell_make() { echo 'common/main.c:1:1: warning: unused variable'; }
	(cell_build) >"$scratch/out" 2>&1 || { complain 'warnings are no reason to fail, unless asked for'; return; }
	(cell_make() { echo 'warning: pahole version differs from the one used to build the kernel'; } && build_strictly) \
		>"$scratch/out" 2>&1 || { complain 'other tools than those of the kernel are a reason to fail'; return; }
	: >"$scratch/src.key"
	refused 'xlp builds for cell with warnings, which W=1 does not let pass' in_own_shell build_strictly &&
		printed 'common/main.c:1:1: warning' || return
	[[ ! -e $scratch/src.key ]] || complain 'the next run would not compile again, and pass'
}
build_strictly() { W=1 cell_build; }

# soaked CODE SETTING=VALUE... N: with a run that passes, but for the seed in $fails
soaked() {
	local code=$1 status=0
	mkdir -p "$scratch/tests"
	[[ -d $scratch/tests/cross ]] || cp -r "$rig" "$scratch/tests/cross"
	cat >"$scratch/tests/cross/run" <<-EOF
		#!/bin/bash
		mkdir -p $scratch/build/cross/s390-trixie
		echo 100.0 >$scratch/build/cross/s390-trixie/qemu.seconds
		echo log >$scratch/build/cross/s390-trixie/console.log
		echo "\$*: SEED=\$SEED OPS=\$OPS TIMEOUT=\$TIMEOUT"
		[[ \$SEED != "${fails:-}" ]] || exit 255
	EOF
	env -u CELL_DIR -u SEED -u OPS -u SLICE -u TIMEOUT TEST=admins "${@:2:$#-2}" \
		"$scratch/tests/cross/soak" s390x trixie "${@: -1}" >"$scratch/out" 2>&1 || status=$?
	[[ $status == "$code" ]] || complain "exit $status, not $code"
}

soak_in_slices() {
	soaked 0 SEED=7 1200 &&
		printed 's390x trixie admins: SEED=7 OPS=500 TIMEOUT=1800' && printed 'SEED=8 OPS=500' &&
		printed 'SEED=9 OPS=200 TIMEOUT=900' &&
		printed 'slice 3 of 3: seed 9, 200 operations, 100.0 s, 2.00 a second: passed' &&
		printed 'this soak: 1200 operations passed in 3 slices, 300.0 s, 4.00 a second' || return
	fails=11 soaked 255 SEED=10 SLICE=100 TIMEOUT=60 APPEND=nosmt 1000 &&
		printed 'slice 2 of 10: seed 11, 100 operations, 100.0 s, 1.00 a second: died' &&
		printed 'again: make cross ARCH=s390x KERNEL=trixie TEST=admins SEED=11 OPS=100 APPEND='"'nosmt'" &&
		printed 'this soak: 100 operations passed in 1 slices, 100.0 s' &&
		printed ': 1300 operations passed in 4 slices, 400.0 s' || return
	! grep -q 'SEED=12' "$scratch/out" || complain 'went on after a failed slice'
	[[ -e $scratch/build/soak/s390-trixie-seed-11/console.log ]] || complain 'the logs are lost'
	[[ $(grep -cE '^....-..-.. ..:..:..	s390-trixie	[0-9]+	[0-9]+	100.0	(passed|died)$' "$scratch/build/soak/admins.log") == 5 ]] ||
		complain "$(<"$scratch/build/soak/admins.log")"
}

bad_soak() {
	refused "bad N '0': use a number" "$rig/soak" s390 trixie 0 &&
		refused "bad SEED 'x': use a number" env TEST=admins SEED=x "$rig/soak" s390 trixie 10 &&
		refused "bad RACES 'x': use a number" env RACES=x "$rig/soak" s390 trixie 10 &&
		refused "bad DWELL 'short': use seconds" env DWELL=short "$rig/soak" s390 trixie 10 &&
		refused "unknown BELOW 'all': use full" env BELOW=all "$rig/soak" s390 trixie 10 &&
		refused "bad SLICE 'x': use a number" env TEST=admins SLICE=x "$rig/soak" s390 trixie 10 &&
		refused 'TEST=admins is soaked alone' env TEST=world,admins "$rig/soak" s390 trixie 10
}

rig_tests+=' selftests_ktap selftests_stood_in guests_by_words bad_setting settings_passed settings_taken extra_files
	modules_with_dependencies settings_of_the_matrix built_with_warnings soak_in_slices bad_soak'
