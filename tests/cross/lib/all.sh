# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# All parts, in the order in which they build on each other.

lib=${BASH_SOURCE[0]%/*}
. "$lib/base.sh"
. "$lib/settings.sh"
. "$lib/arch.sh"
. "$lib/apt.sh"
. "$lib/flavour.sh"
. "$lib/kernel.sh"
. "$lib/root.sh"
. "$lib/image.sh"
. "$lib/toolchain.sh"
. "$lib/source.sh"
. "$lib/tree.sh"
. "$lib/graft.sh"
. "$lib/userland.sh"
. "$lib/guest.sh"
. "$lib/modules.sh"
. "$lib/cell.sh"
. "$lib/boot.sh"
. "$lib/patch.sh"
. "$lib/port.sh"
. "$lib/running.sh"
. "$lib/selftests.sh"
. "$lib/symbols.sh"
. "$lib/user.sh"
settings_check
user_enter "$0" "$@"
