// SPDX-License-Identifier: GPL-2.0
/*
 * A changed function uses what is gone after boot.
 *
 *	changed function: f
 *	refused: 'boot_value' is used, and gone after init: do without it
 */
#include "../case.h"

int __initdata boot_value = 5;

int f(int x)
{
	return x + PICK(0, boot_value);
}
