// SPDX-License-Identifier: Apache-2.0
// The fingerprint: 32 bytes as 16 words of five letters, 16 bits each.
import { Rejected } from "./errors.js";

const CONSONANTS = "bdfghjklmnprstvz", VOWELS = "aiou";

export function words(bytes) {
	const out = [];
	for (let i = 0; i < bytes.length; i += 2) {
		const w = bytes[i] * 256 + bytes[i + 1];
		out.push(CONSONANTS[w >> 12] + VOWELS[(w >> 10) & 3] + CONSONANTS[(w >> 6) & 15] +
			VOWELS[(w >> 4) & 3] + CONSONANTS[w & 15]);
	}
	return out.join("-");
}

/** The 32 bytes of 16 words, separated by hyphens or blanks. */
export function fromWords(text) {
	const list = text.trim().toLowerCase().split(/[\s-]+/);
	if (list.length !== 16)
		throw new Rejected(`a fingerprint has 16 words, not ${list.length}`);
	const out = new Uint8Array(32);
	list.forEach((word, i) => {
		const d = [...word].map((c, j) => (j % 2 === 0 ? CONSONANTS : VOWELS).indexOf(c));
		if (d.length !== 5 || d.includes(-1))
			throw new Rejected(`"${word}" is no word of a fingerprint`);
		const w = (d[0] << 12) | (d[1] << 10) | (d[2] << 6) | (d[3] << 4) | d[4];
		out[2 * i] = w >> 8;
		out[2 * i + 1] = w & 255;
	});
	return out;
}
