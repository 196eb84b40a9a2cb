/* SPDX-License-Identifier: GPL-2.0 */
/* bind.h - names that patches have bound while they are loaded */
#ifndef _XLP_COMMON_BIND_H
#define _XLP_COMMON_BIND_H

struct module;

/**
 * xlp_bind_init() - give names their addresses in patches that are loaded from now on
 *
 * A module that links to __xlp_enable_patch() and leaves xlp_sym.OBJECT.NAME.POSITION
 * undefined is given the symbol's address, exported or not, before the kernel looks for it;
 * position as &xlp_func.old_sympos, but not above 1. The object is vmlinux or a module that is
 * there.
 *
 * Where that cannot be done one line says so, and nothing else is the worse for it.
 *
 * Context: process context, when announcements of modules are heard (xlp_bind_check()).
 *
 * Return: 0, or -ENOMEM.
 */
int xlp_bind_init(void);

/**
 * xlp_bind_exit() - bind nothing any more
 *
 * Context: process context, while announcements of modules are still heard. Waits for those
 * who are just binding.
 */
void xlp_bind_exit(void);

/**
 * xlp_bind_check() - has everything that was bound in a module been what was meant?
 * @mod:	a module that is announced as coming; nothing of it has run
 *
 * One line of the log says what is wrong. Modules that it is bound to stay until xlp_hold_end().
 *
 * Context: process context, may sleep.
 *
 * Return: 0; -EINVAL if a name cannot be what was meant, -ENOENT if its module is not there,
 * -EAGAIN if nobody has been there to bind it, -EOPNOTSUPP if none can be bound on this
 * kernel, -ENOMEM: the module must not be loaded.
 */
int xlp_bind_check(const struct module *mod);

#endif /* _XLP_COMMON_BIND_H */
