/* SPDX-License-Identifier: GPL-2.0 */
/*
 * livepatch.h - the kernel's interface for live patches, served by xlp.ko
 *
 * For patches that are written for in-kernel livepatch: with this directory before
 * the kernel's own on the compiler's path they build without a change,
 *
 *	make -C <kernel> M=$PWD NOSTDINC_FLAGS="-nostdinc -I<xlp>/include" \
 *		KBUILD_EXTRA_SYMBOLS=<xlp>/Module.symvers
 *
 * The names are made xlp's here, by the preprocessor, so nothing clashes on kernels
 * that have in-kernel livepatch as well. See <xlp/xlp.h> for what they mean, and for
 * what a patch may say besides (its model, for example).
 */
#ifndef _XLP_LINUX_LIVEPATCH_H
#define _XLP_LINUX_LIVEPATCH_H

/* Other headers of the kernel need what it declares for itself. */
#include_next <linux/livepatch.h>
#include <xlp/shadow.h>
#include <xlp/xlp.h>

#define klp_func		xlp_func
#define klp_object		xlp_object
#define klp_callbacks		xlp_callbacks
#define klp_state		xlp_state
#define klp_patch		xlp_patch

#define klp_get_state		xlp_get_state
#define klp_get_prev_state	xlp_get_prev_state

#define klp_shadow_ctor_t	xlp_shadow_ctor_t
#define klp_shadow_dtor_t	xlp_shadow_dtor_t
#define klp_shadow_get		xlp_shadow_get
#define klp_shadow_alloc	xlp_shadow_alloc
#define klp_shadow_get_or_alloc	xlp_shadow_get_or_alloc
#define klp_shadow_free		xlp_shadow_free
#define klp_shadow_free_all	xlp_shadow_free_all

/* What 7.2's <linux/livepatch_helpers.h> declares callbacks as. */
typedef int (*xlp_pre_patch_t)(struct xlp_object *obj);
typedef void (*xlp_post_patch_t)(struct xlp_object *obj);
typedef void (*xlp_pre_unpatch_t)(struct xlp_object *obj);
typedef void (*xlp_post_unpatch_t)(struct xlp_object *obj);
#define klp_pre_patch_t		xlp_pre_patch_t
#define klp_post_patch_t	xlp_post_patch_t
#define klp_pre_unpatch_t	xlp_pre_unpatch_t
#define klp_post_unpatch_t	xlp_post_unpatch_t

/*
 * Kernels without in-kernel livepatch refuse to load a module that has a tag of this
 * name. With a colon at its end the loader does not know it, and modinfo prints it
 * nearly as before. Whether the module has the tag is told by the symbol.
 */
extern const char xlp_livepatch_tag[] __weak;

#define __XLP_TAG_livepatch	,
#define __XLP_SECOND(a, b, ...)	b
#define __XLP_PICK(...)		__XLP_SECOND(__VA_ARGS__)
/* Since 7.x the kernel has no macro for this but MODULE_INFO() itself. */
#define __XLP_MODULE_INFO(tag, info)					\
	static const char __UNIQUE_ID(modinfo)[]			\
		__used __section(".modinfo") __aligned(1) =		\
		__MODULE_INFO_PREFIX __stringify(tag) "=" info
#define __XLP_PLAIN_TAG(tag, info)	__XLP_MODULE_INFO(tag, info)
#define __XLP_LIVEPATCH_TAG(tag, info)					\
	const char xlp_livepatch_tag[] = info;				\
	__XLP_MODULE_INFO(livepatch:, info)

#undef MODULE_INFO
#define MODULE_INFO(tag, info)						\
	__XLP_PICK(__XLP_TAG_##tag __XLP_LIVEPATCH_TAG,			\
		   __XLP_PLAIN_TAG, )(tag, info)

/**
 * klp_enable_patch() - put a patch into effect
 * @patch:	the patch; its module is marked by MODULE_INFO(livepatch, "Y")
 *
 * Return: what xlp_enable_patch() does; -EINVAL also if the module is not marked.
 */
#define klp_enable_patch(patch)		__xlp_enable(patch, xlp_livepatch_tag)

#endif /* _XLP_LINUX_LIVEPATCH_H */
