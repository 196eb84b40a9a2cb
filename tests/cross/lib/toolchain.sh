# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Which compiler builds xlp, and kernels: Debian's in the build root, unless CROSS_COMPILE= or
# LLVM= names another. A toolchain that lies on this machine takes part in the build root by
# the same name.
#
# One that is merely found is not taken: what a directory somewhere at home holds must not
# change what a test means, and Debian's kernels are built by Debian's compilers.

# shellcheck disable=SC2154	# arch[] and kernel[] are in other parts

LLVM=${LLVM:-}
declare -A toolchain=()	# kind (debian, own or llvm), prefix (CROSS_COMPILE, from the root on), cc,
			# name (in words), version (once tried)

# toolchain_places prints the directories that hold toolchains: that of crosstool-ng (its own
# variable says where), and where people unpack those of kernel.org.
toolchain_places() { printf '%s\n' "${CT_PREFIX:-${HOME:-/root}/x-tools}" /opt/x-tools /opt/cross; }

# toolchains_find TUPLE... prints the prefixes of what is there, the newest by its name first;
# patterns will do. crosstool-ng makes TUPLE/bin/TUPLE-gcc, and kernel.org has that below a
# directory that names the version, such as gcc-14.2.0-nolibc.
toolchains_find() {
	local place tuple dir file
	while read -r place; do
		for tuple; do
			# shellcheck disable=SC2231	# a pattern
			for dir in "$place"/$tuple "$place"/gcc-*/$tuple; do
				file=$dir/bin/${dir##*/}-gcc
				# A link may lead to what only the build root has.
				[[ ! -e $file && ! -L $file ]] || echo "${file%gcc}"
			done
		done
	done < <(toolchain_places) | sort -rV | awk '!seen[$0]++'
}

# toolchain_suffix ARCH prints what tells apart the directories of what is built by another
# compiler than Debian's; a path is known by its checksum.
toolchain_suffix() {
	local prefix=${CROSS_COMPILE:-} triplet sum
	[[ ! $LLVM ]] || printf '%s' "-llvm${LLVM#1}"
	triplet=$(sed -n 's/^triplet *= //p' "$(arch_conf "$1")")
	[[ $prefix && $prefix != "$triplet-" ]] || return 0
	sum=$(realpath -m "$prefix" | cksum | cut -d' ' -f1)
	[[ $prefix == */* ]] || sum=
	prefix=${prefix##*/}
	printf '%s' "-${prefix%-}${sum:+-$sum}"
}

# toolchain_choose fills toolchain[] for the architecture that is loaded.
toolchain_choose() {
	local prefix=${CROSS_COMPILE:-}
	root_mounts=()
	[[ ! $LLVM || ! $prefix ]] ||
		die "LLVM=$LLVM and CROSS_COMPILE=$prefix name two compilers: leave one out"
	if [[ $LLVM ]]; then
		[[ $LLVM == 1 ]] || toolchain_llvm_known
		toolchain=([kind]=llvm [cc]=clang${LLVM#1} [prefix]='' [name]="LLVM=$LLVM")
	elif [[ ! $prefix || $prefix == "${arch[triplet]}-" ]]; then
		toolchain=([kind]=debian [cc]=${arch[triplet]}-gcc [prefix]=${arch[triplet]}-)
	else
		toolchain_named "$prefix"
	fi
}

# toolchain_llvm_known dies of a version that the suite of the build root does not have.
toolchain_llvm_known() {
	local known
	apt_index "$root_suite" "$(native_arch)"
	known=$(apt_do "$root_suite" "$(native_arch)" apt-cache pkgnames clang- | sed -n 's/^clang\(-[0-9]*\)$/\1/p' | sort -V)
	grep -qxF -- "$LLVM" <<<"$known" ||
		die "Debian ($root_suite) has no clang$LLVM: use LLVM=1, or LLVM= one of ${known//$'\n'/ }"
}

# toolchain_of_one ARCH dies of a compiler that is to be that of several architectures.
toolchain_of_one() {
	[[ ! ${CROSS_COMPILE:-} || $1 ]] ||
		die "CROSS_COMPILE=$CROSS_COMPILE is for one architecture: set ARCH=, or leave it out"
}

# toolchain_named PREFIX, as it was typed
toolchain_named() {
	local prefix=$1
	case $prefix in
	\~/*) prefix=$HOME/${prefix#\~/} ;;
	*/*) ;;
	*)
		prefix=$(toolchains_find "${1%-}" | head -n 1)
		[[ $prefix ]] || ! grep -qE "^triplet *= ${1%-}\$" "$rig"/arch/*.conf ||
			die "CROSS_COMPILE=$1 is for another architecture than ARCH=${arch[name]}: leave it out, or say ${arch[triplet]}-"
		[[ $prefix ]] || prefix=$(command -v "$1gcc" | sed 's/gcc$//') || true
		prefix=${prefix:-$1}
		;;
	esac
	[[ $prefix == */* && ( -e ${prefix}gcc || -L ${prefix}gcc ) ]] ||
		die "there is no compiler ${prefix}gcc: CROSS_COMPILE= is its name up to 'gcc', and make toolchains ARCH=${arch[name]} lists what there is"
	prefix=$(cd "${prefix%/*}" && pwd)/${prefix##*/}
	toolchain_mount "$prefix"
	toolchain=([kind]=own [prefix]=$prefix [cc]=${prefix}gcc [name]="CROSS_COMPILE=$1")
}

# toolchain_mount PREFIX has in_root show the toolchain, and where its program really is.
toolchain_mount() {
	local file dir
	for file in "$1" "$(realpath -q "${1}gcc" || echo "$1")"; do
		dir=${file%/*}
		[[ $dir != */bin ]] || dir=${dir%/bin}
		# The build root has a system of its own, and what a link leads to in that.
		case $dir/ in
		/usr/local/*) ;;
		/ | /usr/* | /bin/* | /sbin/* | /lib/* | /lib32/* | /lib64/* | /etc/* | /proc/* | /dev/* | /sys/* | /run/* | /tmp/)
			[[ $file != "$1" ]] ||
				die "$1gcc is a part of this machine's system (${dir:-/}), which the build root has no use for: leave CROSS_COMPILE= out for Debian's compiler, or name a toolchain in a directory of its own"
			continue
			;;
		esac
		[[ " ${root_mounts[*]} " == *" $dir "* ]] || root_mounts+=(mount_readonly "$dir" "$dir")
	done
}

# toolchain_packages prints what the build root needs for it, beside Debian's gcc.
toolchain_packages() {
	[[ ! $LLVM ]] || printf '%s\n' "clang${LLVM#1}" "lld${LLVM#1}" "llvm${LLVM#1}"
}

# toolchain_words prints the words for make that name the compiler, one to a line.
toolchain_words() {
	[[ ${toolchain[kind]:-} ]] || toolchain_choose
	printf '%s\n' "ARCH=${arch[kbuild_arch]}" "CROSS_COMPILE=${toolchain[prefix]}"
	[[ ${toolchain[kind]} != llvm ]] || echo "LLVM=$LLVM"
}

# toolchain_run compiles and links a function in the build root, and prints version, target,
# and the first bytes of what came out; errors go to where errors go.
toolchain_run() {
	# shellcheck disable=SC2016,SC2086	# expanded inside, and a list of words
	in_root -- env LC_ALL=C sh -c '
		cc=$1 ld=$2 && shift 2 && cd "$(mktemp -d)" && echo "int f(int x) { return x + 1; }" >f.c || exit
		$cc -dumpfullversion -dumpversion && $cc -dumpmachine || exit
		$cc "$@" -c f.c && $ld -r -o all.o f.o && od -An -v -tx1 -j4 -N2 all.o && od -An -v -tx1 -j18 -N2 all.o
		' - "${toolchain[cc]}" "${toolchain[ld]:-${toolchain[prefix]}ld}" ${arch[cc_flags]:-}
}

# toolchain_try fails, and says why in a line, if the compiler cannot compile for the
# architecture; otherwise it prints the version.
toolchain_try() {
	local said version target elf
	# A shell's line number is of no use to anybody.
	said=$(toolchain_run 2>&1 | sed 's/^-: [0-9]*: //') || true
	{ read -r version && read -r target && elf=$(cat); } <<<"$said" || true
	if [[ ! $version =~ ^[0-9][0-9.]*$ ]]; then
		echo "${toolchain[cc]} does not run in the build root: ${said%%$'\n'*}"
		return 1
	fi
	[[ $(tail -n 2 <<<"$elf" | tr -d ' \n') != "${arch[elf]}" ]] || { echo "$version"; return; }
	if toolchain_is_other "$target"; then
		echo "${toolchain[cc]} ($version) is for $target, and ARCH=${arch[name]} is another architecture"
	else
		echo "${toolchain[cc]} ($version) cannot compile for ARCH=${arch[name]}: ${elf%%$'\n'*}"
	fi
	return 1
}

# toolchain_is_other TARGET: none that the architecture is known by
toolchain_is_other() {
	local tuple
	for tuple in ${arch[tuples]//\*/}; do
		[[ $1 != "$tuple"* ]] || return 1
	done
}

# toolchain_check dies of a compiler that cannot do, before anything is built by it. Debian's is
# known to.
toolchain_check() {
	local said
	[[ ${toolchain[kind]:-} ]] || toolchain_choose
	case ${toolchain[kind]} in
	debian) return ;;
	own) said=$(toolchain_try) || die "${toolchain[name]}: $said; make toolchains ARCH=${arch[name]} lists what there is" ;;
	llvm) said=$(in_root -- "${toolchain[cc]}" -dumpversion) ;;
	esac
	toolchain[version]=$said
	toolchain_old_enough
}

# toolchain_oldest prints the version that the kernel's source asks for; nothing for headers
# from packages, which do not have that program.
toolchain_oldest() {
	local source=${kernel[source]:-${kernel[tree]:-}}
	[[ ! -e $source/source ]] || source=$source/source
	[[ -e $source/scripts/min-tool-version.sh ]] || return 0
	SRCARCH=${arch[directory]} sh "$source/scripts/min-tool-version.sh" "$1"
}

version_before() { [[ $1 != "$2" && $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

toolchain_old_enough() {
	local oldest tool=gcc
	[[ ${toolchain[kind]} != llvm ]] || tool=llvm
	oldest=$(toolchain_oldest $tool)
	[[ ! $oldest ]] || ! version_before "${toolchain[version]}" "$oldest" ||
		die "${toolchain[name]}: $tool ${toolchain[version]} is too old for Linux ${kernel[release]}, which needs $tool $oldest: take a newer one, or leave ${toolchain[name]%%=*}= out"
}

# toolchain_of_kernel prints "gcc VERSION" or "clang VERSION", by which the kernel was built.
toolchain_of_kernel() {
	awk '$2 ~ /^CONFIG_(GCC|CLANG)_VERSION$/ && $3 > 0 {
		printf "%s %d.%d.%d\n", tolower($2) ~ /gcc/ ? "gcc" : "clang", $3 / 10000, $3 / 100 % 100, $3 % 100
	}' "${kernel[tree]:-${kernel[dir]}$(kernel_build_dir)}/include/generated/autoconf.h"
}

# toolchain_suits dies of a compiler of another kind than that of the kernel: each has flags
# that the other does not know, and the configuration has settled which are used. For a
# kernel built by clang LLVM=1 need not be said.
toolchain_suits() {
	local built
	built=$(toolchain_of_kernel)
	case $built-${toolchain[kind]} in
	gcc*-llvm)
		die "LLVM=$LLVM: Linux ${kernel[release]} was built by $built, whose flags clang does not know: leave LLVM= out, or use a kernel that clang has built (make kernel LLVM=1)"
		;;
	clang*-own)
		die "${toolchain[name]}: Linux ${kernel[release]} was built by $built, whose flags gcc does not know: use LLVM=1"
		;;
	clang*-debian)
		note "note: Linux ${kernel[release]} was built by $built, so clang builds xlp, too (LLVM=1)"
		LLVM=1
		toolchain_choose
		;;
	esac
}

# toolchain_fits builds an empty module for the kernel: a compiler that is too old for it does
# not know all flags that it asks for.
toolchain_fits() {
	local log=$cell_dir/toolchain.log env said built
	[[ ${toolchain[kind]} == own && ! ${kernel[config]:-} ]] || return 0
	mapfile -t env < <(cell_env)
	# shellcheck disable=SC2016	# expanded inside, from cell_env
	! in_root_of_kernel -- env "${env[@]}" LC_ALL=C sh -c '
		cd "$(mktemp -d)" && mkdir try && echo "obj-m := try.o" >try/Kbuild &&
		printf "%s\n" "#include <linux/module.h>" "MODULE_LICENSE(\"GPL\");" >try/try.c &&
		exec make -C "$KDIR" M="$PWD/try" ARCH="$ARCH" CROSS_COMPILE="$CROSS_COMPILE" CC="$CC" "$@"' - \
		KBUILD_EXTRA_SYMBOLS="${kernel[symvers]:-}" CONFIG_DEBUG_INFO_BTF_MODULES= modules >"$log" 2>&1 || return 0
	built=$(toolchain_of_kernel)
	said=$(grep -m 1 -E "error:|Error|ERROR|\*\*\*" "$log" | sed "s/.*error: //") || true
	[[ $said != *option* ]] || ! version_before "${toolchain[version]}" "${built#* }" ||
		die "${toolchain[name]}: gcc ${toolchain[version]} is too old for Linux ${kernel[release]}, which $built has built ($said): take a newer one, or leave CROSS_COMPILE= out"
	die "${toolchain[name]}: gcc ${toolchain[version]} cannot build a module for Linux ${kernel[release]}: ${said:-it does not say why} (see $log)"
}
