# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What xlp check wants to know of a kernel: its symbols, what ftrace catches there, and its exports.
# One boot of each kernel, with nothing of xlp in the guest, says it; the cache keeps it.

# shellcheck disable=SC2154	# rig, top, cache, cell_dir and others are in the parts before

# symbols_dir prints where it is kept. What is no kernel of the archive may be built anew at any time.
symbols_dir() {
	local modules
	modules=$(tr -s ', ' '\n' <<<"${MODULES:-}" | grep . | sort -u | paste -sd+ || true)
	if [[ ${kernel[suite]:-} && ! ${kernel[tree]:-} ]]; then
		echo "$cache/symbols/${arch[debian_arch]}/${kernel[release]}_${kernel[version]}${modules:+_$modules}"
	else
		echo "$cell_dir/saved"
	fi
}

symbols_fetch() {
	phase fetch
	busybox_fetch
	image_provide
	[[ ! ${arch[qemu_suite]:-} ]] || qemu_root_provide
	[[ ! ${MODULES:-} ]] || modules_provide
}

# symbols_pack: a busybox, and who asks the kernel
symbols_pack() {
	phase pack
	"$rig/initramfs" "$(busybox)" "$cell_dir/none" "$cell_dir/initramfs" "$(kernel_module "${arch[verdict_module]:-}")"
	modules_pack "$cell_dir/initramfs"
	guest_pack "$cell_dir/initramfs" symbols "$rig/symbols.d/guest" "$top/tools/xlp-save"
}

# symbols_unpack VERDICT_LOG DIR
symbols_unpack() {
	tr -d '\r' <"$1" | sed -n '/^symbols: begin$/,/^symbols: complete$/ { /^symbols: /d; p }' | base64 --decode 2>/dev/null |
		tar --extract --gzip --no-same-owner --directory "$2" 2>/dev/null
}

# symbols_boot ARCH KERNEL DIR
symbols_boot() {
	[[ ! -d $3 || $3 == "$cell_dir"/* ]] || return 0	# another run was faster
	local dir=$cell_dir tmp exports status=0
	exports=${kernel[symvers]:-${kernel[tree]:-${kernel[dir]}$(kernel_build_dir)}/Module.symvers}
	note "booting Linux ${kernel[release]} for ${arch[name]}, once, for its symbols"
	# The guest's run works in this cell, by itself.
	GUEST=symbols CELL_DIR=${dir%/*} "$rig/run" "$1" "$2" >"$dir.log" 2>&1 9>&- || status=$?
	sed -i '/^[A-Za-z0-9+\/=]\{70,\}\r*$/d' "$dir.log"	# the files, which verdict.log has
	((status == 0)) || {
		grep -E '^(error|FAILED|	)' "$dir.log" | head -n 5 >&2 || true
		die "Linux ${kernel[release]} for ${arch[name]} could not be asked for its symbols: see $dir.log"
	}
	tmp=$(tmp_beside "$3")
	symbols_unpack "$dir/verdict.log" "$tmp" && [[ -s $tmp/kallsyms && -s $tmp/available_filter_functions ]] ||
		die "what the guest of Linux ${kernel[release]} has said of its symbols is damaged: run again (see $dir/verdict.log)"
	[[ $(<"$tmp/release") == "${kernel[release]}" ]] ||
		die "the guest says that it runs $(<"$tmp/release"), and not ${kernel[release]}: see $dir/console.log"
	[[ ! -e $exports ]] || cp "$exports" "$tmp/Module.symvers"
	chmod -R a+rX "$tmp"
	rm -rf "${3:?}"
	mv -T "$tmp" "$3"
	rm -f "$dir/verdict.log"	# megabytes
}

# symbols_provide ARCH KERNEL prints the directory; the cell is not opened, as its run does that.
symbols_provide() {
	local dir
	arch_load "$1"
	toolchain_choose
	cell=$(cell_name "$1" "$2")
	cell_dir=$build/cross/symbols/$cell
	mkdir -p "$cell_dir" || die "cannot write in $build: make it writable"
	kernel_find "$2"
	kernel_fetch
	dir=$(symbols_dir)
	[[ -d $dir && $dir != "$cell_dir"/* ]] || locked "symbols-${arch[debian_arch]}-${kernel[release]}" symbols_boot "$1" "$2" "$dir" >&2 || exit
	echo "$dir"
}
