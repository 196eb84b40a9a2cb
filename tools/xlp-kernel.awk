# SPDX-License-Identifier: GPL-2.0
# Which addresses of a kernel are gone when it has booted; read before xlp-check.awk and xlp-names.awk.

# note_address ADDRESS, NAME of a symbol of vmlinux
function note_address(addr, name) {
	if (name ~ /^(__init_begin|__init_end|_sinittext|_einittext|__per_cpu_start|__per_cpu_end)$/)
		edge[name] = addr
	if (addr !~ /^0*$/)
		has_addresses = 1
}

# Digits alone would be compared as a number.
function between(addr, start, end) {
	return (start in edge) && (end in edge) && addr "" >= edge[start] "" && addr "" < edge[end] ""
}

function in_init(addr) {
	return has_addresses && (between(addr, "__init_begin", "__init_end") || between(addr, "_sinittext", "_einittext")) &&
	       !between(addr, "__per_cpu_start", "__per_cpu_end")
}

# All kernels list where their code of the boot ends, which is behind all other code.
function is_cut_off() { return !("_einittext" in edge) }
