// SPDX-License-Identifier: GPL-2.0
/* sections.c - parts of the kernel's image that its symbols tell apart */

#include <compat/kallsyms.h>
#include <compat/module.h>
#include <compat/sections.h>

/* Without KALLSYMS_ALL only those of code are listed, and only code can be asked for. */
static struct xlp_range init_section, init_text, per_cpu;

bool xlp_in_init_section(unsigned long addr)
{
	return (xlp_in_range(&init_section, addr) || xlp_in_range(&init_text, addr)) &&
	       !xlp_in_range(&per_cpu, addr);
}

bool xlp_in_init_text(unsigned long addr)
{
	return xlp_in_range(&init_text, addr);
}

static struct xlp_range between(const char *start, const char *end)
{
	return (struct xlp_range){
		xlp_symbol_address(start),
		xlp_symbol_address(end),
	};
}

/*
 * Where the other code ends right there, as on loongarch, kallsyms lists nothing at that
 * address but its end.
 */
static struct xlp_range find_init_text(void)
{
	struct xlp_range range = between("_sinittext", "_einittext");

	if (!range.start)
		range.start = xlp_symbol_address("_etext");
	return range.start ? range : (struct xlp_range){ };
}

void xlp_find_sections(void)
{
	init_section = between("__init_begin", "__init_end");
	init_text = find_init_text();
	per_cpu = between("__per_cpu_start", "__per_cpu_end");
}
