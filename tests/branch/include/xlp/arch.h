/* SPDX-License-Identifier: GPL-2.0 */
/* xlp/arch.h - all of it is in <asm/xlp-branch.h> */
