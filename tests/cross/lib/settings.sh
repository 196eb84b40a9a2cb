# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What people type in variables, looked at before anything is built or booted.

# shellcheck disable=SC2154	# top is in the parts before

# settings_check dies of the first one that cannot be meant.
settings_check() {
	local name model models=${MODEL:-}
	for name in JOBS SMP TIMEOUT SWITCHES OPS SLICE RACES ROUNDS RELOADS FAIL_FAST; do
		[[ ! ${!name:-} || ${!name} =~ ^[1-9][0-9]*$ ]] || die "bad $name '${!name}': use a number from 1"
	done
	for name in SEED LOCK_WAIT SLEEPERS BUSY FORKS; do
		[[ ! ${!name:-} || ${!name} =~ ^[0-9]+$ ]] || die "bad $name '${!name}': use a number"
	done
	[[ ! ${DWELL:-} || $DWELL =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "bad DWELL '$DWELL': use seconds"
	[[ ${FLAVOUR:-} != *[!a-z0-9-]* ]] || die "bad FLAVOUR '$FLAVOUR': use a word such as cloud, rt, 16k or 64k"
	[[ ${MODULES:-} != *[!A-Za-z0-9_,\ -]* ]] || die "bad MODULES '$MODULES': use names of modules"
	[[ ! ${EXTRA:-} || -d $EXTRA ]] || die "bad EXTRA '$EXTRA': there is no such directory"
	[[ ${INSTALL:-yes} == @(yes|no) ]] || die "unknown INSTALL '$INSTALL': use no, or leave it out"
	[[ ${KCIDB_ORIGIN:-xlp} =~ ^[a-z0-9_]+$ ]] || die "bad KCIDB_ORIGIN '$KCIDB_ORIGIN': use small letters, digits and _"
	[[ ${RESUME:-1} == 1 ]] || die "unknown RESUME '$RESUME': use 1, or leave it out"
	[[ ${DRYRUN:-1} == 1 ]] || die "unknown DRYRUN '$DRYRUN': use 1, or leave it out"
	[[ ! ${ROOT_PACKAGES:-} || $ROOT_PACKAGES =~ ^[a-z0-9\ ][a-z0-9.+\ -]*$ ]] ||
		die "bad ROOT_PACKAGES '$ROOT_PACKAGES': use names of Debian's packages"
	[[ ${PARALLEL:-1} == @(1|no) ]] || die "unknown PARALLEL '$PARALLEL': use 1 or no, or leave it out"
	[[ ! ${QEMU_SUITE:-} || $QEMU_SUITE =~ ^[a-z-]+$ ]] || die "bad QEMU_SUITE '$QEMU_SUITE': use a suite of Debian, such as trixie"
	[[ ${CROSS_COMPILE:-} != *[[:space:]]* ]] ||
		die "bad CROSS_COMPILE '$CROSS_COMPILE': use the name of a compiler up to 'gcc', such as aarch64-linux-gnu-; ccache is the rig's to add"
	[[ ${LLVM:-1} =~ ^(1|-[0-9]+)$ ]] || die "bad LLVM '$LLVM': use 1, or -19 for version 19"
	[[ ${XLP_ARCH:-none} == none ]] || die "unknown XLP_ARCH '$XLP_ARCH': use none, or leave it out"
	without_check
	[[ ${LEVEL:-full} == @(short|full) ]] || die "unknown LEVEL '$LEVEL': use short or full, or leave it out"
	[[ ${DIRECT:-auto} == @(auto|never|always) ]] || die "unknown DIRECT '$DIRECT': use auto, never or always"
	[[ ${BELOW:-full} == full ]] || die "unknown BELOW '$BELOW': use full, or leave it out"
	for model in ${models//,/ }; do
		[[ $model == @(immediate|stop|per-task) ]] ||
			die "unknown MODEL '$model': use immediate, stop or per-task, several with commas"
	done
}

# without_check dies of a kind of operations that the test admins does not have.
without_check() {
	local name names
	[[ ${WITHOUT:-} ]] || return 0
	names=$(sed -nE 's/^\t\{ "([a-z]+)",\t+[0-9]+,.*/\1/p' "$top/tests/suite/admins/operations.c")
	for name in ${WITHOUT//,/ }; do
		grep --quiet --line-regexp --fixed-strings -- "$name" <<<"$names" ||
			die "unknown WITHOUT '$name': use some of ${names//$'\n'/ }, with commas"
	done
}

# tests_check NAMES dies of one that the suite does not have.
tests_check() {
	local name names
	names=$("$top/tests/suite/run" -l)
	for name in ${1//,/ }; do
		grep --quiet --line-regexp --fixed-strings -- "$name" <<<"$names" ||
			die "unknown TEST '$name': use one of ${names//$'\n'/ }"
	done
}
