# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# From KERNEL= to a kernel: which one it is, its image, its headers.

declare -A kernel=()	# suite, release, version, dir (of the unpacked packages) or
			# tree; config and source, if the rig builds the tree

readonly suites=(bookworm bookworm-backports trixie trixie-backports forky sid)

# kernel_find KERNEL fills kernel[] for the architecture that is loaded.
kernel_find() {
	case $1 in
	*/* | .) kernel_is_tree "$1" ;;
	[0-9]*) kernel_has_prefix "$1" ;;
	debug) tree_find trixie debug ;;
	debug-*) tree_find "${1#debug-}" debug ;;
	*)
		[[ " ${suites[*]} " == *" $1 "* ]] ||
			die "unknown KERNEL '$1': use one of ${suites[*]}, a version such as 6.17, debug, debug-SUITE, or the path of a kernel build tree"
		kernel_of_suite "$1"
		;;
	esac
}

kernel_is_tree() {
	local tree
	tree=$(realpath -e "$1" 2>/dev/null) || die "no kernel build tree at $1: KERNEL= must name a directory"
	[[ -e $tree/include/config/kernel.release && -e $tree/Module.symvers ]] ||
		die "$tree is not a built kernel tree: build the kernel and its modules there first"
	[[ -e $tree/${arch[tree_image]} ]] ||
		die "$tree has no ${arch[tree_image]}: build it for ARCH=${arch[kbuild_arch]} first"
	kernel=([tree]=$tree [release]=$(<"$tree/include/config/kernel.release") [version]=$tree)
}

# The flavour's meta package depends on the newest kernel of the suite.
kernel_of_suite() {
	local image
	apt_index "$1" "${arch[debian_arch]}"
	image=$(apt_field "$1" "${arch[debian_arch]}" "linux-image-${arch[flavour]}" Depends |
		grep -o "linux-image-[^ ]*-${arch[flavour]}" | head -n 1) || true
	[[ $image ]] || die "suite $1 has no kernel for ${arch[name]}: try another KERNEL"
	kernel_take "$1" "$image"
}

# kernel_has_prefix 6.1 takes 6.1.0-50, but neither 6.12 nor a -rt- kernel. It
# looks for headers: some suites keep old images whose headers are gone.
kernel_has_prefix() {
	local suite headers
	for suite in "${suites[@]}"; do
		(apt_index "$suite" "${arch[debian_arch]}") || continue
		headers=$(apt_do "$suite" "${arch[debian_arch]}" apt-cache pkgnames "linux-headers-$1" |
			grep -E "^linux-headers-${1//./\\.}([.+~-][0-9a-z.+~-]*)?-${arch[flavour]}$" |
			grep -Ev -- '-(rt|cloud)-' | sort -V | tail -n 1) || true
		if [[ $headers ]]; then
			kernel_take "$suite" "linux-image-${headers#linux-headers-}"
			return
		fi
	done
	die "no suite has a kernel $1 with headers for ${arch[name]} (looked in ${suites[*]})"
}

# kernel_take SUITE IMAGE_PACKAGE
kernel_take() {
	local version
	version=$(apt_field "$1" "${arch[debian_arch]}" "$2" Version)
	[[ $version ]] || die "the index of $1 names $2 but does not have it: try again later"
	kernel=([suite]=$1 [release]=${2#linux-image-} [version]=$version)
	kernel[dir]=$cache/kernel/${arch[debian_arch]}/${kernel[release]}_$version
}

# kernel_fetch makes image and headers available in kernel[dir].
kernel_fetch() {
	[[ ! ${kernel[config]:-} ]] || tree_provide
	[[ ${kernel[tree]:-} || -d ${kernel[dir]} ]] ||
		locked "kernel-${arch[debian_arch]}-${kernel[release]}" kernel_download
}

# Headers come for the architecture; the host tools among them (modpost,
# objtool) are in linux-kbuild and are needed for this machine.
kernel_download() {
	[[ -d ${kernel[dir]} ]] && return	# another run was faster
	local suite=${kernel[suite]} darch=${arch[debian_arch]} version=${kernel[version]} release=${kernel[release]}
	local depends common kbuild tmp deb
	depends=$(apt_field "$suite" "$darch" "linux-headers-$release" Depends)
	common=$(grep -o 'linux-headers-[^ ]*-common' <<<"$depends") || die "suite $suite has no headers of $release for $darch"
	kbuild=$(grep -o 'linux-kbuild-[^ ,]*' <<<"$depends")
	apt_index "$suite" "$(native_arch)"

	tmp=$(tmp_beside "${kernel[dir]}")
	note "fetching Linux $release ($version, $suite)"
	apt_fetch "$suite" "$darch" "$tmp/debs" "$(kernel_image_package)=$version" \
		"linux-headers-$release=$version" "$common=$version"
	apt_fetch "$suite" "$(native_arch)" "$tmp/debs" "$kbuild=$version"
	for deb in "$tmp"/debs/*.deb; do
		case ${deb##*/} in
		linux-headers* | linux-kbuild*) unpack "$tmp" "$deb" ;;
		*) kernel_unpack_image "$tmp" "$deb" ;;
		esac
	done
	rm -r "$tmp/debs"
	mv -T "$tmp" "${kernel[dir]}"
}

# Of the image package, the image and the one module that a guest may need.
kernel_unpack_image() {
	unpack "$1" "$2" --wildcards "*/vmlinu[xz]*"
	[[ ! ${arch[verdict_module]:-} ]] || unpack "$1" "$2" --wildcards "*/${arch[verdict_module]}.ko" 2>/dev/null || true
}

# Since 7.x the image itself is in linux-binary; before, in linux-image.
kernel_image_package() {
	if [[ $(apt_field "${kernel[suite]}" "${arch[debian_arch]}" "linux-binary-${kernel[release]}" Version) ]]; then
		echo "linux-binary-${kernel[release]}"
	else
		echo "linux-image-${kernel[release]}"
	fi
}

kernel_image() {
	if [[ ${kernel[tree]:-} ]]; then
		echo "${kernel[tree]}/${arch[tree_image]}"
	else
		find "${kernel[dir]}" -name 'vmlinu[xz]*' -type f ! -path '*/src/*'
	fi
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
