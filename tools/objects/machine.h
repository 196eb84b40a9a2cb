/* SPDX-License-Identifier: GPL-2.0 */
/* machine.h - what the relocations of an architecture mean */
#ifndef _XLP_TOOLS_MACHINE_H
#define _XLP_TOOLS_MACHINE_H

#include "object.h"

#define MACHINE_BIASES	4

/**
 * struct machine - an architecture
 * @name:	as the kernel calls it
 * @number:	e_machine
 * @biases:	what may have to be added to an addend to get the offset that is meant, as
 *		processors count from another place than the relocated field; returns how
 *		many there may be
 * @calls:	is the relocated instruction a call or a jump, so that the function's address goes
 *		nowhere?
 */
struct machine {
	const char *name;
	unsigned int number;
	unsigned int (*biases)(const struct section *section, const struct reloc *reloc,
			       int64_t biases[MACHINE_BIASES]);
	bool (*calls)(const struct section *section, const struct reloc *reloc);
};

/* Return: NULL if there is none of that number. */
const struct machine *machine_find(unsigned int number);
const char *machine_names(void);

#endif /* _XLP_TOOLS_MACHINE_H */
