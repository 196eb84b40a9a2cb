# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What QEMU boots. An EFI zboot image is a program for firmware, with the compressed kernel
# inside. Where no firmware runs QEMU wants the kernel itself, and its own way of
# unpacking one is new, and not for every architecture and compression.

# image_boot prints the file that QEMU takes; image_provide has made it.
image_boot() { echo "${kernel[boot]:-$(kernel_image)}"; }

# image_provide takes the kernel out of an EFI zboot image, into the cell's directory. All
# else QEMU boots as it is. The build root brings the program.
image_provide() {
	local image program
	image=$(kernel_image)
	image_is_zboot "$image" || return 0
	program=$(image_compression "$image")
	case $program in
	gzip | zstd) ;;
	*) die "$image has a kernel that is compressed by '$program', which the rig does not unpack: name a kernel in another format, such as ${arch[tree_image]##*/} of a build tree" ;;
	esac
	root_provide "$program"
	image_payload "$image" | in_root -- "$program" --decompress --stdout >"$cell_dir/image.new" 2>"$cell_dir/image.log" &&
		[[ -s $cell_dir/image.new ]] ||
		die "$image is damaged, as $program cannot unpack the kernel in it: fetch or build it again, see $cell_dir/image.log"
	mv "$cell_dir/image.new" "$cell_dir/image"
	kernel[boot]=$cell_dir/image
}

# The header: "MZ", 2 bytes, "zimg", where the compressed kernel begins and how long it is
# (32 bits each, little-endian), 8 bytes, and the compression's name.
image_is_zboot() { [[ $(image_bytes "$1" 0 2)/$(image_bytes "$1" 4 4) == MZ/zimg ]]; }

image_compression() { image_bytes "$1" 24 32; }

image_payload() {
	local at length
	read -r at length < <(od --address-radix=n --endian=little --format=u4 --skip-bytes=8 --read-bytes=8 "$1")
	dd if="$1" iflag=skip_bytes,count_bytes bs=1M skip="$at" count="$length" status=none
}

# image_bytes FILE OFFSET LENGTH prints the text there, up to the first byte that is none.
image_bytes() {
	dd if="$1" bs=1 skip="$2" count="$3" status=none | tr '\0' '\n' | head -n 1 | tr -cd '[:alnum:]'
}
