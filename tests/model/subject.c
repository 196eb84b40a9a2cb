// SPDX-License-Identifier: GPL-2.0
/* subject.c - the code under test, and which of its variables its lock guards */
#include "../../common/world.c"

extern char __start_model_subject[], __stop_model_subject[];

bool subject_owns(const void *place)
{
	return (const char *)place >= __start_model_subject &&
	       (const char *)place < __stop_model_subject;
}

/* Not compiled for the sanitizer, as its loads are no steps of the code under test. */
__attribute__((no_sanitize_thread)) bool subject_counts_right(void)
{
	const struct world_table *table;
	unsigned int used, i;

	for (table = world_tables; table; table = table->older) {
		used = 0;
		for (i = 0; i <= table->mask; i++)
			used += !!table->slots[i];
		if (used != table->used)
			return false;
	}
	return true;
}

/* Not compiled for the sanitizer, as it is what that asks. */
__attribute__((no_sanitize_thread)) bool subject_guards(const void *place)
{
	const struct world_table *table;

	for (table = world_tables; table; table = table->older)
		if (place == &table->used)
			return true;
	return place == &world_permit || place == &world_missed;
}
