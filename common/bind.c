// SPDX-License-Identifier: GPL-2.0
/*
 * bind.c - names that patches have bound while they are loaded
 *
 * What a tool makes of a change of a source refers to functions and variables that are not
 * exported. The loader calls module_frob_arch_sections() for each module when it has
 * checked the file, and has looked at no symbol yet: at its entry a kprobe gives those names their
 * addresses, in the loader's own copy of the file. SHN_LIVEPATCH says that a symbol has its
 * value already, in every kernel whether it has livepatch or not; the loader then does
 * with it what it does with any that was undefined, stubs for calls over long distances
 * included.
 *
 * At that entry nothing may sleep, and the search of the kernel that tells how many symbols
 * have a name does. So there the first symbol is taken, or for want of one any address that
 * all relocations reach, and when the module is announced each is looked for again. That is
 * before any of its code runs, and refuses what is not what was meant by one line and an error.
 *
 * Who links to __xlp_enable_patch() is refused by the loader unless xlp.ko is there to announce
 * it to, and its license lets it. Others have nothing bound. Nothing is kept of a module at
 * the entry: it may still be refused, and nobody would say so. When it is announced, modules
 * that it is bound to are held (hold.c).
 */
#include "log.h"

#include <compat/kallsyms.h>
#include <compat/module.h>
#include <compat/sections.h>
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/kconfig.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/string.h>
#include <xlp/arch.h>
#include "alloc.h"
#include "bind.h"
#include "hold.h"
#include "symbol.h"

/* Whose entry it is; the headers of the file are its first and second argument. */
#define BIND_AT		"module_frob_arch_sections"

/* What patches link to. */
#define BIND_FOR	"__xlp_enable_patch"

#define BIND_VMLINUX	"vmlinux"

/**
 * struct bind_table - the symbols of a module that is being loaded
 * @symbols:	all of them
 * @nr:		how many
 * @names:	their names
 * @names_size:	bytes of these
 */
struct bind_table {
	Elf_Sym *symbols;
	unsigned long nr;
	char *names;
	unsigned long names_size;
};

/* What is bound for want of the right one, and refused when the module is announced. */
static unsigned long bind_anywhere;

/* Is the entry hooked? */
static bool bind_probes;

static bool bind_find_table(const Elf_Ehdr *hdr, const Elf_Shdr *sections, struct bind_table *table)
{
	const Elf_Shdr *symbols, *names;
	unsigned int i;

	for (i = 1; i < hdr->e_shnum && sections[i].sh_type != SHT_SYMTAB; i++)
		;
	if (i >= hdr->e_shnum)
		return false;
	symbols = &sections[i];
	if (symbols->sh_link >= hdr->e_shnum)
		return false;
	names = &sections[symbols->sh_link];
	if (names->sh_type != SHT_STRTAB)
		return false;
	/* The loader has set these to where it has the sections now. */
	table->symbols = (Elf_Sym *)symbols->sh_addr;
	table->nr = symbols->sh_size / sizeof(Elf_Sym);
	table->names = (char *)names->sh_addr;
	table->names_size = names->sh_size;
	return table->symbols && table->names;
}

/* Return: the name of a symbol that the module leaves undefined, if it is whole. */
static char *bind_undefined(const struct bind_table *table, const Elf_Sym *symbol)
{
	unsigned long left;
	char *name;

	if (symbol->st_shndx != SHN_UNDEF || symbol->st_name >= table->names_size)
		return NULL;
	name = table->names + symbol->st_name;
	left = table->names_size - symbol->st_name;
	return strnlen(name, left) < left ? name : NULL;
}

/* A weak one would not have the loader look whether xlp.ko is there. */
static bool bind_is_patch(const struct bind_table *table)
{
	unsigned long i;
	char *name;

	for (i = 1; i < table->nr; i++) {
		name = bind_undefined(table, &table->symbols[i]);
		if (name && ELF_ST_BIND(table->symbols[i].st_info) == STB_GLOBAL &&
		    !strcmp(name, BIND_FOR))
			return true;
	}
	return false;
}

/* ---- the words of a name ---- */

/**
 * struct bind_wanted - what a name says after xlp_sym.
 * @object:	vmlinux or a module
 * @name:	the symbol's name, behind the first dot; may have dots in it
 * @end:	the dot behind it
 * @sympos:	which of several, as &xlp_func.old_sympos
 */
struct bind_wanted {
	char *object;
	char *name;
	char *end;
	unsigned long sympos;
};

/* Return: what is wrong with it, or NULL. */
static const char *bind_parse(char *text, struct bind_wanted *wanted)
{
	char *dot = strchr(text, '.'), *last = strrchr(text, '.');

	if (!dot || dot == text || dot + 1 >= last || kstrtoul(last + 1, 10, &wanted->sympos))
		return "not xlp_sym.OBJECT.NAME.POSITION";
	if (wanted->sympos > 1)
		return "only the first symbol of a name is bound: make it an import";
	wanted->object = text;
	wanted->name = dot + 1;
	wanted->end = last;
	return NULL;
}

static bool bind_is_of_vmlinux(const struct bind_wanted *wanted)
{
	size_t size = wanted->name - wanted->object - 1;

	return size == strlen(BIND_VMLINUX) && !strncmp(wanted->object, BIND_VMLINUX, size);
}

/* ---- while it is loaded ---- */

static unsigned long bind_first(char *text)
{
	struct bind_wanted wanted;
	unsigned long addr;

	if (bind_parse(text, &wanted))
		return 0;
	/* In the loader's copy, which nobody else reads. Of a module it is OBJECT:NAME. */
	*wanted.end = '\0';
	wanted.name[-1] = ':';
	addr = xlp_symbol_address(bind_is_of_vmlinux(&wanted) ? wanted.name : wanted.object);
	wanted.name[-1] = '.';
	*wanted.end = '.';
	return addr;
}

/* Sleeping is not allowed here, and on some architectures interrupts are off. */
static int bind_handle(struct kprobe *probe, struct pt_regs *regs)
{
	const Elf_Ehdr *hdr = (const Elf_Ehdr *)xlp_arch_argument(regs, 0);
	const Elf_Shdr *sections = (const Elf_Shdr *)xlp_arch_argument(regs, 1);
	struct bind_table table;
	unsigned long i;
	char *name;

	if (!bind_find_table(hdr, sections, &table) || !bind_is_patch(&table))
		return 0;
	for (i = 1; i < table.nr; i++) {
		name = bind_undefined(&table, &table.symbols[i]);
		if (!name || !xlp_is_bound_name(name))
			continue;
		table.symbols[i].st_value = bind_first(name + strlen(XLP_BOUND_PREFIX)) ?:
					    bind_anywhere;
		table.symbols[i].st_shndx = SHN_LIVEPATCH;
	}
	return 0;
}

/* ---- when it is announced ---- */

#define bind_err(mod, text, fmt, ...) \
	pr_err("module '%s': '%.*s': " fmt "\n", (mod)->name, KSYM_NAME_LEN, text, ##__VA_ARGS__)

/* @of: NULL: vmlinux */
static int bind_judge(const struct module *mod, const char *name, unsigned long sympos,
		      const struct module *of, unsigned long bound)
{
	struct xlp_symbol_search search = {
		.name = name,
		.sympos = sympos,
		.may_be_data = true,
	};
	char flaw[XLP_SYMBOL_FLAW_LEN];

	xlp_symbol_search(&search, of);
	if (xlp_symbol_judge(&search, of, flaw)) {
		bind_err(mod, name, "%s", flaw);
		return -EINVAL;
	}
	if (!of && xlp_in_init_section(search.addr)) {
		bind_err(mod, name, "only there during boot");
		return -EINVAL;
	}
	if (search.addr != bound) {
		bind_err(mod, name, "bound to another symbol");
		return -EINVAL;
	}
	return 0;
}

/* Its symbols go with it, so it must not; and those of its init have gone. */
static int bind_judge_of_module(const struct module *mod, const struct bind_wanted *wanted,
				unsigned long bound)
{
	struct module *of = xlp_hold(mod, wanted->object);

	if (of == ERR_PTR(-ENOENT))
		bind_err(mod, wanted->name, "module '%s' is not loaded: load it first",
			 wanted->object);
	if (IS_ERR(of))
		return PTR_ERR(of);
	return bind_judge(mod, wanted->name, wanted->sympos, of, bound);
}

static int bind_check_name(const struct module *mod, const char *text, unsigned long bound)
{
	size_t size = strlen(text) + 1;
	struct bind_wanted wanted;
	const char *flaw;
	char *copy;
	int err;

	copy = xlp_alloc(size);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, size);
	flaw = bind_parse(copy, &wanted);
	if (flaw) {
		bind_err(mod, text, "%s", flaw);
		err = -EINVAL;
	} else {
		*wanted.end = '\0';
		wanted.name[-1] = '\0';
		err = strcmp(wanted.object, BIND_VMLINUX) ?
			      bind_judge_of_module(mod, &wanted, bound) :
			      bind_judge(mod, wanted.name, wanted.sympos, NULL, bound);
	}
	xlp_free(copy);
	return err;
}

/* The loader has left what it resolved undefined, with a value. */
static bool bind_links_to_xlp(const struct mod_kallsyms *symbols)
{
	struct bind_table table = {
		.symbols = symbols->symtab,
		.nr = symbols->num_symtab,
		.names = symbols->strtab,
		.names_size = ULONG_MAX,
	};

	return bind_is_patch(&table);
}

/* Its tool makes them weak, so the kernel has left them open. */
static int bind_left_open(const struct module *mod, const char *text)
{
	if (!bind_probes) {
		bind_err(mod, text, "cannot be bound on this kernel: make it an import");
		return -EOPNOTSUPP;
	}
	if (!bind_links_to_xlp(xlp_symbol_table(mod))) {
		bind_err(mod, text, "bound for patches only, which link to " BIND_FOR "()");
		return -EINVAL;
	}
	bind_err(mod, text,
		 "not bound, as kprobes are off (debugfs: kprobes/enabled), or xlp.ko came meanwhile: load it again");
	return -EAGAIN;
}

int xlp_bind_check(const struct module *mod)
{
	const struct mod_kallsyms *table = xlp_symbol_table(mod);
	const Elf_Sym *symbol;
	const char *name;
	unsigned int i;
	int err = 0;

	for (i = 1; i < table->num_symtab && !err; i++) {
		symbol = &table->symtab[i];
		name = table->strtab + symbol->st_name;
		if (!xlp_is_bound_name(name))
			continue;
		name += strlen(XLP_BOUND_PREFIX);
		if (symbol->st_shndx == SHN_LIVEPATCH)
			err = bind_check_name(mod, name, symbol->st_value);
		else if (symbol->st_shndx == SHN_UNDEF)
			err = bind_left_open(mod, name);
	}
	return err;
}

/* ---- loading xlp ---- */

static struct kprobe bind_probe = {
	.pre_handler = bind_handle,
};

/*
 * Behind ftrace's call, where the arguments are as they came: a probe on the call would be
 * one of ftrace's, which makes each call of a replaced function dearer where that has but one
 * handler for all.
 */
static unsigned long bind_place(unsigned long addr)
{
	unsigned long site = xlp_first_site(addr, xlp_symbol_size(addr));

	return site ? site + xlp_arch_call_size : addr;
}

static int bind_probe_loader(void)
{
	if (!XLP_CAN_READ_ARGUMENTS)
		return -EOPNOTSUPP;
	bind_anywhere = xlp_symbol_address(BIND_AT);
	if (!bind_anywhere)
		return -ENOENT;
	bind_probe.addr = (kprobe_opcode_t *)bind_place(bind_anywhere);
	return register_kprobe(&bind_probe);
}

int xlp_bind_init(void)
{
	int err = bind_probe_loader();

	bind_probes = !err;
	if (err == -ENOMEM)
		return err;
	if (err)
		pr_info("names that patches leave open (xlp_sym.*) cannot be bound: %s (%d)\n",
			XLP_CAN_READ_ARGUMENTS ? "no kprobe on " BIND_AT :
						 "not tried on this architecture", err);
	return 0;
}

void xlp_bind_exit(void)
{
	/* Waits until the handler runs nowhere any more. */
	if (bind_probes)
		unregister_kprobe(&bind_probe);
}
