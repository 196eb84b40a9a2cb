/* SPDX-License-Identifier: GPL-2.0 */
/* output.h - the directory that a patch is written into */
#ifndef _XLP_TOOLS_OUTPUT_H
#define _XLP_TOOLS_OUTPUT_H

#include <stdio.h>

/*
 * output_begin() - make a directory, or take one that has nothing but an earlier patch
 *
 * Until output_end() nothing can be built from it, so that who is interrupted leaves no patch that
 * is half of another one. Nobody else writes there meanwhile: gives up if somebody does.
 */
void output_begin(const char *dir);

/* output_file() - begin a file in it; output_close() - and end it */
FILE *output_file(const char *dir, const char *name);
void output_close(FILE *to, const char *dir);

/* output_kbuild() - begin the file that says what is built of it */
FILE *output_kbuild(const char *dir);

/* output_end() - and end that, with all others */
void output_end(FILE *kbuild, const char *dir);

#endif /* _XLP_TOOLS_OUTPUT_H */
