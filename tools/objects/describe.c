// SPDX-License-Identifier: GPL-2.0
/*
 * describe.c - what builds a module of the object of a patch
 */
#include <string.h>
#include "emit.h"

static void emit_init(const char *built_as, FILE *to)
{
	fputs("static int __init patch_init(void)\n{\n", to);
	if (built_as)
		fprintf(to,
			"\tstatic const char build[] = \"%s\";\n\n"
			"\tif (strcmp(init_utsname()->version, build)) {\n"
			"\t\tpr_err(\"xlp: patch '%%s' is for the kernel %%s, and this is %%s: make it again of its diff\\n\",\n"
			"\t\t       THIS_MODULE->name, build, init_utsname()->version);\n"
			"\t\treturn -ENOEXEC;\n\t}\n",
			built_as);
	fputs("\treturn xlp_enable_patch(&patch);\n}\n\n", to);
}

/* Functions are known to the assembler by names that C need not allow: foo.constprop.0. */
void emit_description(const struct choice *choice, const char *built_as, FILE *to)
{
	bool vmlinux = !strcmp(choice->object, "vmlinux");
	size_t i;

	fputs("// SPDX-License-Identifier: GPL-2.0\n#include <linux/module.h>\n#include <linux/string.h>\n"
	      "#include <linux/utsname.h>\n#include <xlp/xlp.h>\n\n",
	      to);
	for (i = 0; i < choice->changed.nr; i++)
		fprintf(to, "void xlp_new_%zu(void) __asm__(\"%s\");\n", i,
			piece_name(choice->changed.at[i]));
	fputs("\nstatic struct xlp_func funcs[] = {\n", to);
	for (i = 0; i < choice->changed.nr; i++)
		fprintf(to, "\t{ .old_name = \"%s\", .new_func = xlp_new_%zu },\n",
			piece_name(((struct piece *)choice->changed.at[i])->twin), i);
	fputs("\t{ }\n};\n\nstatic struct xlp_object objs[] = {\n\t{ ", to);
	if (!vmlinux)
		fprintf(to, ".name = \"%s\", ", choice->object);
	fputs(".funcs = funcs },\n\t{ }\n};\n\n"
	      "static struct xlp_patch patch = {\n\t.mod = THIS_MODULE,\n\t.objs = objs,\n};\n\n",
	      to);
	emit_init(built_as, to);
	if (built_as)	/* xlp check reads it */
		fprintf(to, "MODULE_INFO(xlp_built_as, \"%s\");\n\n", built_as);
	fputs("static void __exit patch_exit(void)\n{\n}\n\n"
	      "module_init(patch_init);\nmodule_exit(patch_exit);\n"
	      "MODULE_DESCRIPTION(\"live patch made from a change of the source\");\nMODULE_LICENSE(\"GPL\");\n",
	      to);
}

/* modpost wants a .cmd file of each object, and kbuild writes one for what it has a command for. */
void emit_kbuild(const char *name, FILE *to)
{
	fprintf(to,
		"# SPDX-License-Identifier: GPL-2.0\n"
		"obj-m := %s.o\n"
		"%s-y := %s-main.o %s-code.o\n\n",
		name, name, name, name);
	fprintf(to,
		"quiet_cmd_code = COPY    $@\n"
		"      cmd_code = cp $< $@\n\n"
		"$(obj)/%s-code.o: $(src)/%s-code.o_shipped FORCE\n"
		"\t$(call if_changed,code)\n"
		"targets += %s-code.o\n",
		name, name, name);
}
