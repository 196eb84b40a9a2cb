// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - xlp-running: is the code of a kernel what an object of its source has?
 *
 * exit: 0 all functions that can be compared are equal, 1 not all, 2 bad usage or input,
 *       3 the code of the module is not in the copy
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "running.h"

#define EXIT_DIFFERS 1
#define EXIT_BAD 2
#define EXIT_NO_CODE 3

static const char usage[] =
	"usage: xlp-running --text FILE --kallsyms FILE [--module NAME] OBJECT.o\n"
	"  -t, --text FILE      the code of the kernel, as xlp-text writes it\n"
	"  -k, --kallsyms FILE  its symbols, read while the same kernel ran\n"
	"  -m, --module NAME    the object is of this module\n";

struct arguments {
	const char *text;
	const char *kallsyms;
	const char *module;
	const char *object;
};

static void parse(int argc, char **argv, struct arguments *args)
{
	static const struct option options[] = { { "text", required_argument, NULL, 't' },
						 { "kallsyms", required_argument, NULL, 'k' },
						 { "module", required_argument, NULL, 'm' },
						 { "help", no_argument, NULL, 'h' },
						 {} };
	int option;

	while ((option = getopt_long(argc, argv, "t:k:m:h", options, NULL)) != -1) {
		switch (option) {
		case 't':
			args->text = optarg;
			break;
		case 'k':
			args->kallsyms = optarg;
			break;
		case 'm':
			args->module = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_SUCCESS);
		default:
			give_up("%s", usage);
		}
	}
	if (!args->text || !args->kallsyms || optind + 1 != argc)
		give_up("%s", usage);
	args->object = argv[optind];
}

static int compare(const struct arguments *args)
{
	struct running *running = memory_get(1, sizeof(*running));
	struct object *object;
	bool equal;
	size_t size;
	void *image;

	image = running_file(args->object, &size);
	object = object_read(args->object, image, size);
	if (object_machine(object) != EM_X86_64 && object_machine(object) != EM_AARCH64)
		give_up("%s: code that runs is compared on x86_64 and arm64 only", args->object);
	if (!running_read(running, args->text, args->kallsyms, args->module)) {
		if (!args->module)
			give_up("%s: the code of the kernel itself is not in it: save it anew (xlp check --save)",
				args->text);
		printf("%s: %s\n", running->names.nr ? "not read" : "no code", args->module);
		return EXIT_NO_CODE;
	}
	equal = compare_object(running, object);
	if (*running->build_id)
		printf("build id: %s\n", running->build_id);
	/* Who reads a part of it would take functions that are not named for equal ones. */
	if (fflush(stdout) || ferror(stdout))
		give_up("what there is to say cannot be written: %s", strerror(errno));
	return equal ? EXIT_SUCCESS : EXIT_DIFFERS;
}

int main(int argc, char **argv)
{
	struct arguments args = {};
	volatile int status = EXIT_BAD;

	if (!setjmp(memory_way_out)) {
		parse(argc, argv, &args);
		status = compare(&args);
	}
	memory_free_all();
	return status;
}
