# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The kernel's own livepatch selftests and samples, as they are: from the source
# of the cell's kernel to an archive for the end of the guest's initramfs.

# Whose live patching they are to find: xlp's, the kernel's own (in-kernel), or both.
against=${AGAINST:-xlp}

selftests_scripts=tools/testing/selftests/livepatch
# Before 6.9 the modules of the tests were a part of the kernel.
selftests_old_modules=lib/livepatch

# selftests_source prints the kernel's source, or the part of it that is needed.
selftests_source() {
	local dir suite=${kernel[suite]:-}
	if [[ ${kernel[source]:-} ]]; then
		echo "${kernel[source]}"
	elif [[ ${kernel[tree]:-} ]]; then
		realpath -e "${kernel[tree]}/source" 2>/dev/null || echo "${kernel[tree]}"
	elif [[ ! $suite ]]; then
		die "the selftests come from the kernel's source, and KERNEL=$kernel_wanted has none: name a suite, a version or a build tree"
	else
		source_package "$suite" "${kernel[version]}" >/dev/null ||
			die "suite $suite has no linux-source package of Linux ${kernel[version]}: try another KERNEL"
		suite+="=${kernel[version]}"
		dir=$("$rig/source" "$suite" "$selftests_scripts" samples/livepatch)
		[[ -d $dir/$selftests_scripts/test_modules ]] ||
			dir=$("$rig/source" "$suite" "$selftests_scripts" samples/livepatch "$selftests_old_modules")
		echo "$dir"
	fi
}

selftests_fetch() {
	selftests_can_be
	userland_fetch
	kernel[tests]=$(selftests_source)
	[[ -e ${kernel[tests]}/$selftests_scripts/functions.sh ]] ||
		die "no $selftests_scripts in ${kernel[tests]}: the selftests come from the source of the kernel"
}

# selftests_copy makes $cell_dir/selftests: scripts/, modules/, samples/.
selftests_copy() {
	local to=$cell_dir/selftests from=${kernel[tests]}
	rm -rf "$to"
	mkdir "$to"
	cp -r --preserve=mode,timestamps "$from/$selftests_scripts" "$to/scripts"
	cp -r --preserve=mode,timestamps "$from/samples/livepatch" "$to/samples"
	if [[ -d $to/scripts/test_modules ]]; then
		mv "$to/scripts/test_modules" "$to/modules"
	else
		cp -r --preserve=mode,timestamps "$from/$selftests_old_modules" "$to/modules"
	fi
	# A source tree may have been built in.
	find "$to" -type f \( -name '*.o' -o -name '*.ko' -o -name '.*.cmd' -o -name '*.mod*' \) -delete
	selftests_stand_in "$to/modules"
	[[ $against != both ]] || selftests_copy_again "$to"
}

# selftests_stand_in DIR puts another patch in place of modules that cannot be built in this cell, as
# scripts that do without their work load them, too.
selftests_stand_in() {
	local script reason
	while read -r script reason; do
		[[ $script != *=* ]] || cp "$rig/selftests.d/stand-in.c" "$1/${script#*=}.c"
	done < <(selftests_skips)
}

# selftests_copy_again DIR makes DIR/again: all patches by other names, as a module
# is named after its file.
selftests_copy_again() {
	local file name
	mkdir "$1/again"
	for file in "$1"/{samples,modules}/*.c; do
		grep -q '#include <linux/livepatch.h>' "$file" || continue
		name=xlp-$(basename "$file" .c)
		cp -p "$file" "$1/again/$name.c"
		echo "obj-m += $name.o" >>"$1/again/Kbuild"
	done
}

# in_selftests CMD... runs CMD in the root, with the tests in /selftests.
in_selftests() {
	local env
	mapfile -t env < <(cell_env)
	mkdir -p "$cell_dir/src"
	in_root_of_kernel mount_dir "$cell_dir/src" /src mount_dir "$cell_dir/selftests" /selftests -- \
		env --chdir /selftests "${env[@]}" "$@"
}

# selftests_make xlp|in-kernel DIR builds modules that include <linux/livepatch.h>.
# xlp's stands before the kernel's if its directory comes first of all, which needs
# no change of what is built: NOSTDINC_FLAGS are the first words of the compiler's
# line, and kernels have no others than -nostdinc there.
selftests_make() {
	local xlp=()
	[[ $1 == in-kernel ]] ||
		xlp=(NOSTDINC_FLAGS="-nostdinc -I/src/include" KBUILD_EXTRA_SYMBOLS=/src/Module.symvers)
	in_selftests sh -c 'exec make -C "$KDIR" ARCH="$ARCH" CROSS_COMPILE="$CROSS_COMPILE" CC="$CC" "$@"' - \
		M="/selftests/$2" "${xlp[@]}" CONFIG_TEST_LIVEPATCH=m CONFIG_SAMPLE_LIVEPATCH=m \
		CONFIG_DEBUG_INFO_BTF_MODULES= -j "$(nproc)" W="${W:-}" V="${V:-}" modules
}

selftests_make_all() {
	local whose=${against/both/in-kernel}
	selftests_make "$whose" modules &&
		selftests_make "$whose" samples || return
	[[ $against != both ]] || selftests_make xlp again || return
	[[ ! -e $cell_dir/selftests/scripts/test_klp-call_getpid.c ]] ||
		in_selftests sh -c 'cd scripts && exec $USERCC -O2 -static -o test_klp-call_getpid test_klp-call_getpid.c'
}

# selftests_skip REASON ends the run: nothing is wrong, and nothing can be tested.
selftests_skip() {
	printf '%s\n' 'KTAP version 1' 1..1 "ok 1 selftests # SKIP $1" | tee "$cell_dir/verdict.log"
	echo '0 passed, 0 failed, 1 skipped' >"$cell_dir/counts"
	exit "$skip"
}

# selftests_can_be says why not before the compiler or a guest does, at length.
selftests_can_be() {
	local port=arch/${arch[directory]}
	local headers=${kernel[tree]:-${kernel[dir]}$(kernel_build_dir)}
	[[ $against == in-kernel || -e $top/include/linux/livepatch.h ]] ||
		die "this xlp has no include/linux/livepatch.h, which the tests include"
	[[ $against == in-kernel || -d $top/$port ]] ||
		selftests_skip "xlp has no $port, so it replaces no functions there"
	[[ $against == xlp ]] ||
		grep -q '^#define CONFIG_LIVEPATCH 1' "$headers/include/generated/autoconf.h" ||
			die "Linux ${kernel[release]} for ${arch[name]} has no live patching of its own (CONFIG_LIVEPATCH): use another KERNEL, or AGAINST=xlp"
}

selftests_build() {
	phase selftests
	selftests_copy
	selftests_make_all >"$cell_dir/selftests.log" 2>&1 && return
	cell_complain selftests.log 'error|Error|ERROR' "the selftests do not build for $cell"
}

# selftests_skips prints what is not expected to run in this cell: "SCRIPT[=MODULE] REASON".
selftests_skips() {
	local script name release whose reason
	while read -r script name release whose reason; do
		# shellcheck disable=SC2053	# patterns
		[[ $script != '#'* && ${arch[name]} == $name && ${kernel[release]} == $release && $against == $whose ]] &&
			echo "$script $reason"
	done <"$rig/selftests.d/expected-skips"
	true
}

# selftests_stage lays out what the guest finds in /debian/selftests.
selftests_stage() {
	local from=$cell_dir/selftests to=$1/debian/selftests modules=$1/debian/usr/lib/modules/${kernel[release]}
	mkdir -p "$to/samples"
	cp -r "$from/scripts" "$to/scripts"
	cp "$from"/samples/*.ko "$to/samples"
	cp "$rig"/selftests.d/{guest,ktap,clean-up,*.sh} "$to"
	selftests_skips >"$to/expected-skips"
	# By path for insmod, or by name for the modprobe of older scripts.
	mkdir -p "$to/scripts/test_modules" "$modules"
	cp "$from"/modules/*.ko "$to/scripts/test_modules"
	cp "$from"/modules/*.ko "$modules"
	[[ $against == in-kernel ]] || kernel_has_xlp || cp "$cell_dir/src/xlp.ko" "$to"
	[[ $against != both ]] || cp "$from"/{modules,again}/*.ko "$to/samples"
}

# selftests_pack adds to the initramfs, which may be archive after archive.
selftests_pack() (
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	selftests_stage "$dir"
	{
		cat "$(userland)"
		archive_of "$dir" .
	} >>"$cell_dir/initramfs"
)
