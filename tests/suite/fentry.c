// SPDX-License-Identifier: GPL-2.0
/*
 * fentry.c - attaches a BPF program to a function of the kernel
 *
 * usage: fentry entry|exit FUNCTION DIRECTORY
 *        fentry count DIRECTORY
 *
 *	entry	it runs when the function is called
 *	exit	it runs when the function returns, which makes the trampoline call it
 *	count	how often it has run; counted while kernel.bpf_stats_enabled is set
 *
 * DIRECTORY is in a BPF file system. What is attached stays so while the files are
 * there. Exit status 4: this kernel cannot, standard error says why.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CANNOT		4
#define KERNEL_BTF	"/sys/kernel/btf/vmlinux"
#define COMPILER_SWITCH	"/proc/sys/net/core/bpf_jit_enable"

/* The kernel's own, not one of user space. */
#define ENOTSUPP	524

#define die(status, ...)			\
do {						\
	fprintf(stderr, __VA_ARGS__);		\
	fputc('\n', stderr);			\
	exit(status);				\
} while (0)

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return syscall(__NR_bpf, command, attr, sizeof(*attr));
}

/* ---- the function's number in the kernel's types ---- */

static char *read_types(void)
{
	int fd = open(KERNEL_BTF, O_RDONLY);
	size_t done = 0, size = 0;
	char *data = NULL;
	ssize_t n;

	if (fd < 0)
		die(CANNOT, "no %s (CONFIG_DEBUG_INFO_BTF)", KERNEL_BTF);
	do {
		if (done == size)
			data = realloc(data, size += 1 << 20);
		if (!data)
			die(1, "no memory for %s", KERNEL_BTF);
		n = read(fd, data + done, size - done);
		if (n < 0)
			die(1, "%s: %s", KERNEL_BTF, strerror(errno));
		done += n;
	} while (n);
	close(fd);
	return data;
}

/* What follows a type's own three words. */
static size_t rest_of(const struct btf_type *type)
{
	size_t n = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:		return sizeof(__u32);
	case BTF_KIND_ARRAY:		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:		return n * sizeof(struct btf_member);
	case BTF_KIND_ENUM:		return n * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64:		return n * sizeof(struct btf_enum64);
	case BTF_KIND_FUNC_PROTO:	return n * sizeof(struct btf_param);
	case BTF_KIND_VAR:		return sizeof(struct btf_var);
	case BTF_KIND_DATASEC:		return n * sizeof(struct btf_var_secinfo);
	case BTF_KIND_DECL_TAG:		return sizeof(struct btf_decl_tag);
	default:			return 0;
	}
}

static unsigned int type_of(const char *function)
{
	const char *data = read_types();
	const struct btf_header *header = (const void *)data;
	const char *names = data + header->hdr_len + header->str_off;
	const char *next = data + header->hdr_len + header->type_off;
	const char *end = next + header->type_len;
	unsigned int id;

	for (id = 1; next < end; id++) {
		const struct btf_type *type = (const void *)next;

		if (BTF_INFO_KIND(type->info) == BTF_KIND_FUNC &&
		    !strcmp(names + type->name_off, function))
			return id;
		next += sizeof(*type) + rest_of(type);
	}
	die(CANNOT, "%s knows no function %s", KERNEL_BTF, function);
}

/* ---- a program that does nothing ---- */

static int load_program(enum bpf_attach_type when, const char *function)
{
	struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static char log[1 << 16];
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.log_level = 1;
	attr.log_buf = (unsigned long)log;
	attr.log_size = sizeof(log);
	attr.prog_type = BPF_PROG_TYPE_TRACING;
	attr.expected_attach_type = when;
	attr.attach_btf_id = type_of(function);
	attr.insns = (unsigned long)code;
	attr.insn_cnt = sizeof(code) / sizeof(*code);
	attr.license = (unsigned long)"GPL";
	fd = bpf(BPF_PROG_LOAD, &attr);
	/* Where it is left out the kernel says that it has no memory for a trampoline. */
	if (fd < 0 && errno == ENOMEM && access(COMPILER_SWITCH, F_OK))
		die(CANNOT, "this kernel has no BPF trampolines (CONFIG_BPF_JIT)");
	if (fd < 0)
		die(1, "cannot load a program for %s: %s: %s", function, strerror(errno), log);
	return fd;
}

static int attach_program(int program, const char *function)
{
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.raw_tracepoint.prog_fd = program;
	fd = bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);
	if (fd < 0 && errno == ENOTSUPP)
		die(CANNOT, "no BPF trampoline for it on this architecture (ENOTSUPP)");
	if (fd < 0)
		die(1, "cannot attach to %s: %s", function, strerror(errno));
	return fd;
}

static const char *path_of(const char *directory, const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void pin(int fd, const char *directory, const char *name)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.bpf_fd = fd;
	attr.pathname = (unsigned long)path_of(directory, name);
	if (bpf(BPF_OBJ_PIN, &attr))
		die(1, "%s/%s: %s", directory, name, strerror(errno));
}

static int open_pinned(const char *directory, const char *name)
{
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.pathname = (unsigned long)path_of(directory, name);
	fd = bpf(BPF_OBJ_GET, &attr);
	if (fd < 0)
		die(1, "%s/%s: %s", directory, name, strerror(errno));
	return fd;
}

static void attach_and_pin(enum bpf_attach_type when, const char *function,
			   const char *directory)
{
	int program = load_program(when, function);
	int link = attach_program(program, function);

	if (mkdir(directory, 0700))
		die(1, "%s: %s", directory, strerror(errno));
	pin(program, directory, "program");
	pin(link, directory, "link");
}

static unsigned long long runs(const char *directory)
{
	struct bpf_prog_info info;
	union bpf_attr attr;

	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = open_pinned(directory, "program");
	attr.info.info = (unsigned long)&info;
	attr.info.info_len = sizeof(info);
	if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr))
		die(1, "%s: no figures: %s", directory, strerror(errno));
	return info.run_cnt;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "entry"))
		attach_and_pin(BPF_TRACE_FENTRY, argv[2], argv[3]);
	else if (argc == 4 && !strcmp(argv[1], "exit"))
		attach_and_pin(BPF_TRACE_FEXIT, argv[2], argv[3]);
	else if (argc == 3 && !strcmp(argv[1], "count"))
		printf("%llu\n", runs(argv[2]));
	else
		die(2, "usage: fentry entry|exit FUNCTION DIRECTORY | count DIRECTORY");
	return 0;
}
