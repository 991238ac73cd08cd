// SPDX-License-Identifier: Apache-2.0
// Random weights for batches. Whoever made the record must not be able to foresee them.
const webcrypto = globalThis.crypto ?? (await import("node:crypto")).webcrypto;

/** 128 random bits as a number, never 0. */
export function weight() {
	const [a, b] = webcrypto.getRandomValues(new BigUint64Array(2));
	return ((a << 64n) | b) || 1n;
}

/** Many weights at once: one call for 4096 of them. */
export function* weights() {
	for (;;) {
		const block = webcrypto.getRandomValues(new BigUint64Array(8192));
		for (let i = 0; i < block.length; i += 2)
			yield ((block[i] << 64n) | block[i + 1]) || 1n;
	}
}
