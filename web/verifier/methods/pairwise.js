// SPDX-License-Identifier: Apache-2.0
// schulze, ranked-pairs, minimax, copeland (docs/counting/condorcet.md).

const UNRANKED = { name: "unranked", words: ["last", "none"], otherwise: "last" };
const STRENGTH = { name: "strength", words: ["winning", "margins"], otherwise: "winning" };

/** A method of comparisons: order(e, options, duels) says who is how high, and adds its tables. */
function pairwise({ order, ...method }) {
	return { gives: "ranks", ...method,
		count(e, options) {
			const wins = prefer(e, options.unranked);
			e.table({ name: "pairwise", cells: wins });
			const note = order(e, options, wins);
			e.place(e.tallies);
			e.record({ action: "first", ...note });
			e.seatHighest(e.tallies);
		} };
}

function matrix(e) {
	return Array.from({ length: e.candidates }, () => e.zeros());
}

/** How many ballots prefer the row to the column. */
function prefer(e, unranked) {
	const wins = matrix(e);
	for (const { choices, weight } of e.piles) {
		const below = new Set(unranked === "none" ? choices : e.standing);
		for (const i of choices) {
			below.delete(i);
			for (const j of below)
				wins[i][j] += weight;
		}
	}
	return wins;
}

function strengthOf(wins, strength) {
	return (i, j) => wins[i][j] <= wins[j][i] ? 0n :
		strength === "margins" ? wins[i][j] - wins[j][i] : wins[i][j];
}

/** Tallies: how many others do not stand above each. */
function tallyAbove(e, above) {
	for (const i of e.standing)
		e.tallies[i] = BigInt(e.standing.filter((j) => j !== i && !above(j, i)).length);
}

export const schulze = pairwise({ name: "schulze", options: [STRENGTH, UNRANKED],
	order(e, { strength }, wins) {
		const direct = strengthOf(wins, strength), s = matrix(e);
		for (const i of e.standing)
			for (const j of e.standing)
				s[i][j] = direct(i, j);
		for (const k of e.standing)
			for (const i of e.standing)
				for (const j of e.standing) {
					const through = s[i][k] < s[k][j] ? s[i][k] : s[k][j];
					if (i !== k && through > s[i][j])
						s[i][j] = through;
				}
		for (const i of e.standing)
			s[i][i] = 0n;
		e.table({ name: "strengths", cells: s });
		tallyAbove(e, (i, j) => s[i][j] > s[j][i]);
	} });

/** Whom the victories that were added lead to: for each candidate a number, a bit for each. */
class Paths {
	constructor(to) {
		this.to = to;
	}

	copy() {
		return new Paths([...this.to]);
	}

	has(i, j) {
		return (this.to[i] >> BigInt(j) & 1n) === 1n;
	}

	add(i, j) {
		if (this.has(i, j))
			return;
		const more = this.to[j] | 1n << BigInt(j);
		this.to.forEach((_, c) => {
			if (c === i || this.has(c, i))
				this.to[c] |= more;
		});
	}
}

export const rankedPairs = pairwise({ name: "ranked-pairs", options: [STRENGTH, UNRANKED],
	order(e, { strength }, wins) {
		const direct = strengthOf(wins, strength), cells = matrix(e);
		const groups = new Map();
		for (const i of e.standing)
			for (const j of e.standing) {
				const s = direct(i, j);
				if (s > 0n && !groups.has(s))
					groups.set(s, []);
				if (s > 0n)
					groups.get(s).push([i, j]);
			}
		const locked = new Paths(e.zeros()), disputed = new Set();
		for (const s of [...groups.keys()].sort((a, b) => a > b ? -1 : 1))
			for (const [i, j] of inTurn(e, groups.get(s), locked, disputed))
				if (!locked.has(j, i)) {
					locked.add(i, j);
					cells[i][j] = s;
				}
		e.table({ name: "locked", cells });
		tallyAbove(e, (i, j) => locked.has(i, j));
		return disputed.size === 0 ? {} :
			{ tie: "lot", tied: [...disputed].sort((a, b) => a - b) };
	} });

/** The victories of one strength, in the order in which they are to be locked. */
function inTurn(e, group, locked, disputed) {
	const left = group.filter(([i, j]) => !locked.has(j, i));
	const all = locked.copy();
	for (const [i, j] of left)
		all.add(i, j);
	for (const [i, j] of left)
		if (all.has(j, i))
			disputed.add(i).add(j);
	if (disputed.size === 0)
		return left;
	e.lot([...disputed]);
	const place = new Map(e.question.lot.map((c, at) => [c - 1, at]));
	return left.sort(([a], [b]) => place.get(a) - place.get(b));
}

export const minimax = pairwise({ name: "minimax",
	options: [{ ...STRENGTH, words: [...STRENGTH.words, "opposition"] }, UNRANKED],
	order(e, { strength }, wins) {
		const against = strength === "opposition" ? (i, j) => wins[i][j] :
			strengthOf(wins, strength);
		const worst = e.zeros();
		for (const i of e.standing) {
			for (const j of e.standing)
				if (against(j, i) > worst[i])
					worst[i] = against(j, i);
			e.tallies[i] = e.valid - worst[i];
		}
		e.table({ name: "defeats", columns: ["worst defeat"], cells: worst.map((w) => [w]) });
	} });

export const copeland = pairwise({ name: "copeland",
	options: [{ name: "draws", words: ["half", "none"], otherwise: "half" }, UNRANKED],
	order(e, { draws }, wins) {
		e.useFraction(2n);
		for (const i of e.standing)
			for (const j of e.standing)
				if (wins[i][j] > wins[j][i])
					e.tallies[i] += 2n;
				else if (i !== j && wins[i][j] === wins[j][i] && draws === "half")
					e.tallies[i] += 1n;
	} });
