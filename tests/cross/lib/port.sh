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
	port_make >"$cell_dir/port.log" 2>&1 || cell_complain port.log 'error|Error|ERROR' "the report does not build for $cell"
}

# port_pack INITRAMFS adds the module and who asks it.
port_pack() { guest_pack "$1" port "$cell_dir/src/tests/port/xlp_port.ko" "$top/tests/port/guest"; }
