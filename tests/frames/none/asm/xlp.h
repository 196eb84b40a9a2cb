/* SPDX-License-Identifier: GPL-2.0 */
/* asm/xlp.h - an architecture that describes no frame records */
#ifndef _FRAMES_NONE_XLP_H
#define _FRAMES_NONE_XLP_H

/* For the test. */
#define ENTRY_CODE_HAS_RECORD	true
#define TRACED_PLACE(fp, callers_fp)	0UL
#define THREADS_BEGIN_ANYWHERE	false
#define STACK_ALIGN		16
#define PROBED_FRAME(fp, callers_fp)	(callers_fp)
#define SAVED_PC(task)		((task)->thread.ra)
#define SAVED_FP(task)		((task)->thread.s[0])

#endif /* _FRAMES_NONE_XLP_H */
