# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Somebody's patch, for make patch.

# shellcheck disable=SC2154	# cell_dir is in the parts before

# patch_copy leaves behind what was built where it comes from, perhaps for another kernel.
patch_copy() {
	local to=$cell_dir/src/build/patch
	rm -rf "$to"
	mkdir -p "$to"
	tar --create --directory "$PATCH_DIR" --exclude-vcs --exclude='*.o' --exclude='*.ko' --exclude='.*.cmd' \
		--exclude='*.mod' --exclude='*.mod.c' --exclude=modules.order --exclude=Module.symvers . |
		tar --extract --no-same-owner --directory "$to"
}

# xlp's own headers come first, so that a patch for in-kernel livepatch builds, too.
patch_make() {
	# shellcheck disable=SC2016	# expanded inside, from cell_env
	in_cell sh -c 'exec make -C "$KDIR" M=/src/build/patch ARCH="$ARCH" CROSS_COMPILE="$CROSS_COMPILE" CC="$CC" \
			NOSTDINC_FLAGS="-nostdinc -I/src/include" "$@"' - \
		-j "$(nproc)" KBUILD_EXTRA_SYMBOLS="/src/Module.symvers${kernel[symvers]:+ ${kernel[symvers]}}" CONFIG_DEBUG_INFO_BTF_MODULES= W="${W:-}" V="${V:-}" modules
}

patch_build() {
	phase build
	patch_copy
	patch_make >"$cell_dir/patch.log" 2>&1 ||
		cell_complain patch.log 'error|Error|ERROR' "the patch in $PATCH_DIR does not build for $cell"
	grep -E 'warning:|WARNING' "$cell_dir/patch.log" >&2 || true
	[[ -s $cell_dir/src/build/patch/modules.order ]] ||
		die "$PATCH_DIR builds no module: its Kbuild needs a line \"obj-m := fix.o\""
}

# patch_modules prints the modules that were built, in the order of the Kbuild.
patch_modules() {
	sed 's,.*build/patch/,,; s/\.o$/.ko/' "$cell_dir/src/build/patch/modules.order"
}

# patch_pack INITRAMFS adds them, and who tries them, in the order of the Kbuild.
patch_pack() (
	local dir from=$cell_dir/src/build/patch file nr=0
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	mkdir -p "$dir/xlp/patch"
	cp "$rig/patch.d/guest" "$dir/xlp/patch/"
	[[ ! -e $PATCH_DIR/test.sh ]] || cp "$PATCH_DIR/test.sh" "$dir/xlp/patch/"
	for file in $(patch_modules); do
		nr=$((nr + 1))
		cp "$from/$file" "$dir/xlp/patch/$(printf '%02d' "$nr")-${file##*/}"
	done
	archive_of "$dir" xlp/patch >>"$1"
)
