/* SPDX-License-Identifier: GPL-2.0 */
/* compat/ftrace.h - a kernel that is not preemptible */
#define XLP_UNREGISTERING_WAITS_FOR_RCU_TASKS	false
