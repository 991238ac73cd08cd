// SPDX-License-Identifier: Apache-2.0
// Many equations as one: each is multiplied by its own random weight, and the sum must be ∞.
// Where it is not, halves are tried until the wrong ones are found.
import { Sum } from "./msm.js";
import { weights } from "./random.js";

/**
 * The indices in 0 … count−1, ascending, whose equations do not hold; at most `most` of them.
 * addTerms(sum, weight, i) adds every equation of item i to the sum, each under a fresh weight().
 */
export function wrongItems(count, addTerms, most = Infinity) {
	const fresh = weights();
	const weight = () => fresh.next().value;
	const wrong = [];
	const search = (from, to) => {
		if (from === to || wrong.length >= most)
			return;
		const sum = new Sum();
		for (let i = from; i < to; i++)
			addTerms(sum, weight, i);
		if (sum.isZero())
			return;
		if (to - from === 1) {
			wrong.push(from);
			return;
		}
		const middle = (from + to) >> 1;
		search(from, middle);
		search(middle, to);
	};
	search(0, count);
	return wrong;
}

/**
 * Equations by name: { name, count, add(sum, weight, i) }. All are checked at once; answers null,
 * or the first that does not hold: { name, index }.
 */
export function firstWrong(equations) {
	const fresh = weights();
	const weight = () => fresh.next().value;
	const sum = new Sum();
	for (const e of equations)
		for (let i = 0; i < e.count; i++)
			e.add(sum, weight, i);
	if (sum.isZero())
		return null;
	for (const e of equations) {
		const [index] = wrongItems(e.count, e.add, 1);
		if (index !== undefined)
			return { name: e.name, index };
	}
	return { name: "their sum", index: 0 };
}
