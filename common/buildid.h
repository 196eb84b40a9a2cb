/* SPDX-License-Identifier: GPL-2.0 */
/* buildid.h - is a module of the build that a patch was made for? */
#ifndef _XLP_COMMON_BUILDID_H
#define _XLP_COMMON_BUILDID_H

struct module;
struct xlp_live_object;

/**
 * xlp_build_id_flaw() - what is wrong with a build id as a patch declares it
 * @id:		&xlp_object.build_id, or NULL
 *
 * Return: NULL, or some words.
 */
const char *xlp_build_id_flaw(const char *id);

/**
 * xlp_build_id_check() - is a module the one that an object of a patch was made for?
 * @obj:	the object
 * @mod:	its module, which may be coming and must not go away meanwhile
 *
 * Logs one line if not.
 *
 * Context: process context.
 *
 * Return: 0, also if the patch does not say which one, or -ENOEXEC.
 */
int xlp_build_id_check(const struct xlp_live_object *obj, const struct module *mod);

#endif /* _XLP_COMMON_BUILDID_H */
