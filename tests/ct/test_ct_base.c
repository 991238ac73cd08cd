/* SPDX-License-Identifier: Apache-2.0 */
#include "ct/ct.h"

#include "base/arena.h"
#include "base/ct.h"

static uint8_t secret[48], other[48];
static uint64_t out[4];
static bool same;

static void start(void)
{
	for (size_t i = 0; i < sizeof secret; i++)
		secret[i] = other[i] = (uint8_t)(i * 7);
	other[40] = 1;
	ct_poison(secret, sizeof secret);
}

static bytes equal(void)
{
	start();
	same = ct_equal(secret, other, sizeof secret);
	return bytes_of(&same, sizeof same);
}

static void equal_by_memcmp(void)
{
	start();
	same = bytes_equal(BYTES_OF(secret), BYTES_OF(other));
	ct_branch_on(&same, sizeof same);
}

static bytes masks(void)
{
	start();
	uint64_t a = load_be64(secret), b = load_be64(secret + 8);
	out[0] = ct_mask_zero(a);
	out[1] = ct_mask_equal(a, b);
	out[2] = ct_select(ct_mask_of_bit(a & 1), a, b);
	out[3] = ct_barrier(a);
	return BYTES_OF(out);
}

static bytes wiping(void)
{
	start();
	wipe(secret, sizeof secret);
	ct_branch_on(secret, sizeof secret); /* wiped: nothing secret is left in it */
	return BYTES_NONE;
}

/* The other kind of leak: an address that depends on the secret. */
static void table_lookup(void)
{
	static const uint8_t table[256] = {1, 2, 3};
	start();
	volatile uint8_t sink = table[secret[0]];
	(void)sink;
}

static const struct ct_case cases[] = {
	{"ct_equal", equal, equal_by_memcmp},
	{"masks and selection", masks, NULL},
	{"wipe", wiping, table_lookup},
};

int main(int argc, char **argv)
{
	(void)argc;
	return ct_run(argv, "none", cases, sizeof cases / sizeof cases[0]);
}
