// SPDX-License-Identifier: GPL-2.0
/*
 * uevents.c - prints what the kernel tells user space of patches, a line each
 *
 * usage: uevents
 *
 * PATCH EVENT STATE, as they come, until it is killed. Prints "ready" first.
 */
#include <linux/netlink.h>
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

static void print(const char *message, size_t length)
{
	const char *subsystem = value_of(message, length, "SUBSYSTEM");
	const char *patch = value_of(message, length, "XLP_PATCH");
	const char *event = value_of(message, length, "XLP_EVENT");
	const char *state = value_of(message, length, "XLP_STATE");

	if (!subsystem || strcmp(subsystem, "xlp"))
		return;
	printf("%s %s %s\n", patch ? patch : "-", event ? event : "-", state ? state : "-");
	fflush(stdout);
}

int main(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT);
	char message[8192];
	ssize_t length;

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		perror("uevents");
		return 1;
	}
	printf("ready\n");
	fflush(stdout);
	while ((length = recv(fd, message, sizeof(message) - 1, 0)) > 0) {
		message[length] = '\0';
		print(message, length);
	}
	return 1;
}
