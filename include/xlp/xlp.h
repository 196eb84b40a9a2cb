/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xlp.h - what the author of a live patch needs
 *
 * A patch is a kernel module that declares which functions of which objects
 * (vmlinux or modules) it replaces and hands that declaration to
 * xlp_enable_patch() as the last step of its init function:
 *
 *	static struct xlp_func funcs[] = {
 *		{ .old_name = "cmdline_proc_show", .new_func = my_show }, { }
 *	};
 *	static struct xlp_object objs[] = { { .funcs = funcs }, { } };
 *	static struct xlp_patch patch = { .mod = THIS_MODULE, .objs = objs };
 *
 *	static int __init my_init(void) { return xlp_enable_patch(&patch); }
 *	static void __exit my_exit(void) { }
 *
 * The structures hold nothing but the declaration. What the core has to
 * remember about a patch lives in memory of its own, so the layout below is
 * the whole binary interface between a patch and xlp.ko. Field names are those
 * of the kernel's own <linux/livepatch.h>.
 */
#ifndef _XLP_XLP_H
#define _XLP_XLP_H

#include <linux/module.h>
#include <linux/static_call.h>
#include <linux/types.h>

/*
 * Bumped whenever a structure below changes its meaning. It travels with every
 * xlp_enable_patch() together with the sizes of the structures; xlp.ko refuses
 * a patch that was built against another layout.
 */
#define XLP_ABI	6

/**
 * define XLP_STACK_ARGS_NONE - xlp_func.stack_args of a function with all in registers
 *
 * The author promises that every argument of the function travels in
 * registers and that it is not variadic.
 */
#define XLP_STACK_ARGS_NONE	(~0U)

/* Bytes of memory arguments assumed of a function that does not say, and most. */
#define XLP_STACK_ARGS_DEFAULT	384
#define XLP_STACK_ARGS_MAX	2048

/**
 * struct xlp_func - one function to be replaced
 * @old_name:	name of the function as kallsyms shows it
 * @new_func:	the function to call instead
 * @old_sympos:	which symbol of that name in the object is meant, counted from
 *		1 in kallsyms order; 0 if the name is to be unique
 * @stack_args:	bytes of arguments that the function's callers pass in memory.
 *		0: not known, which is right for anything up to
 *		XLP_STACK_ARGS_DEFAULT bytes; %XLP_STACK_ARGS_NONE: none; at
 *		most XLP_STACK_ARGS_MAX.
 *		Only architectures that have to insert a stack frame between
 *		caller and new function (powerpc) look at it, and take no more than
 *		the caller's frame has room for.
 *
 * An array of these ends with an all-zero element.
 */
struct xlp_func {
	const char *old_name;
	void *new_func;
	unsigned long old_sympos;
	unsigned int stack_args;
};

struct xlp_object;

/**
 * struct xlp_callbacks - what a patch does when an object is patched or unpatched
 * @pre_patch:	before calls can reach any of the object's new functions. If it
 *		fails, the patch is not enabled or the object, a module that is
 *		being loaded, is refused, with its error (a number that is none: -EINVAL)
 * @post_patch:	every task reaches the new functions; also after disabling has
 *		been turned round, or has failed, so it may follow @pre_unpatch
 * @pre_unpatch: before the first call goes back to the old functions
 * @post_unpatch: no task reaches the new functions any more; also after enabling
 *		has been turned round, or has failed. Only if @pre_patch has
 *		succeeded or there is none
 *
 * Each may be NULL. They are called for vmlinux and for modules that are loaded
 * when the patch is enabled or disabled, and for a module of an enabled patch when
 * it comes (before its init runs) and goes (after its exit has run); in the order
 * of &xlp_patch.objs. Those of a patch that is replaced are not called: the patch
 * that replaces it takes over what it has done (see &struct xlp_state).
 *
 * With &XLP_STOP @pre_patch, or @pre_unpatch, is called when a look at all tasks has found none
 * in the way. If one has come into it when the machine is stopped then, @post_unpatch, or
 * @post_patch, follows, and both are called anew for the next try: a few times, at worst some
 * dozens within xlp.patience_ms.
 *
 * Context: process context, one at a time over all patches: in the task that has asked for
 * the change or loads the module, or in a thread of xlp.ko, at the end of a transition. May
 * sleep, but all of xlp.ko waits meanwhile. Must not load or unload modules
 * (request_module() included), nor register or unregister module notifiers, nor enable,
 * disable or force patches: xlp_enable_patch() returns -EDEADLK.
 */
struct xlp_callbacks {
	int (*pre_patch)(struct xlp_object *obj);
	void (*post_patch)(struct xlp_object *obj);
	void (*pre_unpatch)(struct xlp_object *obj);
	void (*post_unpatch)(struct xlp_object *obj);
};

/**
 * struct xlp_object - the functions to be replaced in one object
 * @name:	name of a module, which need not be loaded yet; NULL for vmlinux
 * @funcs:	its functions; the array may be empty
 * @callbacks:	what to do besides
 * @mod:	set by xlp.ko for callbacks: the module while it is there, NULL for
 *		vmlinux
 * @build_id:	of a module: the only build of it that the functions are for, as hexadecimal
 *		digits, two for each byte of what /sys/module/<name>/notes/.note.gnu.build-id
 *		has behind "GNU" and a zero. NULL: any; what is written by hand needs none
 *
 * An array of these ends with an all-zero element.
 */
struct xlp_object {
	const char *name;
	struct xlp_func *funcs;
	struct xlp_callbacks callbacks;
	struct module *mod;
	const char *build_id;
};

/**
 * struct xlp_state - a change of the system that outlives the patch that made it
 * @id:		which one, not 0; the author's numbering
 * @version:	how it is done. A patch is refused if one of its set that is in effect has a
 *		later version of the same state, and a patch that replaces others
 *		also if it does not know a state of theirs
 * @data:	the author's own; xlp.ko does not look at it
 *
 * An array of these ends with an all-zero element.
 */
struct xlp_state {
	unsigned long id;
	unsigned int version;
	void *data;
};

/**
 * struct xlp_import - a symbol of the kernel or a module that a patch uses
 * @name:	its name as kallsyms shows it; it need not be exported
 * @object:	name of the module that has it, which need not be loaded yet; NULL for
 *		vmlinux
 * @sympos:	as &xlp_func.old_sympos
 * @slot:	for data: the patch's pointer that is set to its address
 * @key:	for a function: the patch's static call that is made to call it
 * @tramp:	the same
 *
 * To be written with XLP_IMPORT_DATA() and XLP_IMPORT_FUNC(). An array of these ends
 * with an all-zero element.
 *
 * Imports of vmlinux and of modules that are loaded are filled in before the first
 * function of the patch is replaced, those of other modules when they come, before
 * their init runs and before their functions are replaced. One that is not there, or
 * of which there are several, refuses the patch, or the module that comes.
 *
 * What is imported from a module may be used only by the functions and callbacks of
 * the patch's object of that module, and by what they call: while these run the module
 * cannot go, and nobody else is told when it does. To look whether an import is NULL
 * is no protection, as the module may go after the look. So the patch must have
 * such an object, with an empty array of functions if it replaces none; a patch
 * without it is refused. When a module goes its imports become NULL.
 *
 * What an init section has cannot be imported. The pointer to a per-CPU variable is
 * what per_cpu_ptr() takes. Kernels without CONFIG_KALLSYMS_ALL know functions only.
 */
struct xlp_import {
	const char *name;
	const char *object;
	unsigned long sympos;
	void **slot;
	struct static_call_key *key;
	void *tramp;
};

/**
 * XLP_IMPORT_DATA() - an element of &xlp_patch.imports: data
 * @pointer:	a pointer of the patch to the data's type
 * @symbol:	its name
 * @of:		its object
 * @pos:	its position
 */
#define XLP_IMPORT_DATA(pointer, symbol, of, pos)			\
	{ .name = symbol, .object = of, .sympos = pos, .slot = (void **)&(pointer) }

/**
 * XLP_IMPORT_FUNC() - an element of &xlp_patch.imports: a function
 * @call:	a static call of the patch, DEFINE_STATIC_CALL_NULL(call, type), through
 *		which it calls the function: static_call(call)(arguments)
 * @symbol:	its name
 * @of:		its object
 * @pos:	its position
 *
 * Not a pointer: on x86 a function that the kernel never calls through one may not be
 * reached that way (IBT), and a static call is a direct one there.
 */
#define XLP_IMPORT_FUNC(call, symbol, of, pos)				\
	{								\
		.name = symbol, .object = of, .sympos = pos,		\
		.key = &STATIC_CALL_KEY(call), .tramp = STATIC_CALL_TRAMP_ADDR(call), \
	}

/**
 * XLP_BOUND() - declare a function or variable of vmlinux by its name, exported or not
 * @declaration: as C has it, with a name of its own
 * @symbol:	"NAME.POSITION"; the position is 0 if the name has to be the only one, 1 for
 *		the first of several
 *
 * It is used as what it is declared as, with no pointer between: xlp.ko gives it its address
 * while the module is loaded, and refuses the module if it is not clear which one is meant.
 * Only modules that call xlp_enable_patch() may have such names. What is in an init section is
 * refused; kernels without CONFIG_KALLSYMS_ALL know functions only. On x86 a function that the
 * kernel never calls through a pointer may not be reached that way (IBT); calls by its name
 * are direct.
 *
 * Weak for the assembler alone: modpost asks nobody for it, and the compiler takes it for any
 * other. For a kernel with LTO a file that has it is compiled without, as the linker asks the
 * compiler there: CFLAGS_REMOVE_file.o := $(CC_FLAGS_LTO).
 */
#define XLP_BOUND(declaration, symbol)					\
	XLP_BOUND_OF("vmlinux", declaration, symbol)

/**
 * XLP_BOUND_OF() - the same, of a module
 * @object:	its name, in quotes; it must be there when the patch is loaded, and stays until
 *		that goes
 * @declaration: as C has it, with a name of its own
 * @symbol:	"NAME.POSITION"
 */
#define XLP_BOUND_OF(object, declaration, symbol)			\
	extern declaration __asm__("xlp_sym." object "." symbol);	\
	__asm__(".weak xlp_sym." object "." symbol)

/**
 * enum xlp_model - how a patch takes effect, and how it ends
 * @XLP_MODEL_DEFAULT: a consistent model, the one this xlp.ko prefers;
 *		&XLP_PER_TASK now
 * @XLP_IMMEDIATE: new calls of each function take the new one at once. Nobody
 *		waits for tasks inside the old functions, so one task may see old
 *		and new ones side by side. Right for functions that are each
 *		complete in themselves.
 * @XLP_STOP:	all tasks switch at one instant, with the machine stopped and no
 *		task inside any version of any function of the patch. If there is
 *		no such instant for xlp.patience_ms, enabling or disabling is
 *		refused with -EBUSY and nothing has changed.
 * @XLP_PER_TASK: each task switches by itself, when it is seen asleep or preempted
 *		with no version of any function of the patch on its stack, or when
 *		it leaves the kernel. Nothing stops. Enabling and disabling begin
 *		this transition and look at every task once; it goes on until all
 *		have switched, which
 *		/sys/kernel/xlp/<module>/transition tells, and can be reversed by
 *		a write to "enabled" and cut short by one to "force". A task that
 *		sleeps interruptibly inside a function is woken after xlp.signal_ms;
 *		system calls that are not restarted then (epoll_wait(), semop() and
 *		others that signal(7) lists) return EINTR to it.
 */
enum xlp_model {
	XLP_MODEL_DEFAULT,
	XLP_IMMEDIATE,
	XLP_STOP,
	XLP_PER_TASK,
};

/**
 * struct xlp_patch - a live patch
 * @mod:	the module that carries the patch, THIS_MODULE
 * @objs:	the objects it changes
 * @states:	the changes of the system that it knows of; may be NULL
 * @imports:	symbols that it uses and cannot link to; may be NULL
 * @replace:	disable all patches of its set that are enabled at that moment, in the same
 *		step (atomically, if @model is)
 * @model:	how it takes effect
 * @stays:	once it is disabled or replaced it stays in sysfs, from where it can be
 *		enabled again. Otherwise it leaves as soon as no task can be inside it,
 *		and is enabled again by loading its module again
 * @replace_set: the set that it belongs to, by a number of the author's; 0 is the one of all
 *		patches that name none. Patches of different sets, such as a vendor's and
 *		an operator's own, come and go independently: one never replaces the other,
 *		they do not see each other's states, and no function is in two sets
 */
struct xlp_patch {
	struct module *mod;
	struct xlp_object *objs;
	struct xlp_state *states;
	bool replace;
	struct xlp_import *imports;
	enum xlp_model model;
	bool stays;
	unsigned int replace_set;
};

/**
 * struct xlp_abi - the layout a patch was built against
 * @mod:	the module that asks
 * @version:	%XLP_ABI
 * @patch_size:	size of struct xlp_patch
 * @object_size: size of struct xlp_object
 * @func_size:	size of struct xlp_func
 * @state_size:	size of struct xlp_state
 * @import_size: size of struct xlp_import
 * @tag:	what the module is marked by; NULL: it should be and is not
 */
struct xlp_abi {
	struct module *mod;
	unsigned int version;
	unsigned int patch_size;
	unsigned int object_size;
	unsigned int func_size;
	unsigned int state_size;
	unsigned int import_size;
	const char *tag;
};

int __xlp_enable_patch(struct xlp_patch *patch, const struct xlp_abi *abi);

#define __xlp_enable(patch, mark)					\
({									\
	static const struct xlp_abi __xlp_abi = {			\
		.mod		= THIS_MODULE,				\
		.version	= XLP_ABI,				\
		.patch_size	= sizeof(struct xlp_patch),		\
		.object_size	= sizeof(struct xlp_object),		\
		.func_size	= sizeof(struct xlp_func),		\
		.state_size	= sizeof(struct xlp_state),		\
		.import_size	= sizeof(struct xlp_import),		\
		.tag		= mark,					\
	};								\
									\
	__xlp_enable_patch(patch, &__xlp_abi);				\
})

/**
 * xlp_enable_patch() - put a patch into effect
 * @patch:	the declaration; it must stay valid until the module is gone
 *
 * New calls of the functions in @patch reach their replacements when this
 * returns 0, or, with &XLP_PER_TASK, when the task that makes them has switched;
 * functions of modules that are not loaded yet are replaced when
 * their module comes. On failure nothing is replaced and the kernel log names
 * patch, object and function.
 *
 * Must be the last thing that can fail in the init function of @patch->mod.
 * Later on the patch is disabled through /sys/kernel/xlp/<module>/enabled, perhaps
 * enabled again (&xlp_patch.stays), and unloaded by rmmod when disabled.
 *
 * Context: process context, may sleep, takes no lock of the caller's concern.
 *
 * Return: 0, or
 * * -EINVAL	the declaration is malformed, its model is unknown, the patch was
 *		built against another &struct xlp_abi, a function or an import
 *		does not exist, a name is ambiguous, a position is past the end,
 *		an import's module is no object of the patch,
 *		ftrace has no entry for a function, or the states of the patches
 *		that are in effect are not compatible with its own
 * * -EEXIST	@patch->mod has already registered a patch (from 7.x on insmod
 *		shows an init's -EEXIST as -EBUSY)
 * * -EBUSY	a patch of another set has a function,
 *		something else (in-kernel livepatch, a direct caller such as a
 *		BPF trampoline, a kprobe with a post_handler) holds a function
 *		and does not or cannot share it (the log names it),
 *		ftrace is switched off, another patch is being switched, or some
 *		task stayed inside a function (&XLP_STOP)
 * * -EAGAIN	ftrace stayed busy through a bounded number of tries
 * * -EOPNOTSUPP this kernel or architecture offers no way to redirect calls
 * * -ENOEXEC	a module is not of the build that its object is for, or
 *		@patch->mod has symbols that are left to livepatch relocations
 *		(.klp.rela), which xlp.ko does not apply
 * * -EDEADLK	a callback of a patch asks
 * * -ENODEV	@patch->mod is about to be unloaded, or ftrace has switched
 *		itself off after an error of its own
 * * -ENOMEM	out of memory
 * * anything	that a pre_patch callback has returned
 */
#define xlp_enable_patch(patch)	__xlp_enable(patch, "xlp")

/**
 * xlp_get_state() - the state of a number that a patch declares
 * @patch:	the patch
 * @id:		the number
 *
 * Context: any.
 *
 * Return: the element of &xlp_patch.states, or NULL.
 */
struct xlp_state *xlp_get_state(struct xlp_patch *patch, unsigned long id);

/**
 * xlp_get_prev_state() - the state of a number as the patches before declare it
 * @id:		the number
 *
 * Context: callbacks only; elsewhere, and in another task than the callback's, it returns
 * NULL with a line in the log.
 *
 * Return: the one of the latest patch of its set in effect that declares it and was enabled
 * before the patch whose callback is running, or NULL.
 */
struct xlp_state *xlp_get_prev_state(unsigned long id);

#endif /* _XLP_XLP_H */
