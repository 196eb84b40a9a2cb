/* SPDX-License-Identifier: GPL-2.0 */
/* xlp/arch.h - all else is in <asm/xlp-branch.h> */
#include <asm-generic/xlp/branch.h>

#define xlp_arch_method	xlp_branch_method_if_any
