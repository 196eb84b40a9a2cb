// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz.c - have xlp diff-objects read objects with mistakes in them
 *
 * usage: fuzz COUNT SEED BEFORE.o AFTER.o...
 *
 * What it says of them is of no concern: it may not crash, nor go on for ever. Sanitizers and
 * a timer say whether it does. A crash is repeated by the seed and the number that were
 * printed before it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../tools/objects/compare.h"
#include "../../tools/objects/emit.h"

/* Longer than any takes by far, with sanitizers and a busy machine. */
#define MOST_SECONDS	60

struct image {
	unsigned char *bytes;
	size_t size;
};

static unsigned long chance;

static unsigned long next_chance(void)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return chance;
}

static struct image read_image(const char *path)
{
	struct image image = {};
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st))
		exit(125);
	image.size = (size_t)st.st_size;
	image.bytes = malloc(image.size);
	if (!image.bytes || read(fd, image.bytes, image.size) != (ssize_t)image.size)
		exit(125);
	close(fd);
	return image;
}

/* Values at which checks go wrong. */
static unsigned long odd_value(void)
{
	static const unsigned long values[] = {
		0, 1, 0xff, 0x7fff, 0xffff, 0xfff1, 0xfff2, 0x7fffffff, 0xffffffff,
		0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff,
	};

	return next_chance() % 3 ? values[next_chance() % 12] : next_chance() % 0x200;
}

static void put(struct image *image, size_t at, unsigned long value, size_t width)
{
	if (at < image->size && image->size - at >= width)
		memcpy(image->bytes + at, &value, width);
}

/* In the file's header, in a header of a section, in a table, or anywhere. */
static size_t some_place(const struct image *image)
{
	unsigned long headers;

	memcpy(&headers, image->bytes + 0x28, sizeof(headers));
	switch (next_chance() % 4) {
	case 0:
		return next_chance() % 64;
	case 1:
		if (headers < image->size)
			return headers + next_chance() % (image->size - headers);
		break;
	}
	return next_chance() % image->size;
}

static struct image with_mistakes(const struct image *from)
{
	struct image image = { .bytes = malloc(from->size), .size = from->size };
	unsigned int nr = 1 + next_chance() % 4;

	if (!image.bytes)
		exit(125);
	memcpy(image.bytes, from->bytes, image.size);
	while (nr--)
		put(&image, some_place(&image), odd_value(), 1UL << next_chance() % 4);
	if (!(next_chance() % 16))
		image.size = 1 + next_chance() % image.size;
	return image;
}

static struct object *take(const char *path, struct image *image)
{
	struct object *object = object_read(path, image->bytes, image->size);

	object_cut(object);
	object_tables(object);
	return object;
}

/* As main.c does it, into a file of no name and to nowhere. */
static void diff(struct image *before, struct image *after, int fd, FILE *nowhere)
{
	struct list exports = {};
	struct choice choice = { .object = "vmlinux", .exports = &exports };

	choice.before = take("before", before);
	choice.after = take("after", after);
	if (choice.before->machine != choice.after->machine ||
	    choice.before->order != choice.after->order)
		give_up("two architectures");
	match_pieces(choice.before, choice.after);
	compare_pieces(choice.before, choice.after);
	choose(&choice, 1);
	choice_print(&choice, nowhere);
	emit_object(&choice, fd);
	emit_description(&choice, 1, "#1", nowhere);
}

static unsigned long got_through;

static void try(const struct image *before, const struct image *after, int fd, FILE *nowhere)
{
	bool which = next_chance() % 2;
	struct image broken = with_mistakes(which ? before : after);
	struct image whole = { .bytes = malloc(which ? after->size : before->size) };

	whole.size = which ? after->size : before->size;
	memcpy(whole.bytes, which ? after->bytes : before->bytes, whole.size);
	alarm(MOST_SECONDS);
	if (!setjmp(memory_way_out)) {
		diff(which ? &broken : &whole, which ? &whole : &broken, fd, nowhere);
		got_through++;
	}
	alarm(0);
	memory_free_all();
	free(broken.bytes);
	free(whole.bytes);
}

int main(int argc, char **argv)
{
	int pairs = (argc - 3) / 2, fd = memfd_create("patch", 0), pair;
	unsigned long count, i, seed;
	struct image before, after;
	FILE *nowhere = fopen("/dev/null", "w");

	if (pairs < 1 || fd < 0 || !nowhere)
		return 125;
	/* What the tool says; sanitizers write to its file themselves. */
	stderr = nowhere;
	count = strtoul(argv[1], NULL, 10);
	seed = strtoul(argv[2], NULL, 10);
	for (pair = 0; pair < pairs; pair++) {
		before = read_image(argv[3 + pair * 2]);
		after = read_image(argv[4 + pair * 2]);
		chance = seed * 1000003 + (unsigned long)pair + 1;
		for (i = 0; i < count / (unsigned long)pairs; i++)
			try(&before, &after, fd, nowhere);
		free(before.bytes);
		free(after.bytes);
	}
	printf("# %lu of %lu pairs with mistakes were compared to the end\n", got_through,
	       count / (unsigned long)pairs * (unsigned long)pairs);
	return 0;
}
