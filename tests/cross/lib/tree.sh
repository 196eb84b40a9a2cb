# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Kernels that the rig builds itself, from a suite's linux-source package and
# the fragments in configs/: base, then the architecture's, then CONFIG's.

# shellcheck disable=SC2154	# kernel[] and arch[] are in the parts before

readonly tree_configs=(debug)

# What a kernel build needs beside what a module build needs. In the root only
# once a kernel is built.
readonly tree_packages=(gcc flex bison bc libelf-dev)

# tree_arches prints the architectures that have a fragment.
tree_arches() {
	local name names=()
	for name in $(arch_names); do
		[[ ! -e $rig/configs/$name.config ]] || names+=("$name")
	done
	echo "${names[*]}"
}

# tree_find SUITE CONFIG fills kernel[] for the architecture that is loaded.
tree_find() {
	[[ " ${tree_configs[*]} " == *" $2 "* ]] || die "unknown CONFIG '$2': use ${tree_configs[*]}"
	[[ " ${suites[*]} " == *" $1 "* ]] ||
		die "a kernel is built from a suite's source, not '$1': use one of ${suites[*]}"
	[[ -e $rig/configs/${arch[name]}.config ]] ||
		die "no CONFIG=$2 for ${arch[name]}: use ARCH=$(tree_arches | sed 's/ / or /g')"
	local package version
	package=$(source_package "$1") || die "suite $1 has no linux-source package: try another KERNEL"
	version=$(source_version "$1" "$package")
	kernel=([suite]=$1 [config]=$2 [version]=$version [release]=${version%-*}-$2)
	kernel[source]=$(source_tree "$package" "$version")
	kernel[tree]=$cache/built/${arch[name]}-$2-$version$(toolchain_suffix "${arch[name]}")
}

# tree_provide builds kernel[], unless that has been done.
tree_provide() {
	local LOCK_WAIT=${LOCK_WAIT:-3600}	# a build takes longer than a download
	tree_is_current || locked "built-${kernel[tree]##*/}" tree_build
}

# The stamp has the build's configuration; a build that ended early has none.
tree_is_current() { cmp --silent <(tree_fragment) "${kernel[tree]}/xlp.stamp"; }

tree_build() {
	tree_is_current && return	# another run was faster
	local tree=${kernel[tree]} packages
	"$rig/source" "${kernel[suite]}=${kernel[version]}" >/dev/null
	mapfile -t packages < <(root_packages "${arch[name]}")
	root_provide "${packages[@]}" "${tree_packages[@]}"
	toolchain_check
	mkdir -p "$tree"
	rm -f "$tree/xlp.stamp"
	note "building Linux ${kernel[release]} for ${arch[name]}, CONFIG=${kernel[config]} (log: $tree/xlp.log)"
	tree_configure
	tree_compile
	mv "$tree/xlp.config" "$tree/xlp.stamp"
	note "built Linux ${kernel[release]} for ${arch[name]} in $(tree_took): $tree"
}

# in_tree CMD... runs CMD in the root, in the kernel's source.
in_tree() {
	local words
	mapfile -t words < <(toolchain_words)
	in_root mount_dir "${kernel[source]}" "${kernel[source]}" mount_dir "${kernel[tree]}" "${kernel[tree]}" -- \
		env --chdir "${kernel[source]}" "${words[@]}" \
		KBUILD_BUILD_USER=xlp KBUILD_BUILD_HOST=rig "$@"
}

# tree_fragment prints one fragment made of the layers. An option may belong to
# some versions only; the line before it then says so, and why:
#	# from 7.0: the reason
#	# until 6.12: the reason
tree_fragment() {
	awk -v version="${kernel[version]}" '
		function number(v,    part) {
			split(v, part, ".")
			return part[1] * 1000 + part[2]
		}
		/^# from [0-9.]+:/ { other = number(version) < number($3); next }
		/^# until [0-9.]+:/ { other = number(version) > number($3); next }
		/^(# )?CONFIG_/ && !other
		/CONFIG_/ { other = 0 }
	' "$rig"/configs/{base,"${arch[name]}","${kernel[config]}"}.config
}

# On top of nothing: what no fragment asks for is off, unless it is selected.
tree_configure() {
	local tree=${kernel[tree]}
	tree_fragment >"$tree/xlp.config"
	in_tree scripts/kconfig/merge_config.sh -n -O "$tree" "$tree/xlp.config" >"$tree/xlp.log" 2>&1 ||
		die "$(tail -n 1 "$tree/xlp.log") (see $tree/xlp.log)"
	tree_lost >"$tree/xlp.lost"
	[[ ! -s $tree/xlp.lost ]] ||
		die "options of configs/ that Linux ${kernel[release]} for ${arch[name]} does not take: $(paste -sd ' ' "$tree/xlp.lost")"
}

# tree_lost prints the options that are not in the configuration as asked for.
tree_lost() {
	awk '
		function option(line) { return line ~ /^#/ ? $2 : substr(line, 1, index(line, "=") - 1) }
		!/^(# )?CONFIG_/ { next }
		FNR == NR { asked[option($0)] = $0; next }
		{ got[option($0)] = $0 }
		END {
			for (name in asked)
				if (asked[name] != got[name] && (got[name] || asked[name] !~ /^#/))
					print "\047" asked[name] "\047"
		}
	' "${kernel[tree]}/xlp.config" "${kernel[tree]}/.config" | sort
}

tree_compile() {
	local tree=${kernel[tree]} TIMEFORMAT='%0R %0U %0S'
	{ time tree_make 2>&3; } 3>&2 2>"$tree/xlp.time" && return
	grep -E -A 3 'error:|Error |undefined reference' "$tree/xlp.log" | head -n 12 >&2 || true
	die "Linux ${kernel[release]} does not build for ${arch[name]}: see $tree/xlp.log"
}

tree_make() {
	in_tree make O="${kernel[tree]}" -j "$(nproc)" "${arch[tree_image]##*/}" modules 2>&1 |
		tee -a "${kernel[tree]}/xlp.log" | tree_progress
}

# On a terminal one line moves; a log gets a line now and then.
tree_progress() {
	local what file files=0 shown=0 start=$SECONDS
	while read -r what file _; do
		[[ $what != AS && $what != CC ]] || files=$((files + 1))
		if [[ -t 2 ]]; then
			printf '\r\e[K[%d s] %d files  %s %s' $((SECONDS - start)) "$files" "$what" "$file" >&2
		elif ((SECONDS - start >= shown + 30)); then
			shown=$((SECONDS - start))
			note "[$shown s] $files files  $what $file"
		fi
	done
	[[ ! -t 2 ]] || printf '\r\e[K' >&2
}

tree_took() {
	local wall user system
	read -r wall user system <"${kernel[tree]}/xlp.time"
	echo "$wall s ($((user + system)) s of processor time)"
}
