// SPDX-License-Identifier: GPL-2.0
/*
 * caller.c - call functions as they are, and as the patch has them
 */
#include <stdio.h>

int f(int x);
int recursive(int x);
void *address(int x);
int patched_f(int x);
int patched_recursive(int x);
void *patched_address(int x);
int other(int x);
int patched_other(int x);

int outside(int x);

int outside(int x)
{
	return x + 70000;
}

static int failed;

static void expect(const char *what, long is, long should)
{
	if (is == should)
		return;
	failed = 1;
	printf("# %s: %ld, which should be %ld\n", what, is, should);
}

int main(void)
{
	expect("old: a variable", f(0), 1);
	expect("new: the same variable", patched_f(0), 11);
	expect("old: the same variable", f(0), 12);
	expect("old: a static local", f(1), 4);
	expect("new: the same static local", patched_f(1), 5);
	expect("old: an old function", f(2), 1000);
	expect("new: an old function", patched_f(2), 2000);
	expect("old: a string", f(3), 'o');
	expect("new: a string", patched_f(3), 'a');
	expect("new: a new function and variable", patched_f(4), 105);
	expect("new: the new variable again", patched_f(4), 110);
	expect("new: a variable with an address", patched_f(5), 'o');
	expect("old: a call of a function that changes", f(6), 70008);
	expect("new: a call of a function that changes", patched_f(6), 70011);
	expect("old: an address", address(0) == (void *)f, 1);
	expect("new: the address of the old function", patched_address(0) == (void *)f, 1);
	expect("new: the address of another old one", patched_address(1) == (void *)recursive, 1);
	expect("old: a static function of a name that two files have", f(7), 1);
	expect("new: a static function of a name that two files have", patched_f(7), 11);
	expect("old: the one of the other file", other(1), 100);
	expect("new: the one of the other file", patched_other(1), 1001);
	expect("old: a variable of the other file", other(0), 12);
	expect("new: a variable of the other file", patched_other(0), 22);
	expect("new: a new function of the first file", patched_other(2), 8);
	expect("new: a new variable of the first file", patched_other(3), 8);
	expect("new: both", patched_other(2), 9);
	expect("old: a function that changes in the first file", other(4), 70005);
	expect("new: calls the kernel's", patched_other(4), 70006);
	return failed;
}
