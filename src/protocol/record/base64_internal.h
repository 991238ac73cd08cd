/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (RFC 4648 section 4) with padding; reading accepts only what writing gives. Public data.
 */
#ifndef RECORD_BASE64_INTERNAL_H
#define RECORD_BASE64_INTERNAL_H

#include "base/bytes.h"

void base64_add(struct text *out, bytes in);
/* false: not canonical, or longer than room. */
bool base64_decode(uint8_t *out, size_t room, size_t *len, bytes in);

#endif
