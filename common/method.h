/* SPDX-License-Identifier: GPL-2.0 */
/*
 * method.h - a way to catch calls of functions, as hook.c sees it
 *
 * hook.c says which functions are caught, in batches, and where their calls
 * continue (&xlp_hook.targets). A method does the catching. It may write text,
 * register with the kernel, or both; what it needs for that belongs to the batch,
 * and only the method knows what is in there.
 *
 *	prepare -> attach -> detach of some ... -> detach of the rest -> release
 *	                \--> (refused) -> abandon -> release
 *
 * A batch is made once. What a handler or a stub reads of it, its hooks and what
 * prepare() has made, is written before attach() and constant from then on, but
 * for &xlp_hook.targets, &xlp_hook.stack_args and what hook.c alone reads.
 */
#ifndef _XLP_COMMON_METHOD_H
#define _XLP_COMMON_METHOD_H

#include <linux/kallsyms.h>
#include <linux/types.h>

struct seq_file;
struct xlp_batch;
struct xlp_hook;

/* Enough for what holder() says, with the 0 at its end. */
#define XLP_HOLDER_LEN	(KSYM_SYMBOL_LEN + 64)

/**
 * struct xlp_method - a way to catch calls of functions
 * @name:	for messages
 * @prepare:	make &xlp_batch.memory for the hooks of a batch, which are complete.
 *		May sleep, in an event or not; waits for no other task. Returns
 *		0, -ENOMEM, or -ENOSPC with a message if the sites do not fit into
 *		what the method can have. After an error there is nothing to release.
 * @release:	free &xlp_batch.memory. Nobody uses the batch any more: it has never
 *		been attached, or @abandon or the last @detach has returned. May
 *		sleep, in an event or not; waits for no other task.
 * @attach:	catch calls of every hook of a batch, or of none. May wait for other
 *		tasks, by stopping the machine or for RCU tasks, say; not in an event.
 *		Returns -EBUSY if something else holds one of the functions, -EAGAIN if
 *		it may work later, -ENOSPC with a message as @prepare does. All its
 *		errors are such as user space knows.
 * @abandon:	clean up after @attach has failed. Waits until nobody uses the
 *		batch any more; not in an event.
 * @detach:	stop catching calls of the LEAVING hooks of a batch. May sleep and
 *		wait for other tasks; not in an event. When it leaves none
 *		attached, no handler uses the batch any more on return. Can fail
 *		only if the kernel's own books are broken; nothing changed then. May set
 *		&xlp_batch.waited, which saves others a wait.
 * @is_hindered: NULL, or: is somebody at a site whom @attach would not see, or who would break what
 *		it writes? Then it is not called, and that is -EBUSY. May sleep; not in an event.
 * @holder:	say who keeps calls at a site from being caught, as far as that can be
 *		told after @attach has returned -EBUSY, or @is_hindered true. Writes %XLP_HOLDER_LEN
 *		characters at most. May sleep; not in an event.
 * @find_held:	the first hook of a batch whose calls something else redirects, after
 *		@attach has returned -EBUSY; NULL if there is none, or that cannot be told
 *		without catching calls for a moment. May sleep; not in an event.
 * @code:	NULL, or: code of the method's own in which a task is that has called the function
 *		of a hook and is neither in there nor in a new one yet, with nothing else that
 *		tells of it: a stub. Tasks in there count as inside of the function. Of
 *		hooks that are ATTACHED, in an event.
 * @show:	NULL, or: a line "FUNCTION (1)" for each function whose calls are caught, by what
 *		is in the text: for methods that leave no trace in ftrace's list of functions
 *		that are hooked; "FUNCTION (0), WHY" for one that is not caught any more, and
 *		keeps xlp.ko all the same. May sleep; not in an event.
 * @forget:	NULL, or: a module's code from @start to @end goes, with nothing of it hooked
 *		any more. May sleep; in an event.
 * @tidy:	NULL, or: free what handlers may have used until now, if there is much of it. May
 *		sleep and wait for other tasks; not in an event. By a thread that nobody waits for.
 * @shrinks:	each hook of a batch can leave by itself. If not, those of one object
 *		(&xlp_hook.part, whose hooks stand together) are LEAVING when all of them are idle
 *		at the same time, without a version and wanted by nobody; until then those
 *		that are idle are caught all the same, and their calls go on where they were
 *		going. When a module goes, that is so for all of its functions.
 */
struct xlp_method {
	const char *name;
	int (*prepare)(struct xlp_batch *batch);
	void (*release)(struct xlp_batch *batch);
	int (*attach)(struct xlp_batch *batch);
	void (*abandon)(struct xlp_batch *batch);
	int (*detach)(struct xlp_batch *batch);
	bool (*is_hindered)(unsigned long site);
	void (*holder)(unsigned long site, char *text);
	const struct xlp_hook *(*find_held)(const struct xlp_batch *batch);
	unsigned long (*code)(const struct xlp_hook *hook, unsigned long *size);
	void (*show)(struct seq_file *file);
	void (*forget)(unsigned long start, unsigned long end);
	void (*tidy)(void);
	bool shrinks;
};

#endif /* _XLP_COMMON_METHOD_H */
