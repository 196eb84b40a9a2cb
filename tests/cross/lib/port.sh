# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The report of a port, for make port-report.

# shellcheck disable=SC2154	# cell_dir is in the parts before

port_make() {
	# shellcheck disable=SC2016	# expanded inside, from cell_env
	in_cell sh -c 'exec make -C "$KDIR" M=/src/tests/port ARCH="$ARCH" CROSS_COMPILE="$CROSS_COMPILE" CC="$CC" "$@"' - \
		-j "$(nproc)" CONFIG_DEBUG_INFO_BTF_MODULES= XLP_ARCH="${XLP_ARCH:-}" W="${W:-}" V="${V:-}" modules
}

port_build() {
	phase build
	port_make >"$cell_dir/port.log" 2>&1 || {
		grep -E 'error|Error|ERROR' "$cell_dir/port.log" | head -n 20 >&2 || true
		die "the report does not build for $cell: see $cell_dir/port.log"
	}
}

# port_pack INITRAMFS adds the module and who asks it, as an archive of its own.
port_pack() (
	local dir
	dir=$(mktemp -d)
	trap 'rm -rf "${dir:?}"' EXIT
	mkdir -p "$dir/xlp/port"
	cp "$cell_dir/src/tests/port/xlp_port.ko" "$top/tests/port/guest" "$dir/xlp/port/"
	(cd "$dir" && find xlp/port | LC_ALL=C sort | cpio --create --format newc --owner 0:0 --quiet) >>"$1"
)
