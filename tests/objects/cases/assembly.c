// SPDX-License-Identifier: GPL-2.0
/*
 * Code that is in no function.
 *
 *	refused: code in .text.stub changes that is in no function: assembly cannot be patched: change its callers
 */
#include "../case.h"

asm(".pushsection .text.stub,\"ax\"\n"
    ".globl stub\n"
    "stub:\n\tnop\n" PICK("", "\tnop\n")
    ".popsection");

int f(int x)
{
	return outside(x);
}
