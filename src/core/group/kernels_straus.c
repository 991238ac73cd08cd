/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Σ k[i]·p[i] in constant time (Straus), windows apart. A window has a row of sums side by side,
 * and in a round every sum takes in one point's term, chosen from the point's table of odd
 * multiples. All sums of all windows share the inversion of a round.
 *
 * Why no addition is special, whoever chose the points. The sums do not begin at infinity but at R
 * and at -R in turns, so that these cancel in the end, with R = r·G and r a hash of all scalars and
 * points. At every addition the sum is A + R or A - R and meets a term T, where A and T were
 * settled before r: they are equal or opposite for at most two values of r. With n terms that makes
 * about 104·n values of 2^256, which nobody meets by chance and nobody can look for faster than by
 * hashing input after input, 2^248/n of them; neither points nor scalars chosen on purpose help.
 * Only when the sums of a window are added to each other R may cancel, and those additions are
 * complete.
 */
#include "group/kernels_odd_internal.h"
#include "hash/sha2.h"

#define STRAUS_ROWS 16u   /* most sums of one window; a power of two, so that as many begin at -R */
#define STRAUS_TERMS 256u /* most points that have tables at a time: what a second cache holds */
_Static_assert(STRAUS_TERMS % STRAUS_ROWS == 0, "rounds are whole");

/* Lane i is the sum of window i % COMMON_WINDOWS in row i / COMMON_WINDOWS. */
struct lanes {
	struct affine *sum;
	fe *x;          /* that of the term */
	fe_loose *rise; /* the term's y less the sum's */
	union odd_entry *table;
	uint8_t *digits; /* [term][window] */
	point *points;
	uint64_t *windows;
};

static struct lanes lanes_take(struct arena *scratch, size_t lanes, size_t terms)
{
	return (struct lanes){
		.sum = scratch_take_array(scratch, lanes, struct affine),
		.x = scratch_take_array(scratch, lanes, fe),
		.rise = scratch_take_array(scratch, lanes, fe_loose),
		.table = scratch_take_array(scratch, terms * COMMON_ENTRIES, union odd_entry),
		.digits = scratch_take_array(scratch, terms * COMMON_WINDOWS, uint8_t),
		.points = scratch_take_array(scratch, terms > lanes ? terms : lanes, point),
		.windows = scratch_take_array(scratch, WINDOW_LIMBS, uint64_t),
	};
}

/* Sums of even rows begin at R, the others at -R. */
static void begin_at_offset(struct lanes *l, size_t rows, const secret_scalar *k, const point *p,
                            size_t n)
{
	struct hash h;
	uint8_t digest_bytes[HASH_MAX_BYTES];
	secret_scalar r;
	point offset, g;
	struct affine signed_offset[2];
	hash_init(&h, HASH_SHA256);
	hash_update(&h, bytes_of(k, n * sizeof *k));
	hash_update(&h, bytes_of(p, n * sizeof *p));
	hash_finish(&h, digest_bytes);
	scalar_reduce(&r.secret, digest_bytes, hash_bytes(HASH_SHA256));
	KERNEL(kernel_generator)(&g);
	KERNEL(kernel_mul)(&offset, &r, &g);
	affine_load(&signed_offset[0], &offset);
	packed_negate_if(&offset, UINT64_MAX);
	affine_load(&signed_offset[1], &offset);
	for (size_t i = 0; i < rows * COMMON_WINDOWS; i++)
		l->sum[i] = signed_offset[i / COMMON_WINDOWS % 2];
	hash_wipe(&h);
	wipe(digest_bytes, sizeof digest_bytes);
	wipe(&r, sizeof r);
	wipe(&offset, sizeof offset);
	wipe(signed_offset, sizeof signed_offset);
}

/* Tables and digits. A point that is infinite, or not there to make a round whole, becomes G with
 * the scalar 0, whose digits are those of q: no sum needs to know. */
static void prepare_terms(struct lanes *l, const secret_scalar *k, const point *p, size_t n,
                          size_t terms, struct arena *scratch)
{
	memset(l->points, 0, terms * sizeof *l->points);
	memcpy(l->points, p, n * sizeof *p);
	for (size_t i = 0; i < terms; i++) {
		secret_scalar own = {{{0, 0, 0, 0}}};
		uint64_t infinite = packed_infinity_mask(&l->points[i]);
		for (unsigned j = 0; i < n && j < 4; j++)
			own.secret.v[j] = k[i].secret.v[j] & ~infinite;
		unsigned flip = windows_prepare(l->windows, &own.secret, COMMON_WINDOW * COMMON_WINDOWS);
		for (unsigned w = 0; w < COMMON_WINDOWS; w++)
			l->digits[i * COMMON_WINDOWS + w] =
				window_digit(l->windows, w * COMMON_WINDOW, COMMON_WINDOW, flip);
		wipe(&own, sizeof own);
	}
	KERNEL(kernel_odd_multiples)(l->table, l->points, terms, scratch);
}

static void begin_group(struct lanes *l, struct sweep *s, size_t term, size_t first, size_t n)
{
	const uint8_t *digits = l->digits + term * COMMON_WINDOWS;
	struct affine t;
	for (size_t i = first; i < first + n; i++) {
		size_t row = i / COMMON_WINDOWS;
		odd_select(&t, &l->table[(term + row) * COMMON_ENTRIES], digits[i]);
		lane_begin_add(&s->d[i], &l->rise[i], &l->sum[i], &t, digit_sign(digits[i]));
		l->x[i] = t.x;
	}
	sweep_push(s, first, n);
}

/* A round takes in the terms of as many points as there are rows. */
static void add_terms(struct lanes *l, struct sweep *s, size_t rows, size_t terms)
{
	fe inverse[TOGETHER];
	size_t n;
	sweep_start(s, rows * COMMON_WINDOWS);
	for (size_t g = 0; g < sweep_groups(s); g++) {
		size_t first = sweep_group(s, g, &n);
		begin_group(l, s, 0, first, n);
	}
	for (size_t next = rows; next <= terms; next += rows) {
		sweep_turn(s, 1);
		for (size_t g = 0; g < sweep_groups(s); g++) {
			size_t first = sweep_group(s, g, &n);
			sweep_pop(inverse, s, first, n);
			lanes_add(&l->sum[first], &l->x[first], &l->rise[first], inverse, n);
			if (next < terms)
				begin_group(l, s, next, first, n);
		}
	}
}

static void sum_rows(point *p, size_t rows, struct arena *scratch)
{
	for (size_t half = rows / 2; half > 0; half /= 2)
		KERNEL(kernel_add)(p, p, p + half * COMMON_WINDOWS, half * COMMON_WINDOWS, 0, scratch);
}

/* rows is a power of two */
static size_t whole_rounds(size_t n, size_t rows)
{
	return (n + rows - 1) & ~(rows - 1);
}

void KERNEL(kernel_straus)(point sums[static COMMON_WINDOWS], const secret_scalar *k,
                           const point *p, size_t n, struct arena *scratch)
{
	size_t mark = arena_mark(scratch), rows = 2, terms;
	while (rows < STRAUS_ROWS && rows * STRAUS_ROWS < n)
		rows *= 2;
	terms = n < STRAUS_TERMS ? whole_rounds(n, rows) : STRAUS_TERMS;
	struct sweep s = sweep_take(scratch, rows * COMMON_WINDOWS);
	struct lanes l = lanes_take(scratch, rows * COMMON_WINDOWS, terms);
	begin_at_offset(&l, rows, k, p, n);
	for (size_t done = 0; done < n; done += terms) {
		size_t count = n - done < terms ? n - done : terms;
		size_t whole = whole_rounds(count, rows);
		prepare_terms(&l, k + done, p + done, count, whole, scratch);
		add_terms(&l, &s, rows, whole);
	}
	for (size_t i = 0; i < rows * COMMON_WINDOWS; i++)
		affine_store(&l.points[i], &l.sum[i]);
	sum_rows(l.points, rows, scratch);
	memcpy(sums, l.points, COMMON_WINDOWS * sizeof *sums);
	wipe(&s, sizeof s);
	arena_release_wiped(scratch, mark);
}
