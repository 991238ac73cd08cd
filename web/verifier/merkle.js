// SPDX-License-Identifier: Apache-2.0
// RFC 6962's Merkle tree over SHA-256.
import { concat } from "./bytes.js";
import { sha256 } from "./hash.js";

const LEAF = Uint8Array.of(0), INNER = Uint8Array.of(1);

export function leafHash(data) {
	return sha256(concat(LEAF, data));
}

/** A tree that grows by leaves; it keeps one digest for each complete subtree. */
export class Tree {
	constructor() {
		this.size = 0;
		this.peaks = [];
	}

	append(data) {
		let digest = leafHash(data);
		for (let n = this.size; n % 2 === 1; n = (n - 1) / 2)
			digest = sha256(concat(INNER, this.peaks.pop(), digest));
		this.peaks.push(digest);
		this.size++;
	}

	root() {
		if (this.size === 0)
			return sha256(new Uint8Array(0));
		return this.peaks.reduceRight((right, left) => sha256(concat(INNER, left, right)));
	}
}
