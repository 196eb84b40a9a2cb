/* SPDX-License-Identifier: GPL-2.0 */
/* port.h - the parts of the report; see report.c */
#ifndef PORT_H
#define PORT_H

struct seq_file;

/* A line of the report. @without: what is lost, or NULL if nothing is missing. */
void port_row(struct seq_file *m, const char *part, const char *item, const char *there,
	      const char *without);

/* code.c: the pieces of the kernel's assembly that walks must know */
void port_show_code(struct seq_file *m);

#endif /* PORT_H */
