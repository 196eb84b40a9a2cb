/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what common/bind.c and symbol.c need of the kernel, on this machine */
#ifndef _XLP_TESTS_BIND_KERNEL_H
#define _XLP_TESTS_BIND_KERNEL_H

#include <errno.h>
#include <limits.h>
#include <linux/elf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define Elf_Ehdr		Elf64_Ehdr
#define Elf_Shdr		Elf64_Shdr
#define Elf_Sym			Elf64_Sym
#define KSYM_NAME_LEN		512
#define MODULE_NAME_LEN		56
#define IS_ENABLED(option)	lists_data
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define max(a, b)		((a) > (b) ? (a) : (b))
#define min(a, b)		((a) < (b) ? (a) : (b))
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define pr_err(...)		kernel_log(__VA_ARGS__)
#define pr_info(...)		kernel_log(__VA_ARGS__)

#define ELF64_ST_INFO(bind, type)	((bind) << 4 | (type))
#define XLP_BOUND_PREFIX	"xlp_sym."

/* Does this kernel have CONFIG_KALLSYMS_ALL? Nobody asks for another option. */
extern bool lists_data;

typedef unsigned char kprobe_opcode_t;
typedef unsigned int gfp_t;
typedef struct { int counter; } atomic_t;

struct pt_regs {
	unsigned long arguments[2];
};

struct kprobe {
	kprobe_opcode_t *addr;
	int (*pre_handler)(struct kprobe *probe, struct pt_regs *regs);
};

struct mod_kallsyms {
	Elf_Sym *symtab;
	unsigned int num_symtab;
	char *strtab;
};

struct module {
	char name[MODULE_NAME_LEN];
	struct mod_kallsyms *kallsyms;
};

static inline const struct mod_kallsyms *xlp_symbol_table(const struct module *mod)
{
	return mod->kallsyms;
}

static inline bool xlp_is_bound_name(const char *name)
{
	return !strncmp(name, XLP_BOUND_PREFIX, sizeof(XLP_BOUND_PREFIX) - 1);
}

void kernel_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int kstrtoul(const char *text, unsigned int base, unsigned long *number);
int scnprintf(char *to, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

typedef void (*xlp_symbol_visitor)(void *data, const char *name, unsigned long addr,
				   unsigned long size);

void xlp_matching_symbols(const char *name, int (*visit)(void *data, unsigned long addr),
			  void *data);
unsigned long xlp_symbol_address(const char *name);
unsigned long xlp_symbol_size(unsigned long addr);
bool xlp_in_init_section(unsigned long addr);
unsigned long xlp_first_site(unsigned long addr, unsigned long size);
int register_kprobe(struct kprobe *probe);
void unregister_kprobe(struct kprobe *probe);

void xlp_vmlinux_symbols(xlp_symbol_visitor visit, void *data);
void xlp_module_symbols(const struct module *mod, xlp_symbol_visitor visit, void *data);

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *pointer)
{
	return (long)pointer;
}

static inline bool IS_ERR(const void *pointer)
{
	return (unsigned long)pointer >= (unsigned long)-4095;
}

#endif /* _XLP_TESTS_BIND_KERNEL_H */
