/* SPDX-License-Identifier: GPL-2.0 */
/* others.h - what kernel.c has for other files */
int of_others(const char *text);
