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

/* Of all files that are part of the same: is this the first one that changes functions? */
static bool begins_object(const struct choice *choices, size_t nth)
{
	size_t i;

	for (i = 0; i < nth; i++)
		if (choices[i].changed.nr && !strcmp(choices[i].object, choices[nth].object))
			return false;
	return choices[nth].changed.nr;
}

static void emit_functions(const struct choice *choice, FILE *to)
{
	size_t i;

	for (i = 0; i < choice->changed.nr; i++)
		fprintf(to, "\t{ .old_name = \"%s\", .new_func = %s },\n",
			piece_name(((struct piece *)choice->changed.at[i])->twin),
			emit_new_name(choice, i));
}

static void emit_object_functions(const struct choice *choices, size_t nr, size_t first, FILE *to)
{
	size_t i;

	fprintf(to, "\nstatic struct xlp_func funcs_%zu[] = {\n", first);
	for (i = first; i < nr; i++)
		if (!strcmp(choices[i].object, choices[first].object))
			emit_functions(&choices[i], to);
	fputs("\t{ }\n};\n", to);
}

void emit_description(const struct choice *choices, size_t nr, const char *built_as, FILE *to)
{
	size_t i, j;

	fputs("// SPDX-License-Identifier: GPL-2.0\n#include <linux/module.h>\n#include <linux/string.h>\n"
	      "#include <linux/utsname.h>\n#include <xlp/xlp.h>\n\n",
	      to);
	for (i = 0; i < nr; i++)
		for (j = 0; j < choices[i].changed.nr; j++)
			fprintf(to, "void %s(void);\n", emit_new_name(&choices[i], j));
	for (i = 0; i < nr; i++)
		if (begins_object(choices, i))
			emit_object_functions(choices, nr, i, to);
	fputs("\nstatic struct xlp_object objs[] = {\n", to);
	for (i = 0; i < nr; i++) {
		if (!begins_object(choices, i))
			continue;
		fputs("\t{ ", to);
		if (strcmp(choices[i].object, "vmlinux"))
			fprintf(to, ".name = \"%s\", ", choices[i].object);
		if (choices[i].build_id)
			fprintf(to, ".build_id = \"%s\", ", choices[i].build_id);
		fprintf(to, ".funcs = funcs_%zu },\n", i);
	}
	fputs("\t{ }\n};\n\n"
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

const char *emit_code_name(const char *name, size_t number)
{
	return number ? memory_print("%s-code%zu.o", name, number + 1) :
			memory_print("%s-code.o", name);
}

/* modpost wants a .cmd file of each object, and kbuild writes one for what it has a command for. */
void emit_kbuild(const char *name, size_t nr, FILE *to)
{
	size_t i;

	fprintf(to,
		"obj-m := %s.o\n"
		"%s-y := %s-main.o",
		name, name, name);
	for (i = 0; i < nr; i++)
		fprintf(to, " %s", emit_code_name(name, i));
	fputs("\n\nquiet_cmd_code = COPY    $@\n"
	      "      cmd_code = cp $< $@\n",
	      to);
	for (i = 0; i < nr; i++) {
		const char *code = emit_code_name(name, i);

		fprintf(to,
			"\n$(obj)/%s: $(src)/%s_shipped FORCE\n"
			"\t$(call if_changed,code)\n"
			"targets += %s\n",
			code, code, code);
	}
}
