/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unexported.h - kernel functions that modules may not link to
 *
 * They are found by name when xlp.ko loads and called through static_call():
 * on x86 that is a direct call, which is the only way to enter a function
 * whose ENDBR the kernel has sealed at boot; elsewhere it is a pointer.
 */
#ifndef _XLP_COMPAT_UNEXPORTED_H
#define _XLP_COMPAT_UNEXPORTED_H

#include <linux/ftrace.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include <linux/static_call.h>
#include <linux/task_work.h>
#include <linux/wait.h>

#include <asm-generic/xlp/names.h>

/* Architectures without ARCH_STACKWALK do not even have the prototype. */
#ifndef CONFIG_ARCH_STACKWALK
int arch_stack_walk_reliable(bool (*visit)(void *data, unsigned long addr), void *data,
			     struct task_struct *task);
#endif

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS
/* In a header of the kernel's own: register_ftrace_function() without its two locks. */
int ftrace_startup(struct ftrace_ops *ops, int command);

# define XLP_UNEXPORTED_DIRECT(F)					\
	F(ftrace_find_rec_direct,	 OPTIONAL, "naming the direct caller of a function") \
	F(ftrace_startup,		 OPTIONAL, "keeping direct callers out meanwhile")
#else
# define XLP_UNEXPORTED_DIRECT(F)
#endif

/*
 * F(name, need, purpose): every function, with what xlp cannot do without it.
 * The prototype is the one of the kernel header that declares the function. What only one
 * architecture needs stands in its asm/xlp-names.h.
 */
#define XLP_UNEXPORTED_FUNCTIONS(F)					\
	F(kallsyms_lookup_name,		 REQUIRED, "finding the functions below") \
	F(kallsyms_on_each_match_symbol, REQUIRED, "finding functions of vmlinux") \
	F(kallsyms_on_each_symbol,	 REQUIRED, "finding the cold parts of functions") \
	F(kallsyms_lookup_size_offset,	 REQUIRED, "finding where functions end") \
	F(find_module,			 REQUIRED, "finding target modules")	\
	F(ftrace_location_range,	 REQUIRED, "finding the entry of a function") \
	F(task_call_func,		 REQUIRED, "holding a task still while its stack is read") \
	F(task_curr,			 REQUIRED, "telling running tasks from others") \
	F(idle_task,			 REQUIRED, "reading the stacks of idle tasks") \
	F(put_task_stack,		 REQUIRED, "reading the stacks of exiting tasks") \
	F(wake_up_state,		 REQUIRED, "waking tasks that hold a patch up") \
	F(task_work_cancel_match,	 REQUIRED, "taking back what tasks were asked to do") \
	F(core_kernel_text,		 REQUIRED, "telling code from generated code") \
	F(is_module_text_address,	 REQUIRED, "telling modules from generated code") \
	F(kernel_text_address,		 REQUIRED, "telling generated code from data") \
	F(ftrace_graph_ret_addr,	 OPTIONAL, "walking stacks beside the graph tracer") \
	F(arch_stack_walk_reliable,	 OPTIONAL, "walking stacks by the kernel's own means") \
	F(get_kprobe,			 OPTIONAL, "naming the kprobe on a function") \
	F(ftrace_rec_iter_start,	 OPTIONAL, "naming a function that another one redirects") \
	F(ftrace_rec_iter_next,		 OPTIONAL, "naming a function that another one redirects") \
	F(ftrace_rec_iter_record,	 OPTIONAL, "naming a function that another one redirects") \
	XLP_UNEXPORTED_DIRECT(F)					\
	XLP_ARCH_UNEXPORTED(F)

#define XLP_DECLARE_UNEXPORTED(name, need, purpose) \
	DECLARE_STATIC_CALL(xlp_##name, name);
XLP_UNEXPORTED_FUNCTIONS(XLP_DECLARE_UNEXPORTED)
#undef XLP_DECLARE_UNEXPORTED

/**
 * unexported() - call a function of the table
 * @name:	its name
 *
 * ``unexported(find_module)("ext4")`` is what ``find_module("ext4")`` would be.
 */
#define unexported(name) static_call(xlp_##name)

/* Does this kernel have an optional function of the table? */
#define unexported_found(name) (!!static_call_query(xlp_##name))

/**
 * xlp_find_unexported() - fill in the table
 *
 * Logs one line that names every required function this kernel lacks.
 *
 * Context: process context, once, before anything else of xlp runs.
 *
 * Return: 0, or -EOPNOTSUPP if a required function is missing.
 */
int xlp_find_unexported(void);

#endif /* _XLP_COMPAT_UNEXPORTED_H */
