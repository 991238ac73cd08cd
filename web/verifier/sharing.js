// SPDX-License-Identifier: Apache-2.0
// Feldman's sharing in the exponent: what a polynomial's public coefficients say of its shares.
import { msm } from "./msm.js";

/** Σ j^m · C_m: the public point of the share that the polynomial gives party j. */
export function shareOf(points, j) {
	let power = 1n;
	return msm(points, points.map(() => {
		const now = power;
		power *= BigInt(j);
		return now;
	}));
}
