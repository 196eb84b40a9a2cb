// SPDX-License-Identifier: GPL-2.0
/*
 * A new initcall would never be called.
 *
 *	refused: section .initcall6.init changes (initcalls, parameters, module information): it is read once, at boot or when the module is loaded: do it in a callback
 */
#include "../case.h"

int __init setup(void)
{
	return outside(1);
}

int __init setup_more(void)
{
	return outside(2);
}

asm(".pushsection .initcall6.init,\"a\"\n\t.long setup - .\n"
    PICK("", "\t.long setup_more - .\n")
    ".popsection");
