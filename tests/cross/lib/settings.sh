# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What people type in variables, looked at before anything is built or booted.

# shellcheck disable=SC2154	# top is in the parts before

# settings_check dies of the first one that cannot be meant.
settings_check() {
	local name model models=${MODEL:-}
	for name in JOBS SMP TIMEOUT SWITCHES OPS SLICE RACES; do
		[[ ! ${!name:-} || ${!name} =~ ^[1-9][0-9]*$ ]] || die "bad $name '${!name}': use a number"
	done
	for name in SEED LOCK_WAIT SLEEPERS BUSY; do
		[[ ! ${!name:-} || ${!name} =~ ^[0-9]+$ ]] || die "bad $name '${!name}': use a number"
	done
	[[ ! ${DWELL:-} || $DWELL =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "bad DWELL '$DWELL': use seconds"
	[[ ${MODULES:-} != *[!A-Za-z0-9_,\ -]* ]] || die "bad MODULES '$MODULES': use names of modules"
	[[ ! ${EXTRA:-} || -d $EXTRA ]] || die "bad EXTRA '$EXTRA': there is no such directory"
	[[ ${LEVEL:-full} == @(short|full) ]] || die "unknown LEVEL '$LEVEL': use short or full, or leave it out"
	[[ ${BELOW:-full} == full ]] || die "unknown BELOW '$BELOW': use full, or leave it out"
	for model in ${models//,/ }; do
		[[ $model == @(immediate|stop|per-task) ]] ||
			die "unknown MODEL '$model': use immediate, stop or per-task, several with commas"
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
