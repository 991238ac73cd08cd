/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ct.h"
#include "base/declassify.h"
#include "elgamal/elgamal.h"
#include "group/lift.h"

#define X_BYTES 32u
#define COUNTERS 256u /* of Verificatum's encoder */
#define STRIDE 8u     /* counters tried by one call of the group */

_Static_assert(MESSAGE_TRIES % STRIDE == 0, "the strides cover the tries");

static const char no_point[] = "message: no counter gives a point";

/* The message's last byte stands just above the length; bytes over a short message are zero. */
static void put_x(uint8_t x[static X_BYTES], const uint8_t *message, size_t len, unsigned counter)
{
	memset(x, 0, X_BYTES);
	if (len > 0)
		memcpy(x + X_BYTES - 3 - len, message, len);
	x[X_BYTES - 3] = (uint8_t)(len >> 8);
	x[X_BYTES - 2] = (uint8_t)len;
	x[X_BYTES - 1] = (uint8_t)counter;
}

static void select_point(point *inout, uint64_t mask, const point *other)
{
	for (size_t k = 0; k < 4; k++) {
		inout->x[k] = ct_select(mask, other->x[k], inout->x[k]);
		inout->y[k] = ct_select(mask, other->y[k], inout->y[k]);
	}
}

bool message_encode(point *out, const uint8_t message[static MESSAGE_BYTES], struct error *err)
{
	struct {
		uint8_t x[STRIDE][X_BYTES];
		uint64_t on[STRIDE];
		point candidate[STRIDE];
	} work;
	uint64_t found = 0;
	*out = point_infinity();
	for (unsigned first = 0; first < MESSAGE_TRIES; first += STRIDE) {
		for (unsigned i = 0; i < STRIDE; i++)
			put_x(work.x[i], message, MESSAGE_BYTES, first + i);
		points_lift(work.candidate, work.on, work.x[0], STRIDE);
		for (unsigned i = 0; i < STRIDE; i++) {
			select_point(out, work.on[i] & ~found, &work.candidate[i]);
			found |= work.on[i];
		}
	}
	wipe(&work, sizeof work);
	if (ct_declassify(found))
		return true;
	return fail(err, ERROR_REJECTED, no_point, ERROR_NOWHERE);
}

bool messages_encode(point *out, const uint8_t *messages, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (!message_encode(&out[i], messages + i * MESSAGE_BYTES, err))
			return fail(err, ERROR_REJECTED, no_point, i);
	}
	return true;
}

bool message_encode_vartime(point *out, bytes message, struct error *err)
{
	if (message.len > MESSAGE_BYTES)
		return fail(err, ERROR_LIMIT, "message: longer than a point can hold", message.len);
	for (unsigned counter = 0; counter < COUNTERS; counter++) {
		uint8_t x[X_BYTES];
		uint64_t on;
		put_x(x, message.p, message.len, counter);
		points_lift(out, &on, x, 1);
		if (on)
			return true;
	}
	return fail(err, ERROR_REJECTED, no_point, ERROR_NOWHERE);
}

bool messages_encode_vartime(point *out, const uint8_t *messages, size_t n, struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		bytes message = bytes_of(messages + i * MESSAGE_BYTES, MESSAGE_BYTES);
		if (!message_encode_vartime(&out[i], message, err))
			return fail(err, ERROR_REJECTED, no_point, i);
	}
	return true;
}

size_t message_decode_vartime(uint8_t out[static MESSAGE_BYTES], const point *p)
{
	uint8_t raw[POINT_RAW_BYTES];
	memset(out, 0, MESSAGE_BYTES);
	if (point_is_infinity(p))
		return 0;
	point_encode_raw(raw, p);
	/* A signed 16-bit number there; the negative ones are too long anyway. */
	size_t len = (size_t)raw[X_BYTES - 3] << 8 | raw[X_BYTES - 2];
	if (len > MESSAGE_BYTES)
		return 0;
	memcpy(out, raw + X_BYTES - 3 - len, len);
	return len;
}

/* Without encoding again: the encoder would pass over every smaller counter, and take this root. */
bool message_decode_canonical(uint8_t out[static MESSAGE_BYTES], const point *p)
{
	uint8_t raw[POINT_RAW_BYTES], x[X_BYTES];
	if (message_decode_vartime(out, p) != MESSAGE_BYTES || !point_is_lifted_vartime(p))
		return false;
	point_encode_raw(raw, p);
	unsigned counter = raw[X_BYTES - 1];
	put_x(x, out, MESSAGE_BYTES, counter);
	if (memcmp(x, raw, X_BYTES) != 0)
		return false;
	while (counter > 0) {
		put_x(x, out, MESSAGE_BYTES, --counter);
		if (x_has_point_vartime(x))
			return false;
	}
	return true;
}
