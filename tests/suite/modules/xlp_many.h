/* SPDX-License-Identifier: GPL-2.0 */
/* xlp_many.h - consecutive numbers, for as many functions */
#ifndef XLP_MANY_H
#define XLP_MANY_H

#define XT_MANY_1(F, n)	F(n##0) F(n##1) F(n##2) F(n##3) F(n##4) \
			F(n##5) F(n##6) F(n##7) F(n##8) F(n##9)
#define XT_MANY_2(F, n)	XT_MANY_1(F, n##0) XT_MANY_1(F, n##1) \
			XT_MANY_1(F, n##2) XT_MANY_1(F, n##3) \
			XT_MANY_1(F, n##4) XT_MANY_1(F, n##5) \
			XT_MANY_1(F, n##6) XT_MANY_1(F, n##7) \
			XT_MANY_1(F, n##8) XT_MANY_1(F, n##9)

/* XT_MANY(F): F(000) F(001) ... F(499) */
#define XT_MANY(F)	XT_MANY_2(F, 0) XT_MANY_2(F, 1) XT_MANY_2(F, 2) \
			XT_MANY_2(F, 3) XT_MANY_2(F, 4)

#define XT_MANY_3(F, n)	XT_MANY_2(F, n##0) XT_MANY_2(F, n##1) \
			XT_MANY_2(F, n##2) XT_MANY_2(F, n##3) \
			XT_MANY_2(F, n##4) XT_MANY_2(F, n##5) \
			XT_MANY_2(F, n##6) XT_MANY_2(F, n##7) \
			XT_MANY_2(F, n##8) XT_MANY_2(F, n##9)

/* XT_2000(F): F(1000) F(1001) ... F(2999) */
#define XT_2000(F)	XT_MANY_3(F, 1) XT_MANY_3(F, 2)

#endif /* XLP_MANY_H */
