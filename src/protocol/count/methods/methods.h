/* SPDX-License-Identifier: Apache-2.0 */
/* The methods, one constant each: what count_methods lists and their own files define. */
#ifndef COUNT_METHODS_H
#define COUNT_METHODS_H

#include "count/rule.h"

extern const struct count_method method_plurality_at_large;
extern const struct count_method method_scotland;

#endif
