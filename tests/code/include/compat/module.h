/* SPDX-License-Identifier: GPL-2.0 */
/* compat/module.h - a module's code */
#ifndef _CODE_COMPAT_MODULE_H
#define _CODE_COMPAT_MODULE_H

struct xlp_range {
	unsigned long start;
	unsigned long end;
};

static inline struct xlp_range xlp_module_text(const struct module *mod)
{
	return (struct xlp_range){ mod->start, mod->end };
}

#endif /* _CODE_COMPAT_MODULE_H */
