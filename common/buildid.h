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
 * @coming:	its module, which comes; NULL: the one that is present, if there is one
 *
 * Before anything of the module is used: imports, too, are those of that build. Logs one
 * line if it is another one.
 *
 * Context: process context, in an event.
 *
 * Return: 0, also if the patch does not say which one, -ENOEXEC, or why it is not known
 * whether the module is present.
 */
int xlp_build_id_check(const struct xlp_live_object *obj, const struct module *coming);

#endif /* _XLP_COMMON_BUILDID_H */
