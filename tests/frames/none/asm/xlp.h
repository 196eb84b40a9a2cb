/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp.h - an architecture that describes no frame records */
#ifndef _FRAMES_NONE_XLP_H
#define _FRAMES_NONE_XLP_H

/* For the test. */
#define ENTRY_CODE_HAS_RECORD	true
#define TRACED_PLACE(fp, callers_fp)	0UL

#endif /* _FRAMES_NONE_XLP_H */
