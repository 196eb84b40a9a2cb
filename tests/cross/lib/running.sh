# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The code of a kernel while it runs, for tests/cross/running.

# shellcheck disable=SC2154	# cell_dir is in the parts before

running_build() {
	phase build
	cell_copy
	# shellcheck disable=SC2016	# expanded inside, from cell_env
	in_cell sh -c '$USERCC -D_GNU_SOURCE -O2 -Wall -static -o tools/text/xlp-text tools/text/main.c' >"$cell_dir/running.log" 2>&1 ||
		cell_complain running.log '' "what reads the code does not build for $cell"
}

# running_pack INITRAMFS adds it, and who calls it.
running_pack() { guest_pack "$1" running "$cell_dir/src/tools/text/xlp-text" "$rig/running.d/guest"; }

# running_take VERDICT DIR has in DIR what the guest has saved, or fails: then it is not whole.
running_take() {
	local said sum
	said=$(sed -n 's/^saved-all \([0-9a-f]*\)\r*$/\1/p' "$1")
	rm -rf "${2:?}"
	mkdir -p "$2"
	sed -n 's/^saved \([^\r]*\)\r*$/\1/p' "$1" | base64 --decode >"$2/archive" || return
	sum=$(sha256sum <"$2/archive")
	[[ $said && $said == "${sum%% *}" ]] || return
	tar --extract --gzip --no-same-owner --directory "$2" --file "$2/archive" || return
	gzip -6 "$2/text" || return
	rm "$2/archive"
}
