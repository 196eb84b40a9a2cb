// SPDX-License-Identifier: GPL-2.0
/* alone.c - a file of one function, whose name another one has */
static int __attribute__((used)) alone(int x)
{
#ifdef OTHER
	return x + 2;
#else
	return x + 1;
#endif
}
