/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what common/direct.c, hook.c and the headers of common/ have of the kernel */
#ifndef _DIRECT_KERNEL_H
#define _DIRECT_KERNEL_H

#define ftrace_ops	other_ftrace_ops
#include "../branch/kernel.h"
#undef ftrace_ops

/* After each of these other CPUs make calls. */
void machine_stored(void);
/* The memory that is asked for fails from so many times on, counted down. */
extern int memory_left;
/* Pieces of memory that have not been freed. */
unsigned int memory_held(void);
/* Called before one is freed. */
void machine_frees(const void *memory);
/* Ends the test. */
void bail_out(const char *why);
/* Nothing here warns. */
bool machine_warn(bool condition);
#undef WRITE_ONCE
#define WRITE_ONCE(place, value)	((place) = (value), machine_stored())
#undef smp_store_release
/* Likewise: one after the other. */
#define smp_store_release(place, value)	(*(place) = (value), machine_stored())

#define max_t(type, a, b)	max((type)(a), (type)(b))
#define BUILD_BUG_ON(condition)	((void)sizeof(char[1 - 2 * !!(condition)]))
#define WARN(condition, ...)	machine_warn(condition)

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return n == 1 ? 1 : 2UL << (sizeof(long) * 8 - 1 - __builtin_clzl(n - 1));
}

/* Of a line only the last words count. */
#undef seq_printf
#define seq_printf(file, format, address, method, idle)				\
	((void)((file)->lines++, shown_idle += !!*(idle),			\
		(void)(format), (void)(address), (void)(method)))
extern unsigned int shown_idle;

/* ---- ftrace ---- */

#define FTRACE_OPS_FL_PERMANENT	1

/**
 * struct ftrace_ops - what ftrace knows
 * @func:	a handler
 * @flags:	of %FTRACE_OPS_FL_PERMANENT; forgotten when it is registered for direct calls
 * @sites:	the filter
 * @nr:		how many there are in it
 * @direct:	what is called, or 0
 * @registered:	by whichever function
 * @is_refused:	it was on a list, and nobody has waited for who looks into its filter
 * @is_over:	its filter has been freed, and it still leads to that
 */
struct ftrace_ops {
	void *func;
	unsigned long flags;
	unsigned long *sites;
	unsigned int nr;
	unsigned long direct;
	bool registered;
	bool is_refused;
	bool is_over;
};

struct ftrace_regs;

int ftrace_set_filter_ips(struct ftrace_ops *ops, unsigned long *sites, unsigned int nr, int remove,
			  int reset);
int ftrace_set_filter_ip(struct ftrace_ops *ops, unsigned long site, int remove, int reset);
void ftrace_free_filter(struct ftrace_ops *ops);
int register_ftrace_function(struct ftrace_ops *ops);
int unregister_ftrace_function(struct ftrace_ops *ops);
int register_ftrace_direct(struct ftrace_ops *ops, unsigned long addr);
int unregister_ftrace_direct(struct ftrace_ops *ops, unsigned long addr, bool free_filters);
void kernel_halt(void);
void synchronize_rcu_tasks_rude(void);

#endif /* _DIRECT_KERNEL_H */
