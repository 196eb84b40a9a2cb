/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/xlp.h - the architecture interface on an architecture without a directory
 *
 * Found last on the include path. It overrides nothing, so the generic headers
 * answer for every item.
 */
