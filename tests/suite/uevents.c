// SPDX-License-Identifier: GPL-2.0
/*
 * uevents.c - prints what the kernel tells user space of patches, a line each
 *
 * usage: uevents [look]
 *
 * PATCH EVENT STATE, as they come, until it is killed. Prints "ready" first. With "look"
 * also what the patch's files "enabled" and "transition" say when it is told, which it looks
 * at before whoever has told it goes on, if the kernel can be preempted and both share a CPU.
 */
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The value of a variable, or NULL. A message is strings one behind the other. */
static const char *value_of(const char *message, size_t length, const char *name)
{
	const char *at;

	for (at = message; at < message + length; at += strlen(at) + 1)
		if (!strncmp(at, name, strlen(name)) && at[strlen(name)] == '=')
			return at + strlen(name) + 1;
	return NULL;
}

/* The first character of a file of a patch; '-': there is none. */
static char look(const char *patch, const char *file)
{
	char path[256], value = '-';
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/xlp/%s/%s", patch, file);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, &value, 1) != 1)
		value = '-';
	close(fd);
	return value;
}

static void print(const char *message, size_t length, int looks)
{
	const char *subsystem = value_of(message, length, "SUBSYSTEM");
	const char *patch = value_of(message, length, "XLP_PATCH");
	const char *event = value_of(message, length, "XLP_EVENT");
	const char *state = value_of(message, length, "XLP_STATE");

	if (!subsystem || strcmp(subsystem, "xlp"))
		return;
	printf("%s %s %s", patch ? patch : "-", event ? event : "-", state ? state : "-");
	if (looks && patch)
		printf(" %c %c", look(patch, "enabled"), look(patch, "transition"));
	printf("\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT);
	const struct sched_param first = { .sched_priority = 1 };
	int looks = argc > 1 && !strcmp(argv[1], "look");
	char message[8192];
	ssize_t length;

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		perror("uevents");
		return 1;
	}
	if (looks && sched_setscheduler(0, SCHED_FIFO, &first)) {
		perror("uevents: no real-time priority");
		return 1;
	}
	printf("ready\n");
	fflush(stdout);
	while ((length = recv(fd, message, sizeof(message) - 1, 0)) > 0) {
		message[length] = '\0';
		print(message, length, looks);
	}
	return 1;
}
