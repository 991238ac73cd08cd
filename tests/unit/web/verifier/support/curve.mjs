// SPDX-License-Identifier: Apache-2.0
// The prover's curve arithmetic: the package's points, and fast multiples of fixed ones.
import { Q, mod } from "../../../../../web/verifier/field.js";
import { INFINITY, fromNoble, toNoble } from "../../../../../web/verifier/group.js";
import { p256 } from "../../../../../web/verifier/noble.js";

const Noble = p256.Point;

/** A point that will be multiplied often: times(k) answers a point of the package. */
export class Fixed {
	constructor(point) {
		this.point = toNoble(point);
		// For each of 32 bytes of the scalar the 255 multiples of 256^i·P.
		this.rows = [];
		let base = this.point;
		for (let i = 0; i < 32; i++) {
			const row = [Noble.ZERO];
			for (let j = 1; j < 256; j++)
				row.push(row[j - 1].add(base));
			this.rows.push(Noble.normalizeZ(row));
			base = row[255].add(base);
		}
	}

	times(k) {
		const s = mod(k, Q).toString(16).padStart(64, "0");
		let sum = Noble.ZERO;
		for (let i = 0; i < 32; i++) {
			const digit = parseInt(s.slice(62 - 2 * i, 64 - 2 * i), 16);
			if (digit !== 0)
				sum = sum.add(this.rows[i][digit]);
		}
		return sum;
	}
}

/** Many points of the package as { x, y }, with one inversion. */
export function affine(points) {
	return Noble.normalizeZ(points).map((p) => p.is0() ? INFINITY : { x: p.x, y: p.y });
}

export const one = fromNoble;
export const lift = toNoble;
export const ZERO = Noble.ZERO;
