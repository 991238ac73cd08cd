/* SPDX-License-Identifier: Apache-2.0 */
/* The methods, one constant each: what count_methods lists and their own files define. */
#ifndef COUNT_METHODS_H
#define COUNT_METHODS_H

#include "count/rule.h"

extern const struct count_method method_approval;
extern const struct count_method method_borda;
extern const struct count_method method_borda_custom;
extern const struct count_method method_borda_nauru;
extern const struct count_method method_bucklin;
extern const struct count_method method_cambridge;
extern const struct count_method method_cfer;
extern const struct count_method method_coombs;
extern const struct count_method method_copeland;
extern const struct count_method method_cumulative;
extern const struct count_method method_desborda;
extern const struct count_method method_desborda2;
extern const struct count_method method_desborda3;
extern const struct count_method method_ers97;
extern const struct count_method method_irv;
extern const struct count_method method_majority_judgment;
extern const struct count_method method_meek;
extern const struct count_method method_meek_prf;
extern const struct count_method method_minimax;
extern const struct count_method method_mpls;
extern const struct count_method method_northern_ireland;
extern const struct count_method method_pairwise_beta;
extern const struct count_method method_pairwise_bradleyterry;
extern const struct count_method method_party_list;
extern const struct count_method method_plurality;
extern const struct count_method method_plurality_at_large;
extern const struct count_method method_qpq;
extern const struct count_method method_ranked_pairs;
extern const struct count_method method_schulze;
extern const struct count_method method_score;
extern const struct count_method method_scotland;
extern const struct count_method method_star;
extern const struct count_method method_supplementary_vote;
extern const struct count_method method_warren;
extern const struct count_method method_wigm_prf;

#endif
