// SPDX-License-Identifier: GPL-2.0
/*
 * copied.c - does a processor run code that has been copied over other code?
 *
 * Loading a module where another one was is just that. Every processor does when it has
 * been told; an emulator may go on with what it had translated, and then nothing that a
 * guest shows of loaded modules is to be believed.
 *
 * Exit status 1, with a line on standard output, if old code ran.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROUNDS		100
/* Copied at once, with the code in the middle. */
#define COPIED		256
#define CODE		128

/* The address of Thumb code has its lowest bit set, so it is not where the code begins. */
#ifdef __thumb__
# define PLAIN	__attribute__((target("arm")))
#else
# define PLAIN
#endif

static PLAIN int one(void)
{
	return 1;
}

static PLAIN int two(void)
{
	return 2;
}

int main(void)
{
	static char pieces[2][COPIED];
	int (*const functions[2])(void) = { one, two };
	int i, stale = 0;
	char *page = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED) {
		perror("mmap");
		return 2;
	}
	for (i = 0; i < 2; i++)
		memcpy(pieces[i] + CODE, (void *)functions[i], 16);
	for (i = 0; i < ROUNDS; i++) {
		memcpy(page, pieces[i % 2], COPIED);
		__builtin___clear_cache(page, page + COPIED);
		stale += ((int (*)(void))(page + CODE))() != 1 + i % 2;
	}
	if (stale)
		printf("%d of %d calls ran the code that had been there before\n", stale, ROUNDS);
	return !!stale;
}
