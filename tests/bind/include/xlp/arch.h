/* SPDX-License-Identifier: GPL-2.0 */
/* arch.h - the architecture of this test: arguments are in a table */
#define xlp_arch_call_size	5
#define XLP_CAN_READ_ARGUMENTS	true
#define xlp_arch_argument(regs, nr)	((regs)->arguments[nr])
