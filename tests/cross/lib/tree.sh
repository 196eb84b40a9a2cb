# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Kernels that the rig builds itself, from a suite's linux-source package or from a
# directory with a kernel's source. Their options come in layers, which are fragments in
# configs/, or files of one's own: base, then the architecture's, then those asked for.

# shellcheck disable=SC2154	# kernel[] and arch[] are in the parts before

# What a kernel build needs beside what a module build needs. In the root only
# once a kernel is built. With W=1, 7.x looks at comments by Python.
readonly tree_packages=(gcc flex bison bc libelf-dev python3)

# What tree_wanted has found: layers with commas, and a suite.
# shellcheck disable=SC2034	# read by whoever calls it
tree_layers_wanted="" tree_suite_wanted=""

# ---- which kernel ----

# tree_layers prints the names of all layers that can be asked for.
tree_layers() {
	local file name names=()
	for file in "$rig"/configs/*.config; do
		name=$(basename "$file" .config)
		[[ -e $rig/arch/$name.conf ]] || names+=("$name")
	done
	echo "${names[*]}"
}

tree_is_layer() { [[ $1 && $1 != */* && -e $rig/configs/$1.config && ! -e $rig/arch/$1.conf ]]; }

# tree_wanted KERNEL takes apart "debug", "debug,livepatch-sid" or "base,../my.config"; fails
# if the first word is no layer.
tree_wanted() {
	local suite last
	tree_is_layer "${1%%[,-]*}" || return
	tree_layers_wanted=$1 tree_suite_wanted=trixie
	for suite in "${suites[@]}"; do
		[[ $1 == *-"$suite" ]] || continue
		tree_layers_wanted=${1%-"$suite"} tree_suite_wanted=$suite
	done
	# What follows a layer is meant as a suite, whatever it is.
	last=${tree_layers_wanted##*,}
	tree_is_layer "${last%%-*}" && [[ $last == *-* ]] || return 0
	# shellcheck disable=SC2034	# as above
	tree_suite_wanted=${last#*-} tree_layers_wanted=${tree_layers_wanted%"-${last#*-}"}
}

# tree_find LINUX LAYERS fills kernel[] for the architecture that is loaded.
tree_find() {
	local layers
	[[ -e $rig/configs/${arch[name]}.config ]] ||
		die "no kernel is built for ${arch[name]}: use ARCH=$(tree_arches | sed 's/ / or /g')"
	layers=$(tree_layers_chosen "$2") || exit
	kernel=([config]=$layers)
	if [[ " ${suites[*]} " == *" $1 "* ]]; then
		tree_of_suite "$1"
	elif [[ -d $1 ]]; then
		tree_of_dir "$(realpath "$1")"
	else
		die "a kernel is built from a suite's source, not '$1': use one of ${suites[*]}, or a directory with the source of a kernel"
	fi
	tree_layers_fit
}

# tree_arches prints the architectures that have a fragment.
tree_arches() {
	local name names=()
	for name in $(arch_names); do
		[[ ! -e $rig/configs/$name.config ]] || names+=("$name")
	done
	echo "${names[*]}"
}

tree_of_suite() {
	local package version
	package=$(source_package "$1") || die "suite $1 has no linux-source package: try another suite"
	version=$(source_version "$1" "$package")
	kernel+=([suite]=$1 [version]=$version [release]=${version%-*}-$(tree_name))
	kernel[source]=$(source_tree "$package" "$version")
	kernel[tree]=$cache/built/${arch[name]}-$(tree_name)-$version$(toolchain_suffix "${arch[name]}")
}

# tree_of_dir DIR: kbuild cannot build a source elsewhere in which somebody has built before.
tree_of_dir() {
	local version file
	version=$(sed -nE '1,/^NAME/s/^(VERSION|PATCHLEVEL|SUBLEVEL) *= *([0-9]*)$/\2/p' "$1/Makefile" 2>/dev/null | paste -sd .)
	[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] ||
		die "there is no source of a kernel in $1: it has no Makefile that says which Linux it is"
	for file in "$1"/.config "$1"/include/config "$1"/arch/*/include/generated; do
		[[ ! -e $file ]] ||
			die "$1 is not clean (there is ${file#"$1/"}), and the rig builds elsewhere: make mrproper in it, or name it as KERNEL= if it is built"
	done
	kernel+=([version]=$version [release]=$version-$(tree_name) [source]=$1)
	kernel[tree]=$cache/built/${arch[name]}-$(tree_name)-dir-$(cksum <<<"$1" | cut -d' ' -f1)$(toolchain_suffix "${arch[name]}")
}

# ---- layers ----

# tree_layers_chosen WORDS prints the layers once each, in their order, files with their
# whole names; "base" alone if there are no others.
tree_layers_chosen() {
	local word words layers=()
	IFS=, read -ra words <<<"$1"
	for word in "${words[@]}"; do
		if ! tree_is_layer "$word"; then
			[[ -f $word ]] ||
				die "unknown CONFIG '$word': use some of $(tree_layers), with commas, or a file with options"
			word=$(realpath "$word")
		fi
		[[ $word == base || ,${layers[*]/%/,} == *",$word,"* ]] || layers+=("$word")
	done
	(IFS=, && echo "${layers[*]:-base}")
}

# tree_name is for names of directories: a file is known by its checksum.
tree_name() {
	local layer layers names=()
	IFS=, read -ra layers <<<"${kernel[config]}"
	for layer in "${layers[@]}"; do
		[[ $layer != */* ]] || layer=$(basename "$layer" .config)-$(cksum <<<"$layer" | cut -d' ' -f1)
		names+=("$layer")
	done
	(IFS=+ && echo "${names[*]}")
}

# tree_files prints the fragments, a line each.
tree_files() {
	local layer layers
	IFS=, read -ra layers <<<"${kernel[config]}"
	printf '%s\n' "$rig"/configs/{base,"${arch[name]}"}.config
	for layer in "${layers[@]}"; do
		case $layer in
		base) ;;
		*/*) echo "$layer" ;;
		*) echo "$rig/configs/$layer.config" ;;
		esac
	done
}

# tree_layers_fit dies of a layer that the kernel has nothing for, and of lines that are
# no options.
tree_layers_fit() {
	local file said
	while read -r file; do
		said=$(tree_options "$file" 2>&1 >/dev/null) ||
			die "no CONFIG=$(basename "$file" .config) with Linux ${kernel[version]} for ${arch[name]}: $said"
		said=$(grep -nvE '^(CONFIG_[A-Za-z0-9_]+=.+|#.*|[[:space:]]*)$' "$file" | head -n 1) || continue
		die "bad line in $file: '$said': use CONFIG_X=y or # CONFIG_X is not set"
	done < <(tree_files)
}

# tree_fragment prints one fragment made of the layers. The kernel's name has theirs.
tree_fragment() {
	local file
	echo "CONFIG_LOCALVERSION=\"-$(tree_name)\""
	while read -r file; do
		tree_options "$file"
	done < <(tree_files)
}

# tree_options FILE prints the options in it that are for the kernel. The line before one
# may say that it is not for all, and why, and a line with "all" that of the whole file:
#	# from 7.0: the reason
#	# until 6.12 on arm64 s390: the reason
#	# only x86_64: the reason
#	# all only x86_64 arm64: the reason
#	# with clang: the reason
#	# with xlp: the reason, for a source that scripts/graft has put xlp into
# If the whole file is not for the kernel it fails and prints the reason on stderr.
tree_options() {
	local xlp=${kernel[source]:-}/kernel/xlp/Kconfig
	[[ -e $xlp ]] || xlp=
	awk -v version="${kernel[version]}" -v arch="${arch[name]}" -v clang="${LLVM:-}" -v xlp="$xlp" '
		function number(v,    part) {
			split(v, part, ".")
			return part[1] * 1000 + part[2]
		}
		function named(words) { return index(" " words " ", " " arch " ") }
		/^# (all )?(from|until) [0-9.]+( on [a-z0-9_ ]+)?:/ || /^# (all )?(only [a-z0-9_ ]+|with (clang|xlp)):/ {
			head = substr($0, 3, index($0, ":") - 3)
			all = sub(/^all /, "", head)
			split(head, word, " ")
			if (word[1] == "only") {
				sub(/^only /, "", head)
				unmet = !named(head)
			} else if (word[1] == "with") {
				unmet = !(word[2] == "xlp" ? xlp : clang)
			} else {
				unmet = word[1] == "from" ? number(version) < number(word[2]) : number(version) > number(word[2])
				if (sub(/^.* on /, "", head))
					unmet = unmet && named(head)
			}
			if (unmet && all) {
				sub(/^[^:]*: */, "")
				print > "/dev/stderr"
				exit 1
			}
			other = other || unmet
			next
		}
		/^(# )?CONFIG_/ && !other {
			if (sub(/=n$/, ""))
				$0 = "# " $0 " is not set"
			print
		}
		/CONFIG_/ { other = 0 }
	' "$1"
}

# ---- building it ----

# tree_provide builds kernel[], unless that has been done.
tree_provide() {
	local LOCK_WAIT=${LOCK_WAIT:-3600}	# a build takes longer than a download
	tree_is_current || locked "built-${kernel[tree]##*/}" tree_build || exit
	kernel[release]=$(<"${kernel[tree]}/include/config/kernel.release")
}

# The stamp has the build's configuration; a build that ended early has none. In a
# directory of somebody's own anything may have changed: kbuild finds out.
tree_is_current() {
	[[ ${kernel[suite]:-} ]] && cmp --silent <(tree_fragment) "${kernel[tree]}/xlp.stamp"
}

tree_build() {
	tree_is_current && return	# another run was faster
	local tree=${kernel[tree]}
	tree_prepare
	rm -f "$tree/xlp.stamp"
	note "building Linux ${kernel[release]} for ${arch[name]}, CONFIG=${kernel[config]} (log: $tree/xlp.log)"
	tree_configure
	tree_compile
	mv "$tree/xlp.config" "$tree/xlp.stamp"
	note "built Linux ${kernel[release]} for ${arch[name]} in $(tree_took): $tree"
}

# tree_try configures kernel[] and builds nothing, in a directory that all tries with a
# source share.
tree_try() {
	kernel[tree]=$cache/built/dry-$(cksum <<<"${kernel[source]}" | cut -d' ' -f1)
	locked "built-${kernel[tree]##*/}" tree_tried
}

# tree_try_all ARCH LINUX CONFIG: any of them may be "all", which here are the architectures
# with a fragment, the newest kernels of each release, and the layers one by one. Fails if a
# kernel does not take an option; that a layer says why it is not for a kernel is no failure.
tree_try_all() {
	local name linux layer said status=0 all=("$@")
	[[ $1 != all ]] || all[0]=$(tree_arches)
	[[ $2 != all ]] || all[1]="bookworm trixie trixie-backports sid"
	[[ $3 != all ]] || all[2]=$(tree_layers)
	for name in ${all[0]}; do
		for linux in ${all[1]}; do
			for layer in ${all[2]}; do
				said=$("$rig/kernel" "$name" "$linux" "$layer" 2>&1 | tail -n 1) || true
				echo "$said"
				[[ $said == *" takes all options of "* || $said == "error: no CONFIG="* ]] || status=$fail
			done
		done
	done
	return "$status"
}

tree_tried() {
	tree_prepare
	tree_configure
	note "Linux ${kernel[release]} for ${arch[name]} takes all options of CONFIG=${kernel[config]}"
}

# tree_prepare brings the source and the programs that build it.
tree_prepare() {
	local packages
	[[ ! ${kernel[suite]:-} ]] || "$rig/source" "${kernel[suite]}=${kernel[version]}" >/dev/null
	mapfile -t packages < <(root_packages "${arch[name]}")
	root_provide "${packages[@]}" "${tree_packages[@]}"
	toolchain_check
	mkdir -p "${kernel[tree]}"
}

# in_tree CMD... runs CMD in the root, in the kernel's source, which nobody can change there.
in_tree() {
	local words
	mapfile -t words < <(toolchain_words)
	in_root mount_readonly "${kernel[source]}" "${kernel[source]}" mount_dir "${kernel[tree]}" "${kernel[tree]}" -- \
		env --chdir "${kernel[source]}" "${words[@]}" LOCALVERSION= \
		KBUILD_BUILD_USER=xlp KBUILD_BUILD_HOST=rig "$@"
}

# On top of nothing: what no fragment asks for is off, unless it is selected.
tree_configure() {
	local tree=${kernel[tree]}
	tree_fragment >"$tree/xlp.config"
	in_tree make O="$tree" KCONFIG_ALLCONFIG="$tree/xlp.config" allnoconfig >"$tree/xlp.log" 2>&1 || {
		tree_first_error >&2
		die "Linux ${kernel[release]} for ${arch[name]} cannot be configured: see $tree/xlp.log"
	}
	tree_lost >"$tree/xlp.lost"
	[[ ! -s $tree/xlp.lost ]] ||
		die "options of CONFIG=${kernel[config]} that Linux ${kernel[release]} for ${arch[name]} does not take: $(paste -sd ' ' "$tree/xlp.lost")"
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
	tree_first_error >&2
	die "Linux ${kernel[release]} does not build for ${arch[name]}: see $tree/xlp.log"
}

# tree_first_error prints the first complaint of the log with what follows it: a tool's own
# words if there are any, or else make's.
tree_first_error() {
	local pattern
	for pattern in 'error:|ERROR:|undefined reference|multiple definition|No rule to make' 'Error [0-9]+|\*\*\*' .; do
		grep -m 1 -E -A 3 "$pattern" "${kernel[tree]}/xlp.log" && return
	done
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
