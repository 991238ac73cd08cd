// SPDX-License-Identifier: Apache-2.0
// Tagged hashes, Verificatum's random oracle and generator (docs/protocol.md 2).
import { node, nodeOf, text } from "./bytetree.js";
import { concat, joined, numberOf } from "./bytes.js";
import { Q } from "./field.js";
import { sha256, sha384, sha512 } from "./noble.js";

export { sha256 };

/** The hash functions a Verificatum proof may name; a record of Urna has the first only. */
export const HASHES = { "SHA-256": sha256, "SHA-384": sha384, "SHA-512": sha512 };

const PREFIX = "urna/1/";

/** H_tag(x1 … xm); the arguments are byte trees. */
export function H(tag, ...trees) {
	return hashOf(tag, trees);
}

/** The same of any number of trees: a function takes only so many arguments. */
export function hashOf(tag, trees) {
	return sha256(nodeOf(1 + trees.length, joined([text(PREFIX + tag), ...trees])));
}

/** C_tag(x1 … xm), a scalar. */
export function C(tag, ...trees) {
	return numberOf(oracle(384, node(text(PREFIX + tag), ...trees))) % Q;
}

function int4(n) {
	return Uint8Array.of(n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
}

/** PRG(seed): a stream of bytes. */
export class Stream {
	constructor(seed, hash = sha256) {
		this.seed = seed;
		this.hash = hash;
		this.counter = 0;
		this.block = new Uint8Array(0);
		this.used = 0;
	}

	bytes(n) {
		const out = new Uint8Array(n);
		let at = 0;
		while (at < n) {
			if (this.used === this.block.length) {
				this.block = this.hash(concat(this.seed, int4(this.counter++)));
				this.used = 0;
			}
			const take = Math.min(n - at, this.block.length - this.used);
			out.set(this.block.subarray(this.used, this.used + take), at);
			this.used += take;
			at += take;
		}
		return out;
	}

	/** The next integer of n bits, as bytes. */
	bits(n) {
		const out = this.bytes(Math.ceil(n / 8));
		if (n % 8 !== 0)
			out[0] &= (1 << (n % 8)) - 1;
		return out;
	}

	integer(n) {
		return numberOf(this.bits(n));
	}
}

/** RO(n)(data1 || data2 …). */
export function oracle(n, ...data) {
	return oracleOver(sha256, n, ...data);
}

export function oracleOver(hash, n, ...data) {
	const h = hash.create().update(int4(n));
	for (const part of data)
		h.update(part);
	return new Stream(h.digest(), hash).bits(n);
}
