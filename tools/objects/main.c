// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - xlp diff-objects: what a patch has to replace, by two object files of one source
 *
 * exit: 0 a patch can be made, 1 it is refused, 2 bad usage or input
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "compare.h"
#include "emit.h"
#include "output.h"

#define EXIT_REFUSED 1
#define EXIT_BAD 2

static const char usage[] =
	"usage: xlp diff-objects [OPTION]... [[--object NAME] BEFORE.o AFTER.o]...\n"
	"  -O, --object NAME             what the files behind it are part of: vmlinux (if nothing is said) or a module\n"
	"  -B, --build-id HEX            of that module, the only build that the patch is for\n"
	"  -s, --symvers FILE            what the kernel exports: its Module.symvers\n"
	"  -e, --entry-size TABLE=BYTES  of a table whose entries do not show how long they are\n"
	"  -o, --output DIR              put there what builds a module of the change; wants --symvers\n"
	"  -n, --name NAME               the name of that module: livepatch if nothing is said\n"
	"  -b, --built-as TEXT           for the build that uname -v calls so, no other\n";

/**
 * struct pair - a file of the source
 * @object:	what it is part of
 * @build_id:	of that, or NULL
 * @before:	what the compiler makes of it as it was
 * @after:	and as it is to be
 */
struct pair {
	const char *object;
	const char *build_id;
	const char *before;
	const char *after;
};

struct arguments {
	const char *symvers;
	const char *output;
	const char *name;
	const char *built_as;
	struct list pairs;
};

static void *read_file(const char *path, size_t *size)
{
	size_t got = 0;
	struct stat st;
	char *bytes;
	ssize_t part;
	int fd;

	/* A FIFO would wait for who writes into it. */
	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st))
		give_up("%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		give_up("%s: no file", path);
	bytes = memory_get((size_t)st.st_size + 1, 1);
	while (got < (size_t)st.st_size) {
		part = read(fd, bytes + got, (size_t)st.st_size - got);
		if (part <= 0)
			give_up("%s: %s", path, part ? strerror(errno) : "it became shorter");
		got += (size_t)part;
	}
	close(fd);
	*size = got;
	return bytes;
}

static struct object *read_object(const char *path)
{
	size_t size;
	void *image = read_file(path, &size);
	struct object *object = object_read(path, image, size);

	object_cut(object);
	object_tables(object);
	return object;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * Lines of CRC, name, module, kind. What the patched module exports itself is bound, as the
 * patch must not keep it from going.
 */
static struct list *read_exports(const char *path, const char *object)
{
	struct list *names = memory_get(1, sizeof(*names));
	char *line, *rest, *name, *module, *bytes;
	size_t size;

	bytes = read_file(path, &size);
	for (line = strtok_r(bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *fields = line;

		strsep(&fields, "\t");
		name = strsep(&fields, "\t");
		module = strsep(&fields, "\t");
		if (!name || !module)
			give_up("%s: no Module.symvers: a line of it has no name and module", path);
		module = strrchr(module, '/') ? strrchr(module, '/') + 1 : module;
		if (!strcmp(object, "vmlinux") || strcmp(module, object))
			list_add(names, name);
	}
	sort(names->at, names->nr, sizeof(*names->at), by_text);
	return names;
}

static void write_output(const struct choice *choices, const struct arguments *args)
{
	size_t i, nr = args->pairs.nr;
	FILE *to;

	output_begin(args->output);
	for (i = 0; i < nr; i++) {
		to = output_file(args->output,
				 memory_print("%s_shipped", emit_code_name(args->name, i)));
		emit_object(&choices[i], fileno(to));
		output_close(to, args->output);
	}
	to = output_file(args->output, memory_print("%s-main.c", args->name));
	emit_description(choices, nr, args->built_as, to);
	output_close(to, args->output);
	to = output_kbuild(args->output);
	emit_kbuild(args->name, nr, to);
	output_end(to, args->output);
}

static void need_same_architecture(const struct object *one, const struct object *other)
{
	if (one->machine != other->machine || one->order != other->order)
		give_up("%s and %s are of two architectures", one->path, other->path);
}

static void compare(struct choice *choice, const struct pair *pair, const char *symvers)
{
	choice->object = pair->object;
	choice->build_id = pair->build_id;
	if (symvers)
		choice->exports = read_exports(symvers, pair->object);
	choice->before = read_object(pair->before);
	choice->after = read_object(pair->after);
	need_same_architecture(choice->before, choice->after);
	match_pieces(choice->before, choice->after);
	compare_pieces(choice->before, choice->after);
}

static int diff(const struct arguments *args)
{
	struct choice *choices = memory_get(args->pairs.nr, sizeof(*choices));
	size_t i, refusals = 0;

	for (i = 0; i < args->pairs.nr; i++) {
		compare(&choices[i], args->pairs.at[i], args->symvers);
		need_same_architecture(choices[0].after, choices[i].after);
	}
	choose(choices, args->pairs.nr);
	for (i = 0; i < args->pairs.nr; i++) {
		if (args->pairs.nr > 1)
			printf("file: %s\n", choices[i].after->path);
		choice_print(&choices[i], stdout);
		refusals += choices[i].refusals.nr;
	}
	if (fflush(stdout) || ferror(stdout))
		give_up("what there is to say cannot be written: %s", strerror(errno));
	if (refusals)
		return EXIT_REFUSED;
	if (args->output)
		write_output(choices, args);
	return EXIT_SUCCESS;
}

static bool is_entry_size(const char *text)
{
	const char *equal = strchr(text, '=');
	char *end;

	if (!equal || equal == text || !strtoul(equal + 1, &end, 10))
		return false;
	return !*end;
}

static bool is_module_name(const char *name)
{
	return *name &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
		       strlen(name);
}

/* It becomes a string of C. */
static bool is_build(const char *text)
{
	const char *at;

	for (at = text; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr(" #()_:;,./+~-", *at))
			return false;
	return at > text;
}

/* Of its two words there is one at a time. */
static void add_word(struct arguments *args, const char *object, const char *build_id,
		     const char *word, bool second)
{
	struct pair *pair;

	if (second) {
		pair = args->pairs.at[args->pairs.nr - 1];
		pair->after = word;
		return;
	}
	pair = memory_get(1, sizeof(*pair));
	pair->object = object;
	pair->build_id = build_id;
	pair->before = word;
	list_add(&args->pairs, pair);
}

static const char *checked_object(const char *name, bool between)
{
	if (!is_module_name(name))
		give_up("bad --object '%s': it is vmlinux, or the name of a module", name);
	if (between)
		give_up("--object %s stands between two files of one pair: say it before", name);
	return name;
}

static const char *checked_build_id(const char *id, const char *object)
{
	size_t digits = strlen(id);

	if (!digits || digits % 2 || strspn(id, "0123456789abcdef") != digits)
		give_up("bad --build-id '%s': it is two hexadecimal digits for each byte", id);
	if (!strcmp(object, "vmlinux"))
		give_up("--build-id %s is of no module: say --object before it", id);
	return id;
}

static void parse(int argc, char **argv, struct arguments *args)
{
	static const struct option options[] = { { "object", required_argument, NULL, 'O' },
						 { "build-id", required_argument, NULL, 'B' },
						 { "symvers", required_argument, NULL, 's' },
						 { "entry-size", required_argument, NULL, 'e' },
						 { "output", required_argument, NULL, 'o' },
						 { "name", required_argument, NULL, 'n' },
						 { "built-as", required_argument, NULL, 'b' },
						 { "help", no_argument, NULL, 'h' },
						 {} };
	const char *object = "vmlinux", *build_id = NULL;
	bool second = false, unused = false;
	int option;

	/* The minus has words given one by one, in their order. */
	while ((option = getopt_long(argc, argv, "-O:B:s:e:o:n:b:h", options, NULL)) != -1) {
		switch (option) {
		case 1:
			add_word(args, object, build_id, optarg, second);
			second = !second;
			unused = false;
			break;
		case 'O':
			object = checked_object(optarg, second);
			build_id = NULL;
			unused = true;
			break;
		case 'B':
			build_id = checked_build_id(optarg, object);
			break;
		case 's':
			args->symvers = optarg;
			break;
		case 'e':
			if (!is_entry_size(optarg))
				give_up("bad --entry-size '%s': say TABLE=BYTES, such as __bug_table=12",
					optarg);
			list_add(&object_entry_sizes, optarg);
			break;
		case 'o':
			args->output = optarg;
			break;
		case 'n':
			args->name = optarg;
			break;
		case 'b':
			args->built_as = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			memory_free_all();
			exit(EXIT_SUCCESS);
		default:
			give_up("%s", usage);
		}
	}
	for (; optind < argc; optind++, second = !second)
		add_word(args, object, build_id, argv[optind], second);
	if (second || !args->pairs.nr)
		give_up("%s", usage);
	if (unused)
		give_up("--object %s is said behind all files: say it before those that it is for",
			object);
	if (!is_module_name(args->name))
		give_up("bad --name '%s': a module's name has letters, digits and _ only",
			args->name);
	if (args->built_as && !is_build(args->built_as))
		give_up("bad --built-as '%s': it is what uname -v says", args->built_as);
	if (args->output && !args->symvers)
		give_up("--output wants --symvers: it says what the kernel exports; /lib/modules/RELEASE/build has one");
}

int main(int argc, char **argv)
{
	struct arguments args = { .name = "livepatch" };
	volatile int status = EXIT_BAD;

	if (!setjmp(memory_way_out)) {
		parse(argc, argv, &args);
		status = diff(&args);
	}
	memory_free_all();
	return status;
}
