/* SPDX-License-Identifier: GPL-2.0 */
/* compat/direct.h - a kernel without direct callers */
unsigned int xlp_first_redirected(const unsigned long *sites, unsigned int nr);
