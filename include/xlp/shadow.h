/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shadow.h - shadow variables: more fields for objects of the running kernel
 *
 * A patch cannot make a structure larger that is in use already. It can attach
 * data to an object of that structure, a shadow variable, and find it again by
 * the object's address and a number that tells the patch's variables apart:
 *
 *	count = xlp_shadow_get_or_alloc(file, MY_COUNT, sizeof(*count),
 *					GFP_KERNEL, NULL, NULL);
 *	...
 *	xlp_shadow_free(file, MY_COUNT, NULL);
 *
 * An address is all that is known of the object: its variables have to be freed
 * before it is, or the next object at that address inherits them. Any value can be
 * an address, NULL too. Ids are shared by all patches, which is how one patch finds
 * what an older one has left. Variables belong to no patch and stay until they are
 * freed, or until xlp.ko is unloaded, which calls no destructor. A patch that has
 * given up its variables frees those of each id with xlp_shadow_free_all().
 *
 * Prototypes and meaning are those of the kernel's own klp_shadow_*().
 *
 * What is in a variable, and how long a pointer to it may be used, is for the
 * callers to arrange among themselves. One help they have: memory of a variable
 * that was found under rcu_read_lock() is not used for anything else until
 * rcu_read_unlock(), though its destructor may have run meanwhile.
 */
#ifndef _XLP_SHADOW_H
#define _XLP_SHADOW_H

#include <linux/types.h>

/**
 * typedef xlp_shadow_ctor_t - make a new variable ready for use
 * @obj:	the object
 * @shadow_data: the variable, zeroed, aligned as for a u64
 * @ctor_data:	what the caller of xlp_shadow_alloc() or xlp_shadow_get_or_alloc()
 *		has passed
 *
 * Nobody finds the variable before this has returned 0, and from then on everybody
 * does and sees what was written here.
 *
 * Context: as the caller's, and atomic: under a lock that all constructors and
 * destructors share, so of them only one runs at a time, with interrupts disabled.
 * May call xlp_shadow_get(); the other functions would wait for themselves.
 *
 * Return: 0, or an error code, and then there will be no variable.
 */
typedef int (*xlp_shadow_ctor_t)(void *obj, void *shadow_data, void *ctor_data);

/**
 * typedef xlp_shadow_dtor_t - undo what a variable's constructor has done
 * @obj:	the object
 * @shadow_data: the variable, which nobody finds any more. Whoever has found it
 *		before may still be looking.
 *
 * Context: that of &xlp_shadow_ctor_t.
 */
typedef void (*xlp_shadow_dtor_t)(void *obj, void *shadow_data);

/**
 * xlp_shadow_get() - find a variable
 * @obj:	the object
 * @id:		which of its variables
 *
 * Takes no lock, and takes no longer when there are more variables.
 *
 * Context: any in which RCU may be used, NMIs too.
 *
 * Return: the variable's data, or NULL if there is no such variable.
 */
void *xlp_shadow_get(void *obj, unsigned long id);

/**
 * xlp_shadow_alloc() - attach a new variable
 * @obj:	the object
 * @id:		which of its variables
 * @size:	of its data, in bytes; as much as kmalloc() gives
 * @gfp_flags:	how to allocate it
 * @ctor:	makes it ready, or NULL: it is all zeroes
 * @ctor_data:	for @ctor
 *
 * That there already is such a variable is a mistake of the caller: the kernel warns
 * with a call trace, and the variable stays as it is.
 *
 * Context: any but NMI, if @gfp_flags suit it; takes a spinlock with interrupts
 * disabled. Sleeps only to allocate, if @gfp_flags allow it.
 *
 * Return: the variable's data, or NULL: out of memory, @ctor has failed (which the
 * log has), or there is such a variable. @ctor was called in the second case only.
 */
void *xlp_shadow_alloc(void *obj, unsigned long id, size_t size, gfp_t gfp_flags,
		       xlp_shadow_ctor_t ctor, void *ctor_data);

/**
 * xlp_shadow_get_or_alloc() - find a variable, or attach it
 * @obj:	the object
 * @id:		which of its variables
 * @size:	of its data if it is new, in bytes; as much as kmalloc() gives
 * @gfp_flags:	how to allocate it
 * @ctor:	makes a new one ready, or NULL: it is all zeroes
 * @ctor_data:	for @ctor
 *
 * Of any number of callers at once, one gets as far as @ctor and all get the same
 * variable.
 *
 * Context: as xlp_shadow_alloc(); a variable that exists is found without a lock.
 *
 * Return: the variable's data, or NULL: out of memory, or @ctor has failed (which the
 * log has).
 */
void *xlp_shadow_get_or_alloc(void *obj, unsigned long id, size_t size, gfp_t gfp_flags,
			      xlp_shadow_ctor_t ctor, void *ctor_data);

/**
 * xlp_shadow_free() - detach a variable and free it
 * @obj:	the object
 * @id:		which of its variables; nothing happens if there is none
 * @dtor:	called for it once it is detached, or NULL
 *
 * Its memory is freed after an RCU grace period, which this does not wait for.
 *
 * Context: any but NMI; takes a spinlock with interrupts disabled.
 */
void xlp_shadow_free(void *obj, unsigned long id, xlp_shadow_dtor_t dtor);

/**
 * xlp_shadow_free_all() - the same for every object's variable of one id
 * @id:		which variables
 * @dtor:	called for each of them, or NULL
 *
 * Frees all that were attached before the call. One that is attached meanwhile may
 * stay, as it would if it had come a little later. The lock is dropped between any
 * two chains of the hash table.
 *
 * Context: any but NMI; takes a spinlock with interrupts disabled, many times.
 */
void xlp_shadow_free_all(unsigned long id, xlp_shadow_dtor_t dtor);

#endif /* _XLP_SHADOW_H */
