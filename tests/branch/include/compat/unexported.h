/* SPDX-License-Identifier: GPL-2.0 */
/* compat/unexported.h - kernel.h has it all */
