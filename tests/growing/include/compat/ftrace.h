/* SPDX-License-Identifier: GPL-2.0 */
/* compat/ftrace.h - a preemptible kernel */
#define XLP_UNREGISTERING_WAITS_FOR_RCU_TASKS	true
