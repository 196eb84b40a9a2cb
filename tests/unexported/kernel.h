/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what compat/unexported.c has of the kernel */
#ifndef _UNEXPORTED_KERNEL_H
#define _UNEXPORTED_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define KSYM_SYMBOL_LEN		600
#define KPROBE_FLAG_DISABLED	2

#define CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS 1

#define DECLARE_STATIC_CALL(name, function)	extern __typeof__(&(function)) name
#define DEFINE_STATIC_CALL_NULL(name, function)	__typeof__(&(function)) name
#define static_call(name)			(*(name))
#define static_call_query(name)			(name)
#define static_call_update(name, function)	((name) = (function))

void kernel_log(char level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define pr_err(fmt, ...)	kernel_log('3', pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)	kernel_log('6', pr_fmt(fmt), ##__VA_ARGS__)

/**
 * struct kprobe - a probe
 * @symbol_name: the function it is wanted in
 * @offset:	how far into that
 * @addr:	where it is
 * @flags:	%KPROBE_FLAG_DISABLED: not armed
 */
struct kprobe {
	const char *symbol_name;
	unsigned int offset;
	void *addr;
	unsigned int flags;
};

int register_kprobe(struct kprobe *probe);
void unregister_kprobe(struct kprobe *probe);
int sprint_symbol(char *buffer, unsigned long addr);

struct ftrace_ops;
struct task_struct;

/* The functions that are looked for. Nobody calls any but the first. */
unsigned long kallsyms_lookup_name(const char *name);
int kallsyms_on_each_match_symbol(void);
int kallsyms_on_each_symbol(void);
int kallsyms_lookup_size_offset(void);
void *find_module(void);
unsigned long ftrace_location_range(void);
int task_call_func(void);
int task_curr(void);
void *idle_task(void);
void put_task_stack(void);
int wake_up_state(void);
void *task_work_cancel_match(void);
int core_kernel_text(void);
bool is_module_text_address(void);
int kernel_text_address(void);
unsigned long ftrace_graph_ret_addr(void);
void *get_kprobe(void);
void *ftrace_rec_iter_start(void);
void *ftrace_rec_iter_next(void);
void *ftrace_rec_iter_record(void);
unsigned long ftrace_find_rec_direct(void);

#endif /* _UNEXPORTED_KERNEL_H */
