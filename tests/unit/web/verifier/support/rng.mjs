// SPDX-License-Identifier: Apache-2.0
// Randomness for made elections: the same seed makes the same election.
import { Stream, sha256 } from "../../../../../web/verifier/hash.js";
import { Q } from "../../../../../web/verifier/field.js";
import { ed25519 } from "../../../../../web/verifier/noble.js";
import { utf8 } from "../../../../../web/verifier/bytes.js";

export class Rng {
	constructor(seed) {
		this.stream = new Stream(sha256(utf8(seed)));
	}

	bytes(n) {
		return this.stream.bytes(n);
	}

	scalar() {
		return this.stream.integer(384) % Q;
	}

	scalars(n) {
		return Array.from({ length: n }, () => this.scalar());
	}

	below(n) {
		return Number(this.stream.integer(64) % BigInt(n));
	}

	permutation(n) {
		const out = Array.from({ length: n }, (_, i) => i);
		for (let i = n - 1; i > 0; i--) {
			const j = this.below(i + 1);
			[out[i], out[j]] = [out[j], out[i]];
		}
		return out;
	}

	identity() {
		const secret = this.bytes(32);
		return { secret, key: ed25519.getPublicKey(secret) };
	}
}

export function sign(identity, message) {
	return ed25519.sign(message, identity.secret);
}
