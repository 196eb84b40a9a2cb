// SPDX-License-Identifier: GPL-2.0
/* symbols.c - what code.c and cold.c ask of the kernel and of xlp: symbols and memory */
#include "../../common/alloc.h"
#include <compat/kallsyms.h>
#include "symbols.h"

struct module target = { "target", 0x20000, 0x21000 };
struct module plain = { "plain", 0x22000, 0x22100 };
struct module parted = { "parted", 0x23000, 0x24000 };
struct module mod_a = { "a", 0x40000, 0x40800 };
struct module mod_b = { "b", 0x30000, 0x30800 };

const struct symbol symbols[] = {
	{ 0x1000, 0x100, "read", NULL },
	{ 0x1100, 0x100, "write", NULL },
	{ 0x1200, 0x100, "write_all", NULL },
	{ 0x1400, 0x100, "twin", NULL },
	{ 0x1600, 0x100, "twin", NULL },
	{ 0x1800, 0x100, "sync", NULL },
	{ 0x1800, 0x100, "do_sync", NULL },
	{ 0x1900, 0x100, "pieces", NULL },
	{ 0x1a00, 0x100, "clone", NULL },
	{ 0x1c00, 0x100, "clone.isra.0", NULL },
	{ 0x1e00, 0x100, "halves", NULL },
	{ 0x2000, 0x100, "halves.part.0", NULL },
	{ 0x2200, 0x100, "twins", NULL },
	{ 0x2400, 0x100, "twins", NULL },
	{ 0x2600, 0x100, "old", NULL },
	{ 0x2600, 0x100, "older", NULL },
	{ 0x9000, 0x040, "read.cold", NULL },
	{ 0x9040, 0x040, "write.cold", NULL },
	{ 0x9080, 0x040, "write_all.cold", NULL },
	{ 0x90c0, 0x040, "write.cold", NULL },
	{ 0x9100, 0x040, "do_sync.cold", NULL },
	{ 0x9180, 0x010, "pieces.cold", NULL },
	{ 0x9190, 0x010, "pieces.cold", NULL },
	{ 0x91a0, 0x010, "pieces.cold", NULL },
	{ 0x91b0, 0x010, "pieces.cold", NULL },
	{ 0x91c0, 0x010, "pieces.cold", NULL },
	{ 0x91d0, 0x010, "pieces.cold", NULL },
	{ 0x91e0, 0x010, "pieces.cold", NULL },
	{ 0x91f0, 0x010, "pieces.cold", NULL },
	{ 0x9200, 0x010, "pieces.cold", NULL },
	{ 0x9220, 0x010, "pieces.cold", NULL },
	{ 0x9230, 0x010, "piece.cold", NULL },
	{ 0x9300, 0x040, "clone.cold", NULL },
	{ 0x9380, 0x040, "clone.isra.0.cold", NULL },
	{ 0x9400, 0x040, "clone.isra.0.cold.12", NULL },
	{ 0x9480, 0x040, "halves.part.0.cold", NULL },
	{ 0x9500, 0x040, "twins.cold", NULL },
	{ 0x9580, 0x040, "old.cold.5", NULL },
	{ 0x9600, 0x040, "older.cold.1.cold", NULL },
	{ 0x9680, 0x040, "orphan.cold", NULL },
	{ 0x20000, 0x100, "read", &target },
	{ 0x20100, 0x100, "write", &target },
	{ 0x20200, 0x100, "close", &target },
	{ 0x20300, 0x100, "sync", &target },
	{ 0x20300, 0x100, "do_sync", &target },
	{ 0x20400, 0x100, "do_sync_all", &target },
	{ 0x20800, 0x040, "write.cold", &target },
	{ 0x20840, 0x040, "writ.cold", &target },
	{ 0x20880, 0x040, "write2.cold", &target },
	{ 0x208c0, 0x040, "close.cold", &target },
	{ 0x20900, 0x040, "do_sync.cold.7", &target },
	{ 0x20940, 0x040, "do_syn.cold", &target },
	{ 0x20980, 0x040, "do_sync_all.cold", &target },
	{ 0x22000, 0x100, "plain", &plain },
	{ 0x23000, 0x100, "parted", &parted },
	{ 0x23800, 0x040, "parted.cold", &parted },
	{ 0x23880, 0x040, "parted.cold.1", &parted },
	{ 0x30000, 0x080, "b_read", &mod_b },
	{ 0x30080, 0x080, "b_write", &mod_b },
	{ 0x30100, 0x080, "b_close", &mod_b },
	{ 0x30180, 0x080, "b_helper", &mod_b },
	{ 0x30400, 0x040, "b_write.cold", &mod_b },
	{ 0x30500, 0x040, "b_gone.cold", &mod_b },
	{ 0x40000, 0x080, "a_read", &mod_a },
	{ 0x40080, 0x080, "a_write", &mod_a },
	{ 0x40100, 0x080, "a_close", &mod_a },
	{ 0x40180, 0x080, "a_twin", &mod_a },
	{ 0x40400, 0x040, "a_read.cold", &mod_a },
};

const unsigned int nr_symbols = ARRAY_SIZE(symbols);

/* ---- what code.c asks of the kernel and of xlp ---- */

const struct symbol *symbol_at(unsigned long addr)
{
	const struct symbol *symbol;

	for (symbol = symbols; symbol < symbols + nr_symbols; symbol++)
		if (addr >= symbol->addr && addr < symbol->addr + symbol->size)
			return symbol;
	return NULL;
}

int code_core_kernel_text(unsigned long addr)
{
	return addr < 0x10000;
}

unsigned int nr_asked;

struct xlp_range xlp_symbol_around(unsigned long addr)
{
	const struct symbol *symbol = symbol_at(addr);

	nr_asked++;
	if (!symbol)
		return (struct xlp_range){ };
	return (struct xlp_range){ symbol->addr, symbol->addr + symbol->size };
}

unsigned int nr_walks;

void xlp_vmlinux_symbols(xlp_symbol_visitor visit, void *data)
{
	const struct symbol *symbol;
	char name[64];

	nr_walks++;
	for (symbol = symbols; symbol < symbols + nr_symbols; symbol++) {
		if (symbol->mod)
			continue;
		/* Nobody keeps the name. */
		snprintf(name, sizeof(name), "%s", symbol->name);
		visit(data, name, symbol->addr, 0);
		memset(name, 0, sizeof(name));
	}
}

void xlp_module_symbols(const struct module *mod, xlp_symbol_visitor visit, void *data)
{
	const struct symbol *symbol;

	nr_walks++;
	for (symbol = symbols; symbol < symbols + nr_symbols; symbol++)
		if (symbol->mod == mod)
			visit(data, symbol->name, symbol->addr, symbol->size);
}

unsigned int failing_allocation;
unsigned int nr_allocated;

/* What lies behind an allocation, which is not touched. */
#define FENCE		64
#define FENCE_BYTE	0xf3

/**
 * struct block - an allocation
 * @size:	in bytes, without the fence
 * @memory:	it, and the fence
 */
struct block {
	size_t size;
	unsigned char memory[];
};

void *xlp_alloc(size_t size)
{
	struct block *block;

	if (failing_allocation == 1)
		return NULL;
	failing_allocation -= !!failing_allocation;
	block = calloc(1, sizeof(*block) + size + FENCE);
	block->size = size;
	memset(block->memory + size, FENCE_BYTE, FENCE);
	nr_allocated++;
	return block->memory;
}

void *xlp_alloc_array(size_t nr, size_t size)
{
	if (!nr) {
		printf("Bail out! an allocation of nothing, which would fail\n");
		exit(1);
	}
	return xlp_alloc(nr * size);
}

void xlp_free(const void *memory)
{
	struct block *block;
	unsigned int i;

	if (!memory)
		return;
	block = container_of(memory, struct block, memory);
	for (i = 0; i < FENCE; i++) {
		if (block->memory[block->size + i] != FENCE_BYTE) {
			printf("Bail out! written behind an allocation\n");
			exit(1);
		}
	}
	nr_allocated--;
	free(block);
}
