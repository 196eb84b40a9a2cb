# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The cells of a check: rows of the file matrix, or of one of somebody's own (MATRIX=).

# shellcheck disable=SC2154	# rig and hosts_settings are in other parts

# matrix_rows prints "ARCH KERNEL TEST|-|selftests [SETTING=VALUE]..." lines.
matrix_rows() { awk '/^#/ || !NF { next } { $1 = $1; print }' "${MATRIX:-$rig/matrix}"; }

# row_value NAME SETTING=VALUE... prints the value that a row has for NAME, if any.
row_value() {
	local setting
	for setting in "${@:2}"; do
		[[ $setting != "$1"=* ]] || echo "${setting#*=}"
	done
}

# row_directory TEST SETTING=VALUE... prints the directory below build/cross that a row's cell is in;
# nothing if that is build/cross.
row_directory() {
	local name
	name=$(row_value AS "${@:2}")
	[[ ! $name ]] || echo "$name"
	[[ $name || $1 != selftests ]] || echo selftests
}

# row_means ARCH KERNEL TEST [SETTING=VALUE]... dies of what is not known, here or to HOSTS.
row_means() {
	arch_load "$1"
	kernel_check "$2"
	[[ $3 == selftests ]] || tests_check "${3#-}"
	[[ ! ${HOSTS:-} ]] || hosts_can_build "$2" "$(row_value CROSS_COMPILE "${@:4}")"
}

# matrix_check dies of a MATRIX that cannot be meant, and says which line.
matrix_check() {
	local line name number=0 said kinds status row=() known="BUDGET AS ${hosts_settings[*]}"
	declare -A seen=() places=()
	[[ ${MATRIX:-} ]] || return 0
	# It is read more than once, which a pipe cannot be.
	[[ -r $MATRIX && -f $MATRIX ]] || die "bad MATRIX '$MATRIX': there is no such file"
	while IFS= read -r line || [[ $line ]]; do
		number=$((number + 1))
		read -ra row <<<"$line"
		((${#row[@]})) && [[ $line != '#'* ]] || continue
		said="$MATRIX, line $number"
		((${#row[@]} >= 3)) || die "$said: use ARCH KERNEL TEST [SETTING=VALUE]..., with - for all tests"
		[[ $line =~ ^[A-Za-z0-9_.,:=+/\ $'\t'-]*$ ]] || die "$said: use words of letters, digits and _.,:=+/-"
		[[ ${row[1]} != */* ]] || die "$said: '${row[1]}' is of this machine: use a kernel of Debian, or one that the rig builds"
		for name in "${row[@]:3}"; do
			[[ $name == *=* && " $known " == *" ${name%%=*} "* ]] || die "$said: '$name' is no setting of a cell: use some of $known"
		done
		name=$(row_value AS "${row[@]:3}")
		[[ $name =~ ^[A-Za-z0-9_]*$ ]] || die "$said: bad AS '$name': use a word of letters, digits and _"
		[[ $name != @(hosts|counts|downloads|selftests) ]] || die "$said: bad AS '$name': build/cross/$name is the rig's own, use another word"
		kinds="${row[0]} ${row[1]} ${row[2]} $(row_value CROSS_COMPILE "${row[@]:3}")"
		if [[ ! ${seen[$kinds]:-} ]]; then
			# What dies inside of a substitution ends only that, unless -e is heeded.
			set +e
			name=$(set -e; row_means "${row[@]}" 2>&1)
			status=$?
			set -e
			((status == 0)) || die "$said: ${name#error: }"
			seen[$kinds]=yes
		fi
		name="$(row_directory "${row[2]}" "${row[@]:3}") ${row[0]} ${row[1]} $(row_value FLAVOUR "${row[@]:3}")"
		[[ ! ${places[$name]:-} ]] ||
			die "$said: line ${places[$name]} has the same cell: give one of them AS=NAME, for build/cross/NAME"
		places[$name]=$number
	done <"$MATRIX"
	((${#seen[@]})) || die "bad MATRIX '$MATRIX': it has no cells"
}
