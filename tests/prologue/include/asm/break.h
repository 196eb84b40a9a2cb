/* SPDX-License-Identifier: GPL-2.0 */
#define BRK_KPROBE_BP	10
