/* SPDX-License-Identifier: GPL-2.0 */
/* resolve.h - from (object, name, position) to where calls are caught */
#ifndef _XLP_COMMON_RESOLVE_H
#define _XLP_COMMON_RESOLVE_H

struct list_head;
struct module;
struct xlp_live_object;
struct xlp_live_patch;

/**
 * xlp_resolve_patch() - find out where a patch's own code lies
 * @patch:	the patch, with its objects; @cold and the functions' @new_size are filled in
 *
 * Context: process context, called by the init of the patch's module, or later.
 *
 * Return: 0 or -ENOMEM.
 */
int xlp_resolve_patch(struct xlp_live_patch *patch);

/**
 * xlp_resolve_object() - find every function of an object, if that is present
 * @obj:	the object; @addr, @size and @site of its functions are filled in, and it is
 *		present then
 * @coming:	its module, which must not go away meanwhile, or NULL: to be looked for
 * @funcs:	its functions are put on that
 *
 * Logs one line for the first function that cannot be found.
 *
 * Context: process context, in an event, may sleep.
 *
 * Return: 0, also if the object is not present, or
 * * -EINVAL	no such function, ambiguous name, position past the end, or the function's calls
 *		cannot be caught
 * * -EBUSY	a direct caller has the function's calls, and cannot share them
 * * -ENOMEM	out of memory
 */
int xlp_resolve_object(struct xlp_live_object *obj, struct module *coming,
		       struct list_head *funcs);

#endif /* _XLP_COMMON_RESOLVE_H */
