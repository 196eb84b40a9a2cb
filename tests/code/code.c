// SPDX-License-Identifier: GPL-2.0
/*
 * code.c - does common/code.c collect what a task must be outside of?
 *
 * A kernel is one table of symbols. Each case says in which of them a task counts as
 * inside; one past the end of a symbol counts, too.
 */
#include "../../common/alloc.h"
#include "../../common/code.h"
#include "../../common/hook.h"
#include "../../common/patch.h"
#include <compat/direct.h>
#include <compat/kallsyms.h>

#define MAX_FUNCS	4
#define MAX_OBJECTS	3

/* No symbol is there. */
#define UNKNOWN		0x25000UL

static struct module target = { "target", 0x20000, 0x21000 };
static struct module mod_a = { "a", 0x40000, 0x40800 };
static struct module mod_b = { "b", 0x30000, 0x30800 };

/**
 * struct symbol - a symbol of the kernel
 * @addr:	where it is
 * @size:	in bytes
 * @name:	its name
 * @mod:	whose it is; NULL: vmlinux's
 */
struct symbol {
	unsigned long addr;
	unsigned long size;
	const char *name;
	const struct module *mod;
};

static const struct symbol symbols[] = {
	{ 0x1000, 0x100, "read", NULL },
	{ 0x1100, 0x100, "write", NULL },
	{ 0x1200, 0x100, "write_all", NULL },
	{ 0x1400, 0x100, "twin", NULL },
	{ 0x1600, 0x100, "twin", NULL },
	{ 0x9000, 0x040, "read.cold", NULL },
	{ 0x9040, 0x040, "write.cold", NULL },
	{ 0x9080, 0x040, "write_all.cold", NULL },
	{ 0x90c0, 0x040, "write.cold", NULL },
	{ 0x20000, 0x100, "read", &target },
	{ 0x20100, 0x100, "write", &target },
	{ 0x20200, 0x100, "close", &target },
	{ 0x20800, 0x040, "write.cold", &target },
	{ 0x20840, 0x040, "writ.cold", &target },
	{ 0x20880, 0x040, "write2.cold", &target },
	{ 0x208c0, 0x040, "close.cold", &target },
	{ 0x30000, 0x080, "b_read", &mod_b },
	{ 0x30080, 0x080, "b_write", &mod_b },
	{ 0x30100, 0x080, "b_close", &mod_b },
	{ 0x30180, 0x080, "b_helper", &mod_b },
	{ 0x30400, 0x040, "b_write.cold", &mod_b },
	{ 0x40000, 0x080, "a_read", &mod_a },
	{ 0x40080, 0x080, "a_write", &mod_a },
	{ 0x40100, 0x080, "a_close", &mod_a },
	{ 0x40180, 0x080, "a_twin", &mod_a },
	{ 0x40400, 0x040, "a_read.cold", &mod_a },
};

bool code_has_direct_callers;
/* Which a test does not lock. */
struct mutex xlp_mutex;
struct list_head xlp_patches = { &xlp_patches, &xlp_patches };

/* ---- what code.c asks of the kernel and of xlp ---- */

static const struct symbol *symbol_at(unsigned long addr)
{
	const struct symbol *symbol;

	for (symbol = symbols; symbol < symbols + ARRAY_SIZE(symbols); symbol++)
		if (addr >= symbol->addr && addr < symbol->addr + symbol->size)
			return symbol;
	return NULL;
}

int code_kallsyms_lookup_size_offset(unsigned long addr, unsigned long *size,
				     unsigned long *offset)
{
	const struct symbol *symbol = symbol_at(addr);

	if (!symbol)
		return 0;
	*size = symbol->size;
	*offset = addr - symbol->addr;
	return 1;
}

int code_kallsyms_on_each_match_symbol(int (*visit)(void *data, unsigned long addr),
				       const char *name, void *data)
{
	const struct symbol *symbol;
	int err = 0;

	for (symbol = symbols; symbol < symbols + ARRAY_SIZE(symbols) && !err; symbol++)
		if (!symbol->mod && !strcmp(symbol->name, name))
			err = visit(data, symbol->addr);
	return err;
}

void xlp_module_symbols(const struct module *mod,
			void (*visit)(void *data, const char *name, unsigned long addr),
			void *data)
{
	const struct symbol *symbol;

	for (symbol = symbols; symbol < symbols + ARRAY_SIZE(symbols); symbol++)
		if (symbol->mod == mod)
			visit(data, symbol->name, symbol->addr);
}

static bool is_short_of_memory;
static unsigned int nr_allocated;

/* What lies behind an allocation, which is not touched. */
#define FENCE		64
#define FENCE_BYTE	0xf3

/**
 * struct block - an allocation
 * @size:	in bytes, without the fence
 * @memory:	it, and the fence
 */
struct block {
	size_t size;
	unsigned char memory[];
};

void *xlp_alloc(size_t size)
{
	struct block *block;

	if (is_short_of_memory)
		return NULL;
	block = calloc(1, sizeof(*block) + size + FENCE);
	block->size = size;
	memset(block->memory + size, FENCE_BYTE, FENCE);
	nr_allocated++;
	return block->memory;
}

void xlp_free(const void *memory)
{
	struct block *block;
	unsigned int i;

	if (!memory)
		return;
	block = container_of(memory, struct block, memory);
	for (i = 0; i < FENCE; i++) {
		if (block->memory[block->size + i] != FENCE_BYTE) {
			printf("Bail out! written behind an allocation\n");
			exit(1);
		}
	}
	nr_allocated--;
	free(block);
}

/* ---- patches ---- */

/**
 * struct patch - a patch, with all it consists of
 * @live:	the patch
 * @decl:	its declaration
 * @objects:	its objects
 * @object_decls: their declarations
 * @funcs:	their functions
 * @func_decls:	the declarations of those
 * @hooks:	where those are versions, unless it is another patch's hook
 */
struct patch {
	struct xlp_live_patch live;
	struct xlp_patch decl;
	struct xlp_live_object objects[MAX_OBJECTS];
	struct xlp_object object_decls[MAX_OBJECTS];
	struct xlp_live_func funcs[MAX_OBJECTS][MAX_FUNCS];
	struct xlp_func func_decls[MAX_OBJECTS][MAX_FUNCS];
	struct xlp_hook hooks[MAX_OBJECTS][MAX_FUNCS];
};

static struct patch a, b;

static unsigned long address_of(const char *name, const struct module *mod, unsigned int nth)
{
	const struct symbol *symbol;

	for (symbol = symbols; symbol < symbols + ARRAY_SIZE(symbols); symbol++)
		if (symbol->mod == mod && !strcmp(symbol->name, name) && !--nth)
			return symbol->addr;
	printf("Bail out! no symbol %s\n", name);
	exit(1);
}

static void make_patch(struct patch *patch, struct module *mod)
{
	memset(patch, 0, sizeof(*patch));
	patch->live.decl = &patch->decl;
	patch->decl.mod = mod;
	patch->live.objects = patch->objects;
	patch->live.worlds = XLP_BOTH_WORLDS;
	patch->live.pinned = true;
	list_add_tail(&patch->live.node, &xlp_patches);
}

/* The one that is added to from now on, with its functions in effect. */
static struct xlp_live_object *add_object(struct patch *patch, struct module *mod)
{
	unsigned int i = patch->live.nr_objects++;
	struct xlp_live_object *obj = &patch->objects[i];

	obj->decl = &patch->object_decls[i];
	obj->decl->name = mod ? mod->name : NULL;
	obj->decl->mod = mod;
	obj->patch = &patch->live;
	obj->funcs = patch->funcs[i];
	obj->present = true;
	obj->patched = true;
	return obj;
}

/* @nth of that name, which is as it is declared: 0 for the only one. */
static void add_func(struct xlp_live_object *obj, const char *name, unsigned int nth,
		     const char *new_name)
{
	struct patch *patch = container_of(obj->patch, struct patch, live);
	unsigned int i = obj->nr_funcs++;
	struct xlp_func *decl = &patch->func_decls[obj - patch->objects][i];
	struct xlp_live_func *func = &obj->funcs[i];

	decl->old_name = name;
	decl->old_sympos = nth;
	decl->new_func = (void *)address_of(new_name, patch->decl.mod, 1);
	func->decl = decl;
	func->object = obj;
	func->addr = address_of(name, obj->decl->mod, nth ? nth : 1);
	func->hook = &patch->hooks[obj - patch->objects][i];
	INIT_LIST_HEAD(&func->hook->versions);
	list_add_tail(&func->node, &func->hook->versions);
}

/* A function of one patch is a version of another one's function. */
static void stack_on(struct xlp_live_func *func, const struct xlp_live_func *below)
{
	func->hook = below->hook;
	list_move_tail(&func->node, &func->hook->versions);
}

/* Disabled, with its functions taken off their hooks. */
static void disable(struct patch *patch)
{
	struct xlp_live_object *obj;
	struct xlp_live_func *func;

	patch->live.worlds = 0;
	xlp_for_each_object(&patch->live, obj) {
		obj->present = false;
		obj->patched = false;
		xlp_for_each_func(obj, func)
			func->hook = NULL;
	}
}

/* ---- cases ---- */

static struct xlp_code *code_of(struct patch *one, struct patch *other)
{
	struct xlp_live_patch *patches[] = { one ? &one->live : NULL, other ? &other->live : NULL };

	return xlp_code_of_functions(patches, ARRAY_SIZE(patches));
}

static struct xlp_code *module_of_patch(void)
{
	return xlp_code_of_module(&b.live);
}

static struct xlp_code *module_without_direct_callers(void)
{
	struct xlp_live_object *obj = add_object(&b, NULL);

	add_func(obj, "write_all", 0, "b_write");
	obj = add_object(&b, &target);
	add_func(obj, "read", 0, "b_read");
	add_func(obj, "close", 0, "b_close");
	code_has_direct_callers = false;
	return xlp_code_of_module(&b.live);
}

static struct xlp_code *module_with_direct_callers(void)
{
	code_has_direct_callers = true;
	add_func(add_object(&b, NULL), "write_all", 0, "b_write");
	return xlp_code_of_module(&b.live);
}

static struct xlp_code *functions_of_vmlinux(void)
{
	struct xlp_live_object *obj = add_object(&a, NULL);

	add_func(obj, "read", 0, "a_read");
	add_func(obj, "write", 0, "a_write");
	return code_of(&a, NULL);
}

static struct xlp_code *functions_of_a_module(void)
{
	struct xlp_live_object *obj = add_object(&a, &target);

	add_func(obj, "read", 0, "a_read");
	add_func(obj, "write", 0, "a_write");
	return code_of(&a, NULL);
}

static struct xlp_code *objects(void)
{
	add_func(add_object(&a, NULL), "twin", 2, "a_twin");
	add_func(add_object(&a, &target), "close", 0, "a_close");
	return code_of(&a, NULL);
}

static struct xlp_code *object_that_is_not_there(void)
{
	add_func(add_object(&a, NULL), "twin", 1, "a_twin");
	add_func(add_object(&a, &target), "close", 0, "a_close");
	a.objects[1].present = false;
	a.objects[1].patched = false;
	a.objects[1].decl->mod = NULL;
	return code_of(&a, NULL);
}

static struct xlp_code *two_patches(void)
{
	add_func(add_object(&a, NULL), "twin", 1, "a_twin");
	add_func(add_object(&b, &target), "close", 0, "b_close");
	return code_of(&a, &b);
}

static struct xlp_code *one_of_two_has_gone(void)
{
	add_func(add_object(&a, NULL), "twin", 1, "a_twin");
	add_func(add_object(&b, &target), "close", 0, "b_close");
	return code_of(NULL, &b);
}

static struct xlp_code *versions_of_others(void)
{
	add_func(add_object(&a, &target), "read", 0, "a_read");
	add_func(add_object(&b, &target), "read", 0, "b_read");
	stack_on(&b.funcs[0][0], &a.funcs[0][0]);
	return code_of(&a, NULL);
}

static struct xlp_code *left_over(void)
{
	add_func(add_object(&a, &target), "read", 0, "a_read");
	add_func(add_object(&b, NULL), "read", 0, "b_helper");
	add_func(add_object(&b, &target), "close", 0, "b_close");
	add_func(&b.objects[1], "read", 1, "b_read");
	disable(&b);
	b.funcs[0][0].addr = 0;
	b.funcs[1][0].addr = 0;
	b.funcs[1][1].addr = 0;
	return code_of(&a, NULL);
}

static struct xlp_code *left_over_by_position(void)
{
	add_func(add_object(&a, &target), "read", 1, "a_read");
	add_func(add_object(&b, &target), "read", 0, "b_read");
	disable(&b);
	b.funcs[0][0].addr = 0;
	return code_of(&a, NULL);
}

static struct xlp_code *without_symbol(void)
{
	add_func(add_object(&a, &target), "read", 1, "a_read");
	a.func_decls[0][0].new_func = (void *)UNKNOWN;
	return code_of(&a, NULL);
}

static struct xlp_code *left_over_by_alias(void)
{
	add_func(add_object(&a, &target), "read", 0, "a_read");
	add_func(add_object(&b, &target), "read", 0, "b_read");
	disable(&b);
	b.func_decls[0][0].old_name = "alias";
	return code_of(&a, NULL);
}

static struct xlp_code *left_over_of_a_twin(void)
{
	add_func(add_object(&a, NULL), "twin", 1, "a_twin");
	add_func(add_object(&b, NULL), "twin", 2, "b_read");
	disable(&b);
	return code_of(&a, NULL);
}

static struct xlp_code *nobody_is_inside(void)
{
	struct xlp_code *code;

	code = left_over_by_alias();
	xlp_code_free(code);
	b.live.pinned = false;
	return code_of(&a, NULL);
}

static struct xlp_code *nothing(void)
{
	add_func(add_object(&a, &target), "read", 0, "a_read");
	a.objects[0].patched = false;
	return code_of(&a, NULL);
}

/* All of its symbols, by number, and more than one of a name. */
#define INSIDE(...)	((const char *const []){ __VA_ARGS__, NULL })

/**
 * struct case_ - what is collected
 * @name:	what it is about
 * @collect:	collect it, of patches that have no objects yet
 * @inside:	in which symbols a task is inside; with the module's name, a position
 * @entries:	new functions whose entries say nothing where no walk can decide
 */
struct case_ {
	const char *name;
	struct xlp_code *(*collect)(void);
	const char *const *inside;
	const char *const *entries;
};

static const struct case_ cases[] = {
	{ "all of a patch's module", module_of_patch,
	  .inside = INSIDE("b:") },
	{ "its entries, on a kernel without direct callers", module_without_direct_callers,
	  .inside = INSIDE("b:"), .entries = INSIDE("b_write", "b_read", "b_close") },
	{ "its entries, on a kernel with direct callers", module_with_direct_callers,
	  .inside = INSIDE("b:") },
	{ "functions of vmlinux and their cold parts", functions_of_vmlinux,
	  .inside = INSIDE("vmlinux:read", "vmlinux:read.cold", "vmlinux:write",
			   "vmlinux:write.cold", "a:a_read", "a:a_read.cold", "a:a_write",
			   "b:b_write.cold") },
	{ "functions of a module and their cold parts", functions_of_a_module,
	  .inside = INSIDE("target:read", "target:write", "target:write.cold",
			   "a:a_read", "a:a_read.cold", "a:a_write", "b:b_write.cold") },
	{ "several objects, and the second of a name", objects,
	  .inside = INSIDE("vmlinux:twin,2", "a:a_twin", "target:close", "target:close.cold",
			   "a:a_close", "a:a_read.cold", "b:b_write.cold") },
	{ "an object that is not there", object_that_is_not_there,
	  .inside = INSIDE("vmlinux:twin,1", "a:a_twin", "a:a_read.cold", "b:b_write.cold") },
	{ "two patches", two_patches,
	  .inside = INSIDE("vmlinux:twin,1", "a:a_twin", "target:close", "target:close.cold",
			   "b:b_close", "a:a_read.cold", "b:b_write.cold") },
	{ "two patches, of which one has gone", one_of_two_has_gone,
	  .inside = INSIDE("target:close", "target:close.cold", "b:b_close",
			   "a:a_read.cold", "b:b_write.cold") },
	{ "what others have made of a function", versions_of_others,
	  .inside = INSIDE("target:read", "a:a_read", "b:b_read", "a:a_read.cold",
			   "b:b_write.cold") },
	{ "what is left over of a patch that is disabled, by name", left_over,
	  .inside = INSIDE("target:read", "a:a_read", "b:b_read", "a:a_read.cold",
			   "b:b_write.cold") },
	{ "what is left over, by the position of the only one", left_over_by_position,
	  .inside = INSIDE("target:read", "a:a_read", "b:b_read", "a:a_read.cold",
			   "b:b_write.cold") },
	{ "a version that no symbol is known of", without_symbol,
	  .inside = INSIDE("target:read", "unknown", "a:a_read.cold", "b:b_write.cold") },
	{ "what is left over, by an alias", left_over_by_alias,
	  .inside = INSIDE("target:read", "a:a_read", "b:b_read", "a:a_read.cold",
			   "b:b_write.cold") },
	{ "what is left over of another function of the name", left_over_of_a_twin,
	  .inside = INSIDE("vmlinux:twin,1", "a:a_twin", "a:a_read.cold", "b:b_write.cold") },
	{ "a patch that nobody can be inside of", nobody_is_inside,
	  .inside = INSIDE("target:read", "a:a_read", "a:a_read.cold", "b:b_write.cold") },
	{ "no code", nothing, .inside = INSIDE("nothing:") },
};

/* ---- judging ---- */

static bool is_listed(const char *const *list, const char *name)
{
	for (; list && *list; list++)
		if (!strcmp(*list, name))
			return true;
	return false;
}

static unsigned int position_of(const struct symbol *symbol)
{
	const struct symbol *other;
	unsigned int position = 1;

	for (other = symbols; other < symbol; other++)
		position += other->mod == symbol->mod && !strcmp(other->name, symbol->name);
	return position;
}

static bool is_inside(const struct case_ *this, const struct symbol *symbol)
{
	const char *mod = symbol->mod ? symbol->mod->name : "vmlinux";
	char name[64];

	snprintf(name, sizeof(name), "%s:", mod);
	if (is_listed(this->inside, name))
		return true;
	snprintf(name, sizeof(name), "%s:%s", mod, symbol->name);
	if (is_listed(this->inside, name))
		return true;
	snprintf(name, sizeof(name), "%s:%s,%u", mod, symbol->name, position_of(symbol));
	return is_listed(this->inside, name);
}

/* Does @addr lie in one of the symbols, or one past its end? */
static bool is_to_be_inside(const struct case_ *this, unsigned long addr)
{
	const struct symbol *symbol = symbol_at(addr);

	if (addr == UNKNOWN)
		return is_listed(this->inside, "unknown");
	if (is_listed(this->inside, "b:") && addr >= mod_b.start && addr <= mod_b.end)
		return true;
	if (symbol && is_inside(this, symbol))
		return true;
	symbol = symbol_at(addr - 1);
	return symbol && is_inside(this, symbol);
}

static bool is_to_be_entry(const struct case_ *this, unsigned long addr)
{
	const struct symbol *symbol = symbol_at(addr);

	return symbol && symbol->addr == addr && is_listed(this->entries, symbol->name);
}

static bool is_wrong_at(const struct case_ *this, const struct xlp_code *code, unsigned long addr)
{
	bool inside = is_to_be_inside(this, addr);

	if (xlp_code_has(code, addr) != inside) {
		printf("# %#lx is %s the code\n", addr, inside ? "not in" : "in");
		return true;
	}
	if (!!this->entries != !!code->entries_of) {
		printf("# entries %s\n", this->entries ? "count" : "do not count");
		return true;
	}
	if (code->entries_of &&
	    xlp_code_has_but_entries(code, addr) != (inside && !is_to_be_entry(this, addr))) {
		printf("# %#lx as an entry\n", addr);
		return true;
	}
	return false;
}

/* In order, apart, and none of them in the gap, which is the widest there is. */
static bool has_wrong_ranges(const struct xlp_code *code)
{
	const struct xlp_code_range *range = code->ranges;
	unsigned long widest = 0, gap;
	unsigned int i;

	for (i = 1; i < code->nr; i++) {
		if (range[i].offset <= range[i - 1].offset + range[i - 1].size) {
			printf("# range %u of %u is not behind the one before\n", i, code->nr);
			return true;
		}
		gap = range[i].offset - range[i - 1].offset - range[i - 1].size - 1;
		widest = max(widest, gap);
	}
	if (code->gap_size != widest)
		printf("# the widest gap is %#lx, not %#lx\n", widest, code->gap_size);
	return code->gap_size != widest;
}

static void make_patches(void)
{
	INIT_LIST_HEAD(&xlp_patches);
	make_patch(&a, &mod_a);
	make_patch(&b, &mod_b);
	code_has_direct_callers = true;
}

static bool is_right(const struct case_ *this)
{
	struct xlp_code *code;
	unsigned long addr;
	bool wrong;

	make_patches();
	code = this->collect();
	wrong = has_wrong_ranges(code);
	for (addr = 0xf00; addr < 0x41000 && !wrong; addr++)
		wrong = is_wrong_at(this, code, addr);
	wrong = wrong || xlp_code_has(code, 0) || xlp_code_has(code, ~0UL);
	xlp_code_free(code);
	if (nr_allocated)
		printf("# %u sets are left\n", nr_allocated);
	return !wrong && !nr_allocated;
}

/* Each of these differs from the first one, and is the same as itself. */
static bool compares_right(void)
{
	static struct xlp_code *(*const different[])(void) = {
		versions_of_others, left_over_of_a_twin, functions_of_a_module, objects,
		module_of_patch, module_without_direct_callers, nothing,
	};
	unsigned int i, j;
	bool right = true;

	for (i = 0; i < ARRAY_SIZE(different); i++) {
		for (j = 0; j < ARRAY_SIZE(different); j++) {
			struct xlp_code *one, *other;

			make_patches();
			one = different[i]();
			make_patches();
			other = different[j]();
			if (i == j ? !xlp_code_equal(one, other) : xlp_code_equal(one, other)) {
				printf("# sets %u and %u\n", i, j);
				right = false;
			}
			xlp_code_free(one);
			xlp_code_free(other);
		}
	}
	return right;
}

static bool fails_without_memory(void)
{
	struct xlp_code *code;

	make_patches();
	is_short_of_memory = true;
	code = functions_of_vmlinux();
	is_short_of_memory = false;
	xlp_code_free(code);
	return !code;
}

static bool all_right = true;

static void report(bool right, const char *name)
{
	static unsigned int nr;

	printf("%sok %u %s\n", right ? "" : "not ", ++nr, name);
	all_right &= right;
}

int main(void)
{
	unsigned int i;

	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(cases) + 2);
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		report(is_right(&cases[i]), cases[i].name);
	report(compares_right(), "sets are compared");
	report(fails_without_memory(), "no memory");
	return !all_right;
}
