/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot/ballot_internal.h"

/* node(body, int seq…); returns where what follows seq goes. */
static uint8_t *put_body_and_seq(uint8_t *out, uint32_t children, bytes body, uint32_t seq)
{
	require(seq <= SEQ_MAX);
	out += tree_put_node(out, children);
	memcpy(out, body.p, body.len);
	out += body.len;
	out += tree_put_leaf(out, 4);
	store_be32(out, seq);
	return out + 4;
}

void ballot_wrap(uint8_t *out, bytes body, uint32_t seq)
{
	put_body_and_seq(out, WRAPPED_CHILDREN, body, seq);
}

bool ballot_sign(uint8_t *out, bytes body, const struct ballot_signer *signer, struct rng *rng,
                 struct error *err)
{
	secret_scalar k;
	const point g = point_generator();
	const digest id = ballot_id(body);
	point commitment;
	scalar c, z;
	if (!secret_scalar_random(&k, rng, err))
		return false;
	point_mul(&commitment, &k, &g);
	const struct signature_statement statement = {signer->key, &commitment, signer->eid, &id,
	                                              signer->seq};
	signature_challenge(&c, &statement);
	proof_respond(&z, &k, &c, signer->s);
	out = put_body_and_seq(out, SIGNED_CHILDREN, body, signer->seq);
	points_encode_tree(out, &commitment, 1);
	scalars_encode_tree(out + POINT_TREE_BYTES, &z, 1);
	return true;
}
