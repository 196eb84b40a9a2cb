/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp-names.h - what the kernels of an architecture call what xlp looks for
 *
 * Found last on the include path. This architecture adds nothing to what all have.
 */
