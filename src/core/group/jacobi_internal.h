/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a public number is a square modulo p, without a root: a fifth to a quarter of its time.
 *
 * Paper: the binary algorithm for the Jacobi symbol; Shallit, Sorenson 1993. With a and n odd,
 *   n > 0:  (a/n) = (a - n/n), which is even;  (2/n) = -1 exactly when n mod 8 is 3 or 5;  and
 *   (a/n) = -(n/a) exactly when both are 3 mod 4, else (n/a).
 * Inputs: public; time and branches depend on them.
 */
#ifndef GROUP_JACOBI_INTERNAL_H
#define GROUP_JACOBI_INTERNAL_H

#include <stdint.h>

/* (a/p): 1 for a square, -1 for none, 0 for a multiple of p. a: any four words, the least
 * significant first, of a plain integer (no back end's domain). */
int jacobi_vartime(const uint64_t a[static 4]);

#endif
