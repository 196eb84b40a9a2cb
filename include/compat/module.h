/* SPDX-License-Identifier: GPL-2.0 */
/* compat/module.h - what <linux/module.h> lays out differently */
#ifndef _XLP_COMPAT_MODULE_H
#define _XLP_COMPAT_MODULE_H

#include <compat/unexported.h>
#include <linux/elf.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

/* xlp_sym.OBJECT.NAME.POSITION: a name that xlp.ko binds while a module is loaded. */
#define XLP_BOUND_PREFIX	"xlp_sym."

static inline bool xlp_is_bound_name(const char *name)
{
	return !strncmp(name, XLP_BOUND_PREFIX, sizeof(XLP_BOUND_PREFIX) - 1);
}

/**
 * struct xlp_range - a piece of memory
 * @start:	its first byte
 * @end:	the byte behind its last
 */
struct xlp_range {
	unsigned long start;
	unsigned long end;
};

static inline bool xlp_in_range(const struct xlp_range *range, unsigned long addr)
{
	return addr >= range->start && addr < range->end;
}

/**
 * xlp_module_get() - keep a module from going, if its init is over
 * @name:	its name
 *
 * Context: any but NMI.
 *
 * Return: the module, for module_put(), or NULL if there is none.
 */
static inline struct module *xlp_module_get(const char *name)
{
	struct module *mod;

	/* Up to v6.x module lists are under RCU-sched, later under RCU. */
	rcu_read_lock_sched();
	mod = unexported(find_module)(name);
	if (mod && (mod->state != MODULE_STATE_LIVE || !try_module_get(mod)))
		mod = NULL;
	rcu_read_unlock_sched();
	return mod;
}

/**
 * xlp_module_text() - where the code of a module lies
 * @mod:	the module, which must not go away meanwhile
 *
 * Return: the code that stays after init.
 */
static inline struct xlp_range xlp_module_text(const struct module *mod)
{
#ifdef XLP_HAVE_MODULE_MEMORY
	unsigned long start = (unsigned long)mod->mem[MOD_TEXT].base;

	return (struct xlp_range){ start, start + mod->mem[MOD_TEXT].size };
#else
	unsigned long start = (unsigned long)mod->core_layout.base;

	return (struct xlp_range){ start, start + mod->core_layout.text_size };
#endif
}

/**
 * xlp_module_rodata() - where the data of a module lie that nobody writes
 * @mod:	the module, which must not go away meanwhile
 *
 * Return: those that stay after init, notes of the linker among them.
 */
static inline struct xlp_range xlp_module_rodata(const struct module *mod)
{
#if defined(XLP_HAVE_MODULE_MEMORY)
	unsigned long start = (unsigned long)mod->mem[MOD_RODATA].base;

	return (struct xlp_range){ start, start + mod->mem[MOD_RODATA].size };
#elif defined(CONFIG_ARCH_WANTS_MODULES_DATA_IN_VMALLOC)
	unsigned long start = (unsigned long)mod->data_layout.base;

	return (struct xlp_range){ start, start + mod->data_layout.ro_size };
#else
	unsigned long start = (unsigned long)mod->core_layout.base;

	return (struct xlp_range){ start + mod->core_layout.text_size,
				   start + mod->core_layout.ro_size };
#endif
}

/**
 * xlp_module_percpu() - where the symbols of a module's per-CPU variables are
 * @mod:	the module, which must not go away meanwhile
 *
 * Those addresses are what per_cpu_ptr() takes, and cannot be read themselves.
 *
 * Return: an empty range if it has none, or if they are data like any other (no SMP).
 */
static inline struct xlp_range xlp_module_percpu(const struct module *mod)
{
#ifdef CONFIG_SMP
	unsigned long start = (__force unsigned long)mod->percpu;

	return (struct xlp_range){ start, start + mod->percpu_size };
#else
	return (struct xlp_range){ };
#endif
}

/**
 * xlp_module_livepatch_symbol() - what a module leaves to in-kernel livepatch to find
 * @mod:	a module whose init is running: later on its table is a smaller one
 *
 * kpatch and klp-build mark such symbols, and relocations of their own lead to them.
 * A loader without livepatch passes over both, so the code would run with zeroes. What xlp.ko
 * has bound (common/bind.h) is marked in the same way, and has its address.
 *
 * Return: the first such symbol's name, or NULL.
 */
static inline const char *xlp_module_livepatch_symbol(const struct module *mod)
{
	const struct mod_kallsyms *table = rcu_dereference_check(mod->kallsyms, true);
	unsigned int i;

	for (i = 1; i < table->num_symtab; i++)
		if (table->symtab[i].st_shndx == SHN_LIVEPATCH &&
		    !xlp_is_bound_name(table->strtab + table->symtab[i].st_name))
			return table->strtab + table->symtab[i].st_name;
	return NULL;
}

#endif /* _XLP_COMPAT_MODULE_H */
