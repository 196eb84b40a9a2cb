// SPDX-License-Identifier: GPL-2.0
/*
 * bind.c - which undefined names of a module get an address, and which refuse it
 *
 * common/bind.c is handed a module as the loader has it at the entry of
 * module_frob_arch_sections(): headers of sections, symbols and names, each in memory of its
 * own, so that the sanitizer sees who reads beyond. Then the module is announced, with the
 * same symbols.
 */
#include "../../common/alloc.h"
#include "../../common/bind.h"
#include "../../common/hold.h"
#include "kernel.h"

#define MOST_SYMBOLS	8

static struct kprobe *probed;
static bool asleep_allowed;
static int probing_fails;
static char logged[1000];
static unsigned int nr_cases, nr_failed;

/* ---- the kernel ---- */

/* With what is said of its clone as long as a line may be; by one letter it is longer. */
#define FITTING_NAME	\
	"a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_n"
#define LONG_NAME	\
	"ba_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_name_a_long_n"

static const struct {
	const char *name;
	unsigned long addr;
} symbols[] = {
	{ "one", 0x1000 },
	{ "twice", 0x2000 },
	{ "twice", 0x2100 },
	{ "with.dots.3", 0x3000 },
	{ "boot_only", 0x9000 },
	{ "module_frob_arch_sections", 0x4000 },
	{ "lto", 0xf000 },
	{ "ltoo.llvm.1", 0x5000 },
	{ "promoted.llvm.4711", 0x6000 },
	{ "promoted.cold", 0x6100 },
	{ "split.cold", 0x6200 },
	{ "split.cold.3", 0x6300 },
	{ "split.isra.0", 0x6400 },
	{ "split.isra.1", 0x6500 },
	{ "only.cold", 0x6600 },
	{ "only.isra.0.cold", 0x6700 },
	{ "idt.0", 0x6800 },
	{ "file.c", 0x6900 },
	{ LONG_NAME ".llvm.1", 0x6a00 },
	{ FITTING_NAME ".llvm.1", 0x6b00 },
	/* As the kernel finds those of modules. */
	{ "ext4:one", 0xa000 },
	{ "ext4:twice", 0xa100 },
	{ "ext4:twice", 0xa200 },
	{ "ext4:with.dots.3", 0xa300 },
	{ "ext4:made.constprop.0", 0xa400 },
};

bool lists_data = true;

static struct module ext4 = { .name = "ext4" };
static unsigned int nr_held;

#define NR_SYMBOLS	(sizeof(symbols) / sizeof(symbols[0]))

void kernel_log(const char *fmt, ...)
{
	size_t length = strlen(logged);
	va_list args;

	va_start(args, fmt);
	vsnprintf(logged + length, sizeof(logged) - length, fmt, args);
	va_end(args);
}

int kstrtoul(const char *text, unsigned int base, unsigned long *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	*number = strtoul(text, &end, base);
	return *end ? -EINVAL : 0;
}

int scnprintf(char *to, size_t size, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(to, size, fmt, args);
	va_end(args);
	return length < (int)size ? length : (int)size - 1;
}

void xlp_matching_symbols(const char *name, int (*visit)(void *data, unsigned long addr),
			  void *data)
{
	size_t i;

	if (!asleep_allowed) {
		printf("Bail out! a search that sleeps, where nobody may\n");
		exit(1);
	}
	for (i = 0; i < NR_SYMBOLS; i++)
		if (!strcmp(symbols[i].name, name) && visit(data, symbols[i].addr))
			return;
}

void xlp_vmlinux_symbols(xlp_symbol_visitor visit, void *data)
{
	size_t i;

	if (!asleep_allowed) {
		printf("Bail out! a walk that takes long, where nobody may sleep\n");
		exit(1);
	}
	for (i = 0; i < NR_SYMBOLS && strncmp(symbols[i].name, "ext4:", 5); i++)
		visit(data, symbols[i].name, symbols[i].addr, 0);
}

unsigned long xlp_symbol_address(const char *name)
{
	size_t i;

	for (i = 0; i < NR_SYMBOLS; i++)
		if (!strcmp(symbols[i].name, name))
			return symbols[i].addr;
	return 0;
}

void xlp_module_symbols(const struct module *mod, xlp_symbol_visitor visit, void *data)
{
	size_t i;

	for (i = 0; i < NR_SYMBOLS; i++)
		if (!strncmp(symbols[i].name, "ext4:", 5) && mod == &ext4 && nr_held)
			visit(data, symbols[i].name + 5, symbols[i].addr, 16);
}

struct module *xlp_hold(const struct module *patch, const char *name)
{
	if (!asleep_allowed || strcmp(patch->name, "a_patch")) {
		printf("Bail out! a module is held for what is no patch that is announced\n");
		exit(1);
	}
	if (strcmp(name, "ext4"))
		return ERR_PTR(-ENOENT);
	nr_held++;
	return &ext4;
}

unsigned long xlp_symbol_size(unsigned long addr)
{
	return 16;
}

bool xlp_in_init_section(unsigned long addr)
{
	return addr >= 0x9000 && addr < 0xa000;
}

unsigned long xlp_first_site(unsigned long addr, unsigned long size)
{
	return addr == 0x4000 && size == 16 ? 0x4004 : 0;
}

int register_kprobe(struct kprobe *probe)
{
	if (!probing_fails)
		probed = probe;
	return probing_fails;
}

void unregister_kprobe(struct kprobe *probe)
{
	probed = NULL;
}

void *xlp_alloc(size_t size)
{
	return asleep_allowed ? calloc(1, size) : NULL;
}

void xlp_free(const void *memory)
{
	free((void *)memory);
}

/* ---- a module ---- */

struct loaded {
	Elf_Ehdr *hdr;
	Elf_Shdr *sections;
	Elf_Sym *symbols;
	char *names;
	size_t names_size;
	unsigned int nr;
};

static void *exactly(const void *from, size_t size)
{
	void *to = malloc(size);

	if (!to) {
		printf("Bail out! no memory\n");
		exit(1);
	}
	memcpy(to, from, size);
	return to;
}

/* One symbol for each name, undefined; the last name ends where its section does. */
static struct loaded load(const char *const *names, unsigned int nr)
{
	Elf_Sym all[MOST_SYMBOLS + 1] = { };
	Elf_Shdr headers[4] = { };
	Elf_Ehdr header = { .e_shnum = 4 };
	struct loaded module = { .nr = nr };
	char text[1000] = "";
	size_t size = 1;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		all[i + 1].st_name = size;
		all[i + 1].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
		memcpy(text + size, names[i], strlen(names[i]));
		size += strlen(names[i]) + 1;
	}
	module.names = exactly(text, size);
	module.names_size = size;
	module.symbols = exactly(all, (nr + 1) * sizeof(all[0]));
	headers[1] = (Elf_Shdr){ .sh_type = SHT_PROGBITS };
	headers[2] = (Elf_Shdr){
		.sh_type = SHT_SYMTAB, .sh_link = 3, .sh_size = (nr + 1) * sizeof(all[0]),
		.sh_addr = (unsigned long)module.symbols,
	};
	headers[3] = (Elf_Shdr){
		.sh_type = SHT_STRTAB, .sh_size = size, .sh_addr = (unsigned long)module.names,
	};
	module.sections = exactly(headers, sizeof(headers));
	module.hdr = exactly(&header, sizeof(header));
	return module;
}

static void frob(struct loaded *module)
{
	struct pt_regs regs = {
		.arguments = { (unsigned long)module->hdr, (unsigned long)module->sections },
	};

	logged[0] = '\0';
	asleep_allowed = false;
	probed->pre_handler(probed, &regs);
	asleep_allowed = true;
}

static int announce(struct loaded *module)
{
	struct mod_kallsyms table = {
		.symtab = module->symbols, .num_symtab = module->nr + 1, .strtab = module->names,
	};
	struct module mod = { .name = "a_patch", .kallsyms = &table };

	return xlp_bind_check(&mod);
}

static void unload(struct loaded *module)
{
	free(module->hdr);
	free(module->sections);
	free(module->symbols);
	free(module->names);
}

static void result(bool passed, const char *title)
{
	if (!passed && *logged)
		printf("# log: %s", logged);
	printf("%sok %u %s\n", passed ? "" : "not ", ++nr_cases, title);
	nr_failed += !passed;
}

#define PATCH	"__xlp_enable_patch"

/* A name that is bound, to this address. */
static void expect_bound(const char *title, const char *name, unsigned long addr)
{
	const char *const names[] = { PATCH, name };
	struct loaded module = load(names, 2);
	char *before = exactly(module.names, module.names_size);
	const Elf_Sym *other = &module.symbols[1], *bound = &module.symbols[2];

	frob(&module);
	result(bound->st_shndx == SHN_LIVEPATCH && bound->st_value == addr && !announce(&module) &&
	       !*logged && other->st_shndx == SHN_UNDEF && !other->st_value &&
	       !memcmp(before, module.names, module.names_size), title);
	free(before);
	unload(&module);
}

/* One that is refused when the module is announced, and what is said of it. */
static void expect_refused(const char *title, const char *name, const char *said)
{
	const char *const names[] = { name, PATCH };
	struct loaded module = load(names, 2);

	frob(&module);
	result(module.symbols[1].st_shndx == SHN_LIVEPATCH && module.symbols[1].st_value &&
	       !*logged && announce(&module) == (strstr(said, "not loaded") ? -ENOENT : -EINVAL) &&
	       !strcmp(logged, said), title);
	unload(&module);
}

/* A module that is no patch, or a name that is none of xlp's. */
static void expect_left(const char *title, const char *name, const char *with, const char *said)
{
	const char *const names[] = { name, with };
	struct loaded module = load(names, 2);
	const Elf_Sym *symbol = &module.symbols[1];

	frob(&module);
	result(symbol->st_shndx == SHN_UNDEF && !symbol->st_value && !*logged &&
	       announce(&module) == (*said ? -EINVAL : 0) && !strcmp(logged, said), title);
	unload(&module);
}

static void expect_nothing(const char *title, void (*spoil)(struct loaded *module))
{
	static const char *const names[] = { PATCH, "xlp_sym.vmlinux.one.0" };
	struct loaded module = load(names, 2);

	spoil(&module);
	frob(&module);
	result(module.symbols[2].st_shndx != SHN_LIVEPATCH, title);
	unload(&module);
}

/* What the loader has put there in place of what was bound. */
static void expect_compared(const char *title)
{
	static const char *const names[] = { PATCH, "xlp_sym.vmlinux.one.0" };
	struct loaded module = load(names, 2);

	frob(&module);
	module.symbols[2].st_value++;
	result(announce(&module) == -EINVAL &&
	       !strcmp(logged, "module 'a_patch': 'one': bound to another symbol\n"), title);
	unload(&module);
}

static bool logged_is(const char *line)
{
	bool is = !strcmp(logged, line);

	logged[0] = '\0';
	return is;
}

/* A patch that came while kprobes were off, or before xlp.ko was there. */
static void expect_missed(const char *title)
{
	static const char *const names[] = { "xlp_sym.vmlinux.one.0", PATCH };
	struct loaded module = load(names, 2);
	bool as_wanted;

	logged[0] = '\0';
	as_wanted = announce(&module) == -EAGAIN &&
		    logged_is("module 'a_patch': 'vmlinux.one.0': not bound, as kprobes are off (debugfs: kprobes/enabled), or xlp.ko came meanwhile: load it again\n");
	result(as_wanted, title);
	unload(&module);
}

static void expect_not_offered(const char *title)
{
	static const char *const names[] = { PATCH, "xlp_sym.vmlinux.one.0" };
	struct loaded module = load(names, 2);
	bool as_wanted;

	xlp_bind_exit();
	logged[0] = '\0';
	probing_fails = -EINVAL;
	as_wanted = !xlp_bind_init() &&
		    logged_is("names that patches leave open (xlp_sym.*) cannot be bound: no kprobe on module_frob_arch_sections (-22)\n");
	as_wanted &= announce(&module) == -EOPNOTSUPP &&
		     logged_is("module 'a_patch': 'vmlinux.one.0': cannot be bound on this kernel: make it an import\n");
	result(as_wanted, title);
	probing_fails = -ENOMEM;
	result(xlp_bind_init() == -ENOMEM && !*logged, "no memory");
	probing_fails = 0;
	xlp_bind_init();
	unload(&module);
}

static void no_symbols(struct loaded *module)
{
	module->sections[2].sh_type = SHT_PROGBITS;
}

static void no_names(struct loaded *module)
{
	module->sections[2].sh_link = 4;
}

static void names_not_in_file(struct loaded *module)
{
	module->sections[3].sh_type = SHT_NOBITS;
}

static void name_outside(struct loaded *module)
{
	module->symbols[2].st_name = module->names_size;
}

static void name_without_end(struct loaded *module)
{
	module->sections[3].sh_size--;
}

static void defined_already(struct loaded *module)
{
	module->symbols[2].st_shndx = 1;
}

static void weak_patch(struct loaded *module)
{
	module->symbols[1].st_info = ELF64_ST_INFO(STB_WEAK, STT_NOTYPE);
}

int main(void)
{
	printf("KTAP version 1\n1..45\n");
	result(!xlp_bind_init() && probed && probed->addr == (kprobe_opcode_t *)0x4009 && !*logged,
	       "module_frob_arch_sections() is probed behind ftrace's call");
	expect_bound("a name", "xlp_sym.vmlinux.one.0", 0x1000);
	expect_bound("a name with dots", "xlp_sym.vmlinux.with.dots.3.0", 0x3000);
	expect_bound("the first of two", "xlp_sym.vmlinux.twice.1", 0x2000);
	expect_refused("one of two, without a position", "xlp_sym.vmlinux.twice.0",
		       "module 'a_patch': 'twice': ambiguous, 2 symbols have this name; set its position: 1 (16 bytes), 2 (16 bytes)\n");
	expect_refused("the second of two", "xlp_sym.vmlinux.twice.2",
		       "module 'a_patch': 'vmlinux.twice.2': only the first symbol of a name is bound: make it an import\n");
	expect_refused("a name that is not there", "xlp_sym.vmlinux.none.0",
		       "module 'a_patch': 'none': not found\n");
	expect_refused("a name that has a number behind it", "xlp_sym.vmlinux.promoted.0",
		       "module 'a_patch': 'promoted': not found; there is 'promoted.llvm.4711'\n");
	expect_refused("a name that has another number behind it", "xlp_sym.vmlinux.promoted.llvm.1.0",
		       "module 'a_patch': 'promoted.llvm.1': not found; there is 'promoted.llvm.4711'\n");
	expect_refused("a name of which there are clones", "xlp_sym.vmlinux.split.0",
		       "module 'a_patch': 'split': not found; there is 'split.isra.0'\n");
	expect_refused("a name without its clones", "xlp_sym.vmlinux.lto.isra.0.0",
		       "module 'a_patch': 'lto.isra.0': not found; there is 'lto'\n");
	expect_refused("a name of which there is a cold part", "xlp_sym.vmlinux.only.0",
		       "module 'a_patch': 'only': not found\n");
	expect_refused("a name of which there is data with a number", "xlp_sym.vmlinux.idt.0",
		       "module 'a_patch': 'idt': not found\n");
	expect_refused("a name that a file has", "xlp_sym.vmlinux.file.0",
		       "module 'a_patch': 'file': not found\n");
	expect_refused("a name whose clone is too long to be said", "xlp_sym.vmlinux." LONG_NAME ".0",
		       "module 'a_patch': '" LONG_NAME "': not found\n");
	expect_refused("a name whose clone is not", "xlp_sym.vmlinux." FITTING_NAME ".0",
		       "module 'a_patch': '" FITTING_NAME "': not found; there is '" FITTING_NAME ".llvm.1'\n");
	lists_data = false;
	expect_refused("a name that is not listed if it is data", "xlp_sym.vmlinux.none.0",
		       "module 'a_patch': 'none': not found; this kernel does not list data (CONFIG_KALLSYMS_ALL)\n");
	expect_refused("a name of which there is a clone, where data are not listed", "xlp_sym.vmlinux.split.0",
		       "module 'a_patch': 'split': not found; there is 'split.isra.0'\n");
	lists_data = true;
	expect_refused("a name that begins another one", "xlp_sym.vmlinux.promo.0",
		       "module 'a_patch': 'promo': not found\n");
	expect_refused("what is there during boot only", "xlp_sym.vmlinux.boot_only.0",
		       "module 'a_patch': 'boot_only': only there during boot\n");
	expect_bound("a name of a module", "xlp_sym.ext4.one.0", 0xa000);
	result(nr_held == 1, "the module is held");
	expect_bound("a name with dots, of a module", "xlp_sym.ext4.with.dots.3.0", 0xa300);
	expect_bound("the first of two of a module", "xlp_sym.ext4.twice.1", 0xa100);
	expect_refused("one of two of a module", "xlp_sym.ext4.twice.0",
		       "module 'a_patch': 'twice': ambiguous, 2 symbols have this name; set its position: 1 (16 bytes), 2 (16 bytes)\n");
	expect_refused("a name that a module has not", "xlp_sym.ext4.boot_only.0",
		       "module 'a_patch': 'boot_only': not found\n");
	expect_refused("a name of which a module has a clone", "xlp_sym.ext4.made.0",
		       "module 'a_patch': 'made': not found; there is 'made.constprop.0'\n");
	nr_held = 0;
	expect_refused("a name of a module that is not there", "xlp_sym.xfs.one.0",
		       "module 'a_patch': 'one': module 'xfs' is not loaded: load it first\n");
	result(!nr_held, "nothing is held");
	expect_refused("no position", "xlp_sym.vmlinux.one",
		       "module 'a_patch': 'vmlinux.one': not xlp_sym.OBJECT.NAME.POSITION\n");
	expect_refused("no name", "xlp_sym.vmlinux.0",
		       "module 'a_patch': 'vmlinux.0': not xlp_sym.OBJECT.NAME.POSITION\n");
	expect_refused("nothing", "xlp_sym.",
		       "module 'a_patch': '': not xlp_sym.OBJECT.NAME.POSITION\n");
	expect_compared("an address that is not the symbol's");
	expect_left("another name", "xlp_symbol", PATCH, "");
	expect_left("a module that is no patch", "xlp_sym.vmlinux.one.0", "_printk",
		    "module 'a_patch': 'vmlinux.one.0': bound for patches only, which link to __xlp_enable_patch()\n");
	expect_missed("a patch that nobody was there to bind");
	expect_not_offered("a kernel on which nothing can be bound");
	expect_nothing("one that links to xlp.ko weakly", weak_patch);
	expect_nothing("no symbols", no_symbols);
	expect_nothing("names in no section", no_names);
	expect_nothing("names that are not in the file", names_not_in_file);
	expect_nothing("a name outside of its section", name_outside);
	expect_nothing("a name without an end", name_without_end);
	expect_nothing("a symbol that is defined", defined_already);
	xlp_bind_exit();
	return nr_failed || probed;
}
