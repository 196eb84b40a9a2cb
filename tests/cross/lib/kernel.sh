# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# From KERNEL= to a kernel: which one it is, its image, its headers.

declare -A kernel=()	# suite (of the archive), release, version, dir (of the unpacked
			# packages) or tree; image and symvers, if they are not in the
			# tree; config and source, if the rig builds the tree

kernel_wanted=		# what was asked for

readonly suites=(bookworm bookworm-backports trixie trixie-backports forky sid)

# kernel_find KERNEL fills kernel[] for the architecture that is loaded.
kernel_find() {
	kernel_wanted=$1
	kernel_check "$1"
	if tree_wanted "$1"; then
		tree_find "$tree_suite_wanted" "$tree_layers_wanted"
		return
	fi
	case $1 in
	*/* | . | *.deb) kernel_is_path "$1" ;;
	[0-9]*) kernel_has_prefix "$1" ;;
	*) kernel_of_suite "$1" ;;
	esac
}

# kernel_check KERNEL dies of what cannot be meant, before anything is looked for.
kernel_check() {
	local built=
	tree_wanted "$1" && built=yes
	case $1 in
	*/* | . | *.deb | [0-9]*) ;;
	*)
		[[ $built || " ${suites[*]} " == *" $1 "* ]] ||
			die "unknown KERNEL '$1': use one of ${suites[*]}, a version such as 6.12, debug, debug-SUITE or other layers of make kernel, the path of a kernel build tree or of a directory with a kernel, or .deb files"
		;;
	esac
	[[ ! ${FLAVOUR:-} || ! $built && $1 != @(*/*|.|*.deb) ]] ||
		die "FLAVOUR='$FLAVOUR' is one of Debian's kernels, and KERNEL=$1 is none of them: leave one out"
}

# kernel_is_path PATH: a build tree, a directory with a kernel, or packages.
kernel_is_path() {
	local dir
	[[ $1 != *.deb ]] || { kernel_is_debs "$1"; return; }
	dir=$(realpath -e "$1" 2>/dev/null) || die "no kernel at $1: KERNEL= must name a build tree, a directory with a kernel, or .deb files"
	if [[ -e $dir/usr/src ]]; then
		kernel_is_unpacked "$dir" "$dir"
	elif [[ -e $dir/build ]]; then
		kernel_is_tree "$(realpath "$dir/build")" "$dir"
	else
		kernel_is_tree "$dir"
	fi
}

# kernel_arch TREE prints for which architecture a tree is configured, by the name of its
# directory: with ARCH=x86_64 kbuild writes that in its place.
kernel_arch() { sed -n '3s,^# Linux/\([^ ]*\) .*,\1,p' "$1/.config" 2>/dev/null | sed 's/^x86_64$/x86/' || true; }

# kernel_is_as_wide TREE dies of a tree of 64 bits for an architecture of 32, or the other way
# round, which are one directory of the kernel.
kernel_is_as_wide() {
	case ${arch[elf]}-$(grep -m 1 -E '^(CONFIG_64BIT=y|# CONFIG_64BIT is not set)' "$1/.config" 2>/dev/null) in
	01*=y) die "$1 is built for 64 bits, and ARCH=${arch[name]} has 32: set ARCH=" ;;
	02*'not set') die "$1 is built for 32 bits, and ARCH=${arch[name]} has 64: set ARCH=" ;;
	esac
}

# kernel_is_tree TREE [DIR]: in DIR, if it is said, lies the image, and perhaps Module.symvers.
kernel_is_tree() {
	local tree=$1 dir=${2:-} image=$1/${arch[tree_image]} of
	[[ ! $dir ]] || image=$(find "$dir" -maxdepth 1 \( -name 'vmlinu[xz]*' -o -name "*${arch[tree_image]##*/}*" \) | sort | head -n 1)
	[[ -e $tree/include/config/kernel.release && ( -e $tree/Module.symvers || -e $dir/Module.symvers ) ]] ||
		die "$tree is not a built kernel tree: build the kernel and its modules there first"
	of=$(kernel_arch "$tree")
	[[ ! $of || $of == "${arch[directory]}" ]] ||
		die "$tree is built for $of, and ARCH=${arch[name]} is another architecture: set ARCH=$of"
	kernel_is_as_wide "$tree"
	[[ -e $image ]] ||
		die "${dir:-$tree} has no ${arch[tree_image]##${dir:+*/}}: build it for ARCH=${arch[kbuild_arch]} first"
	kernel=([tree]=$tree [release]=$(<"$tree/include/config/kernel.release") [version]=${dir:-$tree} [image]=$image)
	[[ -e $tree/Module.symvers ]] || kernel[symvers]=$dir/Module.symvers
}

# kernel_is_unpacked DIR WHAT: headers and an image, as packages lay them out.
kernel_is_unpacked() {
	local headers path file
	headers=$(cd "$1" && find usr/src -mindepth 2 -maxdepth 4 -path '*/include/generated/autoconf.h' | sort | head -n 1)
	[[ $headers ]] || die "there are no headers of a configured kernel in $2: add its linux-headers package"
	headers=${headers%/include/*}
	kernel=([dir]=$1 [release]=${headers#usr/src/linux-headers-} [version]="$1" [suite]='')
	[[ -e $1/$headers/Module.symvers ]] || die "$headers in $2 has no Module.symvers: build the modules of that kernel, too"
	[[ $(kernel_image) ]] || die "there is no kernel (vmlinuz or vmlinux) in $2: add its linux-image or linux-binary package"
	# Debian's headers are in three packages, and refer to each other, by links that may be relative.
	path=$(readlink "$1/$headers/scripts") || true
	[[ $path != [!/]* ]] || path=/$(realpath -ms --relative-to="$1" "$1/$headers/$path")
	for path in "$path" $(grep -hoE '^include /usr/[^ ]*' "$1/$headers/Makefile" | cut -d' ' -f2); do
		[[ $path != /* || -e $1$path ]] || {
			file=$(cut -d/ -f4 <<<"$path")
			die "$2 lacks $path: add the package ${file/%src/linux-headers}"
		}
	done
}

# kernel_is_debs FILES, with commas or spaces between them
kernel_is_debs() {
	local debs deb dir sum of
	read -ra debs <<<"${1//,/ }"
	for deb in "${debs[@]}"; do
		[[ -e $deb ]] || die "no kernel at $deb: KERNEL= must name .deb files that are there, with commas between them"
		of=$(dpkg-deb --field "$deb" Architecture 2>/dev/null) || die "$deb is no package of Debian's kind: use what make bindeb-pkg makes, or Debian's packages"
		[[ $of == @(all|${arch[debian_arch]}) || $(dpkg-deb --field "$deb" Package) == linux-kbuild* ]] ||
			die "$deb is for $of, and ARCH=${arch[name]} is ${arch[debian_arch]}: set ARCH="
	done
	sum=$(stat --format '%n %s %Y' "${debs[@]}" | sort | cksum | cut -d' ' -f1)
	dir=$cache/kernel/${arch[debian_arch]}/debs-$sum
	[[ -d $dir ]] || locked "kernel-debs-$sum" kernel_unpack_debs "$dir" "${debs[@]}"
	kernel_is_unpacked "$dir" "$1"
}

# kernel_unpack_debs DIR DEB...
kernel_unpack_debs() {
	[[ -d $1 ]] && return	# another run was faster
	local tmp deb
	tmp=$(tmp_beside "$1")
	for deb in "${@:2}"; do
		case $(dpkg-deb --field "$deb" Package) in
		linux-headers* | linux-kbuild*) unpack "$tmp" "$deb" ;;
		*) kernel_unpack_image "$tmp" "$deb" ;;
		esac
	done
	mv -T "$tmp" "$1"
}

# kernel_releases SUITE FLAVOUR [PREFIX] prints what the index names, newest first. It
# looks for headers: some suites keep old images whose headers are gone.
kernel_releases() {
	local rest='[0-9a-z.+~-]*' pattern
	pattern="[0-9]$rest"
	[[ ! ${3:-} ]] || pattern="${3//./\\.}([.+~-]$rest)?"
	apt_do "$1" "${arch[debian_arch]}" apt-cache pkgnames "linux-headers-${3:-}" |
		sed -nE "s/^linux-headers-($pattern-$2)$/\1/p" | flavour_releases "$1" "$2" | sort -rV || true
}

# The flavour's meta package depends on the newest kernel of the suite.
kernel_of_suite() {
	local flavour image releases
	apt_index "$1" "${arch[debian_arch]}"
	flavour=$(flavour_name "$1") || flavour_unknown "$1"
	image=$(apt_field "$1" "${arch[debian_arch]}" "linux-image-$flavour" Depends |
		grep -o "linux-image-[^ ]*-$flavour" | head -n 1) || true
	[[ $image ]] || die "suite $1 has no kernel for ${arch[name]}: try ${arch[newest]:+KERNEL=${arch[newest]}, or }another KERNEL"
	mapfile -t releases < <({ kernel_releases "$1" "$flavour" && echo "${image#linux-image-}"; } | sort -ruV |
		awk -v newest="${image#linux-image-}" '$0 == newest { on = 1 } on')
	kernel_take "$1" "${releases[@]}" ||
		die "the index of $1 names kernels for ${arch[name]}, but the archive has none of them: try again later, or name another mirror with MIRROR="
}

# kernel_has_prefix 6.1 takes 6.1.0-50, but neither 6.12 nor a -rt- kernel.
kernel_has_prefix() {
	local suite flavour releases looked=() known=
	for suite in "${suites[@]}"; do
		(apt_index "$suite" "${arch[debian_arch]}") || continue
		looked+=("$suite")
		flavour=$(flavour_name "$suite") || continue
		known=yes
		mapfile -t releases < <(kernel_releases "$suite" "$flavour" "$1")
		! kernel_take "$suite" "${releases[@]}" || return 0
	done
	[[ $known || ! ${looked[*]} ]] || flavour_unknown "${looked[@]}"
	die "no suite has a kernel $1${FLAVOUR:+ of flavour $FLAVOUR} with headers for ${arch[name]} that can be had (looked in ${suites[*]})"
}

# kernel_take SUITE RELEASE... takes the first one that is not known to be missing.
kernel_take() {
	local suite=$1 darch=${arch[debian_arch]} release version newest=
	for release in "${@:2}"; do
		for version in $(apt_versions "$suite" "$darch" "linux-image-$release"); do
			kernel=([suite]=$suite [release]=$release [version]=$version)
			kernel[dir]=$cache/kernel/$darch/${release}_$version
			newest=${newest:-"$release ($version)"}
			[[ -d ${kernel[dir]} ]] || ! apt_is_missing "$suite" "$darch" "$release" "$version" || continue
			[[ $newest == "$release ($version)" ]] ||
				note "note: the archive does not have all packages of Linux $newest for $darch, which the index of $suite names; using $release ($version)"
			return 0
		done
	done
	return 1
}

# kernel_fetch makes image and headers available in kernel[dir]. Where the archive
# does not have the newest kernel of its index, kernel[] becomes an older one.
kernel_fetch() {
	[[ ! ${kernel[config]:-} ]] || tree_provide
	until [[ ${kernel[tree]:-} || -d ${kernel[dir]} ]]; do
		locked "kernel-${arch[debian_arch]}-${kernel[release]}" kernel_download || exit
		[[ -d ${kernel[dir]} ]] || kernel_find "$kernel_wanted"
	done
}

# kernel_download puts the kernel there as a whole, or notes that it is missing.
kernel_download() {
	[[ -d ${kernel[dir]} ]] && return	# another run was faster
	local tmp deb
	tmp=$(tmp_beside "${kernel[dir]}")
	note "fetching Linux ${kernel[release]} (${kernel[version]}, ${kernel[suite]})"
	if ! kernel_get "$tmp/debs"; then
		apt_note_missing "${kernel[suite]}" "${arch[debian_arch]}" "${kernel[release]}" "${kernel[version]}"
		rm -r "$tmp"
		return
	fi
	for deb in "$tmp"/debs/*.deb; do
		case ${deb##*/} in
		linux-headers* | linux-kbuild*) unpack "$tmp" "$deb" ;;
		*) kernel_unpack_image "$tmp" "$deb" ;;
		esac
	done
	rm -r "$tmp/debs"
	mv -T "$tmp" "${kernel[dir]}"
}

# kernel_get DIR downloads all packages of one version; fails if one is missing.
# Headers come for the architecture; the host tools among them (modpost,
# objtool) are in linux-kbuild and are needed for this machine.
kernel_get() {
	local suite=${kernel[suite]} darch=${arch[debian_arch]} version=${kernel[version]} release=${kernel[release]}
	local depends common kbuild
	depends=$(apt_field "$suite" "$darch" "linux-headers-$release=$version" Depends)
	common=$(grep -o 'linux-headers-[^ ,]*-common[^ ,]*' <<<"$depends") &&
		kbuild=$(grep -o 'linux-kbuild-[^ ,]*' <<<"$depends") || return 1
	apt_index "$suite" "$(native_arch)"
	apt_try "$suite" "$(native_arch)" "$1" "$kbuild=$version" &&
		apt_try "$suite" "$darch" "$1" "linux-headers-$release=$version" "$common=$version" \
			"$(kernel_image_package)=$version"
}

# Of the image package, the image and the one module that a guest may need.
kernel_unpack_image() {
	unpack_first "$1" "$2" "*/vmlinu[xz]*" ||
		die "${2##*/} is damaged, or has no kernel: run again, or name another mirror with MIRROR="
	[[ ! ${arch[verdict_module]:-} ]] || unpack_first "$1" "$2" "*/${arch[verdict_module]}.ko" 2>/dev/null ||
		! full_disk >/dev/null || die "cannot unpack ${2##*/}"
}

# Since 7.x the image itself is in linux-binary; before, in linux-image.
kernel_image_package() {
	if [[ $(apt_versions "${kernel[suite]}" "${arch[debian_arch]}" "linux-binary-${kernel[release]}") ]]; then
		echo "linux-binary-${kernel[release]}"
	else
		echo "linux-image-${kernel[release]}"
	fi
}

kernel_image() {
	if [[ ${kernel[tree]:-} ]]; then
		echo "${kernel[image]:-${kernel[tree]}/${arch[tree_image]}}"
	else
		find "${kernel[dir]}" -name 'vmlinu[xz]*' -type f ! -path '*/src/*'
	fi
}

# What xlp is built on; see Kconfig.
readonly kernel_options=(MODULES KALLSYMS KPROBES DYNAMIC_FTRACE)

# kernel_can dies of a kernel without one of these, before anything is built for it.
kernel_can() {
	local config option
	config=${kernel[tree]:-${kernel[dir]}$(kernel_build_dir)}/include/generated/autoconf.h
	for option in "${kernel_options[@]}"; do
		grep -q "^#define CONFIG_$option 1" "$config" ||
			die "Linux ${kernel[release]} for ${arch[name]} has no CONFIG_$option, which xlp needs: build it with that, or use another KERNEL"
	done
	# One of the two is enough, and neither of them is for people to set.
	grep -qE '^#define CONFIG_DYNAMIC_FTRACE_WITH_(REGS|ARGS) 1' "$config" ||
		die "Linux ${kernel[release]} for ${arch[name]} has neither CONFIG_DYNAMIC_FTRACE_WITH_REGS nor CONFIG_DYNAMIC_FTRACE_WITH_ARGS, of which xlp needs one: build it with options that these depend on, or use another KERNEL"
}

# kernel_module NAME prints the file of a module; nothing if it is built in.
kernel_module() {
	[[ ! $1 ]] || find "${kernel[tree]:-${kernel[dir]}}" -name "$1.ko"
}

# The directory for make -C, as seen inside the build root.
kernel_build_dir() { echo "${kernel[tree]:-/usr/src/linux-headers-${kernel[release]}}"; }

# A static busybox of the architecture, from the kernel's suite or, where that
# has none (backports, a build tree), from the stable release.
busybox_suite() {
	local suite=${kernel[suite]:-trixie}
	echo "${suite%-backports}"
}

busybox() { echo "$cache/busybox/$(busybox_suite)-${arch[debian_arch]}"; }

busybox_fetch() {
	[[ -e $(busybox) ]] || locked "busybox-${arch[debian_arch]}" busybox_download
}

busybox_download() {
	[[ -e $(busybox) ]] && return
	local suite tmp
	suite=$(busybox_suite)
	apt_index "$suite" "${arch[debian_arch]}"
	tmp=$(tmp_beside "$(busybox)")
	apt_fetch "$suite" "${arch[debian_arch]}" "$tmp" busybox-static
	unpack "$tmp" "$tmp"/busybox-static_*.deb --wildcards '*/bin/busybox'
	mv -T "$(find "$tmp" -type f -path '*/bin/busybox')" "$(busybox)"
	rm -r "$tmp"
}
