// SPDX-License-Identifier: GPL-2.0
/*
 * code.c - do common/affected.c, code.c and cold.c collect what a task must be outside of?
 *
 * A kernel is one table of symbols. Each case says in which of them a task counts as
 * inside; one past the end of a symbol counts, too.
 */
#include "../../common/alloc.h"
#include "../../common/affected.h"
#include "../../common/code.h"
#include "../../common/cold.h"
#include "../../common/engine.h"
#include "../../common/hook.h"
#include "../../common/method.h"
#include "../../common/patch.h"
#include <compat/direct.h>
#include <compat/kallsyms.h>
#include "symbols.h"

#define MAX_FUNCS	4
#define MAX_OBJECTS	4

/* No symbol is there. */
#define UNKNOWN		0x25000UL

bool code_has_direct_callers;
struct list_head xlp_patches = { &xlp_patches, &xlp_patches };

/* A test is one event. */
void xlp_engine_assert(void)
{
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

/* How the functions are reached; and a way with code between a call and the function. */
static unsigned long code_of_method(const struct xlp_hook *hook, unsigned long *size);
static const struct xlp_method methods[] = { { }, { .code = code_of_method } };
static struct xlp_batch batch = { .method = &methods[0] };
static struct xlp_batch batch_with_code = { .method = &methods[1] };

static unsigned long address_of(const char *name, const struct module *mod, unsigned int nth)
{
	const struct symbol *symbol;

	for (symbol = symbols; symbol < symbols + nr_symbols; symbol++)
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
	patch->live.state = XLP_PATCH_ENABLED;
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
	obj->state = XLP_OBJECT_PREPARED;
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
	/* Of the other patch sizes are not known. */
	if (patch == &a)
		func->new_size = symbol_at((unsigned long)decl->new_func)->size;
	func->decl = decl;
	func->object = obj;
	func->addr = address_of(name, obj->decl->mod, nth ? nth : 1);
	if (patch == &a)
		func->size = symbol_at(func->addr)->size;
	func->hook = &patch->hooks[obj - patch->objects][i];
	func->hook->batch = &batch;
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
	patch->live.state = XLP_PATCH_DISABLED;
	xlp_for_each_object(&patch->live, obj) {
		obj->state = XLP_OBJECT_ABSENT;
		xlp_for_each_func(obj, func)
			func->hook = NULL;
	}
}

/* ---- cases ---- */

static bool has_vmlinux;

/* What xlp.ko does when it loads. */
static int find_vmlinux(void)
{
	int err = has_vmlinux ? 0 : xlp_cold_init();

	has_vmlinux = !err;
	return err;
}

/* What is done when a patch is registered, and when its functions are found. */
static int find_cold_of(struct patch *patch)
{
	struct xlp_live_object *obj;
	int err = 0;

	if (!patch->live.cold)
		patch->live.cold = xlp_cold_collect(patch->decl.mod);
	if (!patch->live.cold)
		return -ENOMEM;
	xlp_for_each_object(&patch->live, obj)
		if (xlp_object_is_patched(obj) && !err)
			err = xlp_cold_find(obj->decl->mod);
	return err;
}

static bool find_cold(void)
{
	int err = find_vmlinux();

	if (!err)
		err = find_cold_of(&a);
	if (!err)
		err = find_cold_of(&b);
	if (err && (err != -ENOMEM || !failing_allocation)) {
		printf("Bail out! error %d\n", err);
		exit(1);
	}
	return !err;
}

/* All modules go, and xlp.ko at last. */
static void forget_cold(void)
{
	xlp_cold_forget(&target);
	xlp_cold_forget(&plain);
	xlp_cold_forget(&parted);
	xlp_cold_free(a.live.cold);
	xlp_cold_free(b.live.cold);
	if (has_vmlinux)
		xlp_cold_exit();
	has_vmlinux = false;
}

static struct xlp_code *code_of(struct patch *one, struct patch *other)
{
	struct xlp_live_patch *patches[] = { one ? &one->live : NULL, other ? &other->live : NULL };

	if (!find_cold())
		return NULL;
	return xlp_affected_functions(patches, ARRAY_SIZE(patches));
}

static struct xlp_code *module_of_patch(void)
{
	return xlp_affected_module(&b.live);
}

static struct xlp_code *module_without_direct_callers(void)
{
	struct xlp_live_object *obj = add_object(&b, NULL);

	add_func(obj, "write_all", 0, "b_write");
	obj = add_object(&b, &target);
	add_func(obj, "read", 0, "b_read");
	add_func(obj, "close", 0, "b_close");
	code_has_direct_callers = false;
	return xlp_affected_module(&b.live);
}

static struct xlp_code *module_with_direct_callers(void)
{
	code_has_direct_callers = true;
	add_func(add_object(&b, NULL), "write_all", 0, "b_write");
	return xlp_affected_module(&b.live);
}

static struct xlp_code *functions_of_vmlinux(void)
{
	struct xlp_live_object *obj = add_object(&a, NULL);

	add_func(obj, "read", 0, "a_read");
	add_func(obj, "write", 0, "a_write");
	return code_of(&a, NULL);
}

/* Any symbol that is not affected otherwise will do. */
static unsigned long code_of_method(const struct xlp_hook *hook, unsigned long *size)
{
	*size = plain.end - plain.start;
	return plain.start;
}

static struct xlp_code *code_in_between(void)
{
	struct xlp_live_object *obj = add_object(&a, &target);

	add_func(obj, "read", 0, "a_read");
	add_func(obj, "close", 0, "a_write");
	obj->funcs[0].hook->batch = &batch_with_code;
	return code_of(&a, NULL);
}

static struct xlp_code *functions_of_a_module(void)
{
	struct xlp_live_object *obj = add_object(&a, &target);

	add_func(obj, "read", 0, "a_read");
	add_func(obj, "write", 0, "a_write");
	return code_of(&a, NULL);
}

static struct xlp_code *aliases(void)
{
	add_func(add_object(&a, NULL), "sync", 0, "a_read");
	add_func(add_object(&a, &target), "sync", 0, "a_write");
	return code_of(&a, NULL);
}

static struct xlp_code *parts(void)
{
	struct xlp_live_object *obj = add_object(&a, NULL);

	add_func(obj, "pieces", 0, "a_read");
	add_func(obj, "twin", 1, "a_write");
	return code_of(&a, NULL);
}

static struct xlp_code *all_of_a_module(void)
{
	struct xlp_live_object *obj = add_object(&a, &target);

	add_func(obj, "sync", 0, "a_read");
	add_func(obj, "do_sync_all", 0, "a_read");
	add_func(obj, "write", 0, "a_write");
	add_func(obj, "close", 0, "a_close");
	add_func(add_object(&a, &plain), "plain", 0, "a_write");
	add_object(&a, &plain);
	add_func(add_object(&a, &parted), "parted", 0, "a_write");
	return code_of(&a, NULL);
}

/* Its parts are those of the module that is there now. */
static struct xlp_code *another_module(void)
{
	struct xlp_live_object *obj = add_object(&a, &target);

	add_func(obj, "do_sync_all", 0, "a_read");
	xlp_code_free(code_of(&a, NULL));
	xlp_cold_forget(&target);
	obj->funcs[0].addr = address_of("close", &target, 1);
	return code_of(&a, NULL);
}

static struct xlp_code *numbered_suffixes(void)
{
	add_func(add_object(&a, NULL), "older", 0, "a_read");
	return code_of(&a, NULL);
}

static struct xlp_code *clones(void)
{
	add_func(add_object(&a, NULL), "clone.isra.0", 0, "a_read");
	return code_of(&a, NULL);
}

static struct xlp_code *function_with_clones(void)
{
	struct xlp_live_object *obj = add_object(&a, NULL);

	add_func(obj, "clone", 0, "a_read");
	add_func(obj, "halves", 0, "a_read");
	return code_of(&a, NULL);
}

static struct xlp_code *part_of_a_function(void)
{
	add_func(add_object(&a, NULL), "halves.part.0", 0, "a_read");
	return code_of(&a, NULL);
}

static struct xlp_code *second_of_twins(void)
{
	add_func(add_object(&a, NULL), "twins", 2, "a_read");
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
	a.objects[1].state = XLP_OBJECT_ABSENT;
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
	a.funcs[0][0].new_size = 0;
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
	b.live.state = XLP_PATCH_AT_REST;
	return code_of(&a, NULL);
}

static struct xlp_code *nothing(void)
{
	add_func(add_object(&a, &target), "read", 0, "a_read");
	a.objects[0].state = XLP_OBJECT_FOUND;
	return code_of(&a, NULL);
}

/* All of its symbols, by number, and more than one of a name. */
#define INSIDE(...)	((const char *const []){ __VA_ARGS__, NULL })

/* Whatever patch made the versions, and the part whose function has no symbol. */
#define COLD_OF_PATCHES	"a:a_read.cold", "b:b_write.cold", "b:b_gone.cold"

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
			   "vmlinux:write.cold", "a:a_read", "a:a_write",
			   COLD_OF_PATCHES) },
	{ "functions of a module and their cold parts", functions_of_a_module,
	  .inside = INSIDE("target:read", "target:write", "target:write.cold",
			   "a:a_read", "a:a_write", COLD_OF_PATCHES) },
	{ "what stands between calls and a function", code_in_between,
	  .inside = INSIDE("target:read", "target:close", "target:close.cold", "plain:plain",
			   "a:a_read", "a:a_write", COLD_OF_PATCHES) },
	{ "cold parts of functions that are declared by an alias", aliases,
	  .inside = INSIDE("vmlinux:sync", "vmlinux:do_sync.cold", "target:sync",
			   "target:do_sync.cold.7", "a:a_read", "a:a_write",
			   COLD_OF_PATCHES) },
	{ "cold parts of many functions, of one without, and of none", all_of_a_module,
	  .inside = INSIDE("target:sync", "target:do_sync.cold.7", "target:do_sync_all",
			   "target:do_sync_all.cold", "target:write", "target:write.cold",
			   "target:close", "target:close.cold", "plain:plain", "parted:",
			   "a:a_read", "a:a_write", "a:a_close",
			   COLD_OF_PATCHES) },
	{ "many cold parts", parts,
	  .inside = INSIDE("vmlinux:pieces", "vmlinux:pieces.cold", "vmlinux:twin,1", "a:a_read",
			   "a:a_write", COLD_OF_PATCHES) },
	{ "cold parts of a module that has come again", another_module,
	  .inside = INSIDE("target:close", "target:close.cold", "a:a_read", COLD_OF_PATCHES) },
	{ "cold parts with numbers, of another name, and of cold parts", numbered_suffixes,
	  .inside = INSIDE("vmlinux:old", "vmlinux:old.cold.5", "vmlinux:older.cold.1.cold",
			   "a:a_read", COLD_OF_PATCHES) },
	{ "cold parts of a clone", clones,
	  .inside = INSIDE("vmlinux:clone.isra.0", "vmlinux:clone.isra.0.cold",
			   "vmlinux:clone.isra.0.cold.12", "a:a_read", COLD_OF_PATCHES) },
	{ "cold parts of functions that have clones and parts", function_with_clones,
	  .inside = INSIDE("vmlinux:clone", "vmlinux:clone.cold", "vmlinux:halves", "a:a_read",
			   COLD_OF_PATCHES) },
	{ "cold part of a function's part", part_of_a_function,
	  .inside = INSIDE("vmlinux:halves.part.0", "vmlinux:halves.part.0.cold", "a:a_read",
			   COLD_OF_PATCHES) },
	{ "a cold part of either of two functions", second_of_twins,
	  .inside = INSIDE("vmlinux:twins,2", "vmlinux:twins.cold", "a:a_read", COLD_OF_PATCHES) },
	{ "several objects, and the second of a name", objects,
	  .inside = INSIDE("vmlinux:twin,2", "a:a_twin", "target:close", "target:close.cold",
			   "a:a_close", COLD_OF_PATCHES) },
	{ "an object that is not there", object_that_is_not_there,
	  .inside = INSIDE("vmlinux:twin,1", "a:a_twin", COLD_OF_PATCHES) },
	{ "two patches", two_patches,
	  .inside = INSIDE("vmlinux:twin,1", "a:a_twin", "target:close", "target:close.cold",
			   "b:b_close", COLD_OF_PATCHES) },
	{ "two patches, of which one has gone", one_of_two_has_gone,
	  .inside = INSIDE("target:close", "target:close.cold", "b:b_close",
			   COLD_OF_PATCHES) },
	{ "what others have made of a function", versions_of_others,
	  .inside = INSIDE("target:read", "a:a_read", "b:b_read", COLD_OF_PATCHES) },
	{ "what is left over of a patch that is disabled, by name", left_over,
	  .inside = INSIDE("target:read", "a:a_read", "b:b_read", COLD_OF_PATCHES) },
	{ "what is left over, by the position of the only one", left_over_by_position,
	  .inside = INSIDE("target:read", "a:a_read", "b:b_read", COLD_OF_PATCHES) },
	{ "a version that no symbol is known of", without_symbol,
	  .inside = INSIDE("target:read", "unknown", COLD_OF_PATCHES) },
	{ "what is left over, by an alias", left_over_by_alias,
	  .inside = INSIDE("target:read", "a:a_read", "b:b_read", COLD_OF_PATCHES) },
	{ "what is left over of another function of the name", left_over_of_a_twin,
	  .inside = INSIDE("vmlinux:twin,1", "a:a_twin", COLD_OF_PATCHES) },
	{ "a patch that nobody can be inside of", nobody_is_inside,
	  .inside = INSIDE("target:read", "a:a_read", COLD_OF_PATCHES) },
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
	if (!!this->entries != !!code->nr_entries) {
		printf("# entries %s\n", this->entries ? "count" : "do not count");
		return true;
	}
	if (code->nr_entries &&
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
	forget_cold();
	if (nr_allocated)
		printf("# %u allocations are left\n", nr_allocated);
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
			forget_cold();
			make_patches();
			other = different[j]();
			forget_cold();
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

/* At each allocation, and nothing is left over. */
static bool fails_without_memory(struct xlp_code *(*collect)(void), unsigned int least)
{
	struct xlp_code *code = NULL;
	unsigned int n;

	for (n = 1; !code && n < 100; n++) {
		make_patches();
		failing_allocation = n;
		code = collect();
		failing_allocation = 0;
		forget_cold();
		if (!code && nr_allocated)
			return false;
	}
	xlp_code_free(code);
	return n > least;
}

/* What is found stays until a module goes, whoever patches it, and then it is found again. */
static bool walks_once(void)
{
	unsigned int of_vmlinux, of_patches, of_target, of_another, after_it_went;

	make_patches();
	nr_walks = 0;
	find_vmlinux();
	of_vmlinux = nr_walks;
	find_cold();
	of_patches = nr_walks - of_vmlinux;
	nr_walks = 0;
	xlp_code_free(functions_of_a_module());
	of_target = nr_walks;
	xlp_code_free(two_patches());
	of_another = nr_walks - of_target;
	xlp_cold_forget(&plain);
	xlp_code_free(code_of(&a, &b));
	of_another += nr_walks - of_target;
	nr_walks = 0;
	xlp_cold_forget(&target);
	xlp_code_free(code_of(&a, NULL));
	after_it_went = nr_walks;
	forget_cold();
	return of_vmlinux == 1 && of_patches == 2 && of_target == 1 && !of_another &&
	       after_it_went == 1;
}

/* kallsyms would look for each by going through a whole module. */
static bool asks_for_what_is_unknown(void)
{
	unsigned int of_known, of_another_patch;

	make_patches();
	find_cold();
	nr_asked = 0;
	xlp_code_free(functions_of_a_module());
	of_known = nr_asked;
	xlp_code_free(two_patches());
	of_another_patch = nr_asked - of_known;
	forget_cold();
	/* A function of b and what takes its place. */
	return !of_known && of_another_patch == 2;
}

static bool module_is_left_to_exit(void)
{
	make_patches();
	xlp_code_free(functions_of_a_module());
	xlp_cold_free(a.live.cold);
	xlp_cold_free(b.live.cold);
	xlp_cold_exit();
	return !nr_allocated;
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

	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(cases) + 7);
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		report(is_right(&cases[i]), cases[i].name);
	report(compares_right(), "sets are compared");
	report(walks_once(), "an object is gone through once");
	report(asks_for_what_is_unknown(), "sizes that are known are not looked for");
	report(fails_without_memory(functions_of_vmlinux, 3), "no memory for vmlinux");
	report(fails_without_memory(functions_of_a_module, 4), "no memory for a module");
	report(fails_without_memory(parts, 4), "no memory for more parts");
	report(module_is_left_to_exit(), "a module outlives xlp.ko");
	return !all_right;
}
