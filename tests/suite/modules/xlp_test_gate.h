/* SPDX-License-Identifier: GPL-2.0 */
/* xlp_test_gate.h - where loading and unloading of modules can be held up */
#ifndef _XLP_TEST_GATE_H
#define _XLP_TEST_GATE_H

/**
 * xg_stop() - be held up here, if the gate has been told so
 * @module:	name of the module that is coming or going
 * @place:	how far it has got
 *
 * Return: the error code that it is to be refused with, or 0.
 */
int xg_stop(const char *module, const char *place);

#endif /* _XLP_TEST_GATE_H */
