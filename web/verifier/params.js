// SPDX-License-Identifier: Apache-2.0
// What all hashes of a Verificatum proof depend on (docs/protocol.md 9.1, 9.2): the prefix ρ, the
// generators, the exponents of a batch and the challenges.
import { HASHES, Stream, oracleOver } from "./hash.js";
import { P, curveRight, rootCandidate } from "./field.js";
import { int, leaf, node, text } from "./bytetree.js";
import { numberOf } from "./bytes.js";

export const VERSION = "3.1.0";
export const PGROUP = "ECqPGroup(P-256)::00000000020100000020636f6d2e766572696669636174756d2e" +
	"61726974686d2e4543715047726f75700100000005502d323536";

/** The parameters that every record of Urna has. */
export const URNA = { version: VERSION, statdist: 100, vbitlenro: 256, ebitlenro: 256,
	prg: "SHA-256", rohash: "SHA-256", pgroup: PGROUP };

export class Params {
	constructor(settings, sid, auxsid) {
		const s = settings;
		this.settings = s;
		this.rohash = HASHES[s.rohash];
		this.prg = HASHES[s.prg];
		this.rho = this.rohash(node(text(s.version), text(`${sid}.${auxsid}`), int(s.statdist),
			int(s.vbitlenro), int(s.ebitlenro), text(s.prg), text(s.pgroup), text(s.rohash)));
	}

	/** h_0 … h_{count−1}. */
	generators(count) {
		const seed = oracleOver(this.rohash, 8 * this.rohash.outputLen, this.rho,
			text("generators"));
		const stream = new Stream(seed, this.rohash);
		const out = [];
		while (out.length < count) {
			const x = stream.integer(256 + this.settings.statdist) % P;
			const right = curveRight(x);
			const y = rootCandidate(right);
			if (right === 0n || (y * y) % P !== right)
				continue;
			out.push({ x, y: 2n * y < P ? y : P - y });
		}
		return out;
	}

	/** The seed of a batch; the tree is given in parts. */
	seed(...tree) {
		return oracleOver(this.rohash, 8 * this.prg.outputLen, this.rho, ...tree);
	}

	/** e_0 … e_{count−1}. */
	exponents(seed, count) {
		const stream = new Stream(seed, this.prg);
		return Array.from({ length: count }, () => stream.integer(this.settings.ebitlenro));
	}

	challenge(seed, commitment) {
		return numberOf(oracleOver(this.rohash, this.settings.vbitlenro, this.rho,
			node(leaf(seed), commitment)));
	}
}
