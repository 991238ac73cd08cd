// SPDX-License-Identifier: Apache-2.0
// Makes a ceremony (docs/protocol.md 5), with whatever goes wrong in `troubles`:
//   absent: [party]        present in nobody's echo
//   silent: [dealer]       no opening
//   rogue: [dealer]        an opening whose proof of possession does not hold
//   accused: dealer, accuser, and an answer: "right", "wrong" or "none"
//   failed: count          attempts that fail first
import { C, H } from "../../../../../web/verifier/hash.js";
import { G, encodePoint, encodePoints, encodeScalar, multiply } from
	"../../../../../web/verifier/group.js";
import { Q, mod } from "../../../../../web/verifier/field.js";
import { flags, int, leaf, node, text } from "../../../../../web/verifier/bytetree.js";
import { msm } from "../../../../../web/verifier/msm.js";
import { sign } from "./rng.mjs";

const two = (n) => String(n).padStart(2, "0");

class Attempt {
	constructor(files, manifest, identities, rng, number, troubles) {
		Object.assign(this, { files, manifest, identities, rng, number, troubles });
		this.D = leaf(manifest.D);
		this.rounds = Array.from({ length: 7 }, () => new Map());
	}

	say(round, party, content) {
		const head = [this.D, int(this.number), int(round), int(party)];
		const digest = H("message", ...head, leaf(content));
		const bytes = node(text("urna-ceremony-1"), ...head, content,
			leaf(sign(this.identities[party - 1], digest)));
		this.rounds[round].set(party, bytes);
		this.files.set(`ceremony/${this.number}/r${round}-${two(party)}.bt`, bytes);
	}

	leaves(last, parties = this.all) {
		const out = [];
		for (let round = 0; round <= last; round++)
			for (const party of parties)
				if (this.rounds[round].has(party))
					out.push(leaf(this.rounds[round].get(party)));
		return out;
	}

	fail(reason, culprit) {
		for (const party of this.all.slice(0, 2)) {
			const digest = H("failed", this.D, int(this.number), int(party), text(reason),
				int(culprit));
			this.files.set(`ceremony/${this.number}/failed-${two(party)}.bt`, node(
				text("urna-ceremony-1"), this.D, int(this.number), int(party), text(reason),
				int(culprit), leaf(sign(this.identities[party - 1], digest))));
		}
	}

	run() {
		const { manifest, rng, troubles } = this;
		const { n, t } = manifest;
		this.all = Array.from({ length: n }, (_, i) => i + 1);
		const present = this.all.filter((i) => !(troubles.absent ?? []).includes(i));
		const named = this.all.map((i) => present.includes(i));
		for (const i of present)
			this.say(0, i, leaf(rng.bytes(32)));
		const deals = new Map(present.map((i) => [i, this.deal(i)]));
		for (const i of present)
			this.say(1, i, leaf(deals.get(i).commitment));
		const seen = [0, 1].flatMap((round) => present.map((i) => leaf(this.rounds[round].get(i))));
		for (const i of present)
			this.say(2, i, node(flags(named), leaf(H("echo", this.D, int(this.number),
				flags(named), ...seen))));
		const opening = present.filter((i) => !(troubles.silent ?? []).includes(i));
		for (const i of opening)
			this.say(3, i, this.opening(deals.get(i), named));
		const valid = opening.filter((i) => !(troubles.rogue ?? []).includes(i));
		return this.verdicts(present, valid, deals, t);
	}

	deal(i) {
		const { manifest, rng } = this;
		const f = rng.scalars(manifest.t);
		const points = f.map((c) => multiply(G, c));
		const a = rng.scalar(), A = multiply(G, a);
		const proof = [encodePoints(points), encodePoint(A)];
		const c = C("pop", this.D, int(this.number), int(i), leaf(this.identities[i - 1].key),
			...proof);
		const rogue = (this.troubles.rogue ?? []).includes(i) ? 1n : 0n;
		const z = encodeScalar(mod(a + c * f[0] + rogue, Q));
		const salt = leaf(rng.bytes(32));
		return { i, f, points, tree: [...proof, z, salt], commitment: H("commit", this.D,
			int(this.number), int(i), ...proof, z, salt) };
	}

	opening(deal, named) {
		return node(...deal.tree, node(...named.map((there) =>
			leaf(there ? this.rng.bytes(80) : new Uint8Array(0)))));
	}

	share(deal, j) {
		return deal.f.reduceRight((sum, c) => mod(sum * BigInt(j) + c, Q), 0n);
	}

	verdicts(present, valid, deals, t) {
		const { accused } = this.troubles;
		const digest = H("openings", this.D, int(this.number), ...this.all.map((i) =>
			leaf(valid.includes(i) ? this.rounds[3].get(i) : new Uint8Array(0))));
		for (const j of valid)
			this.say(4, j, node(leaf(Uint8Array.from(this.all, (i) => !valid.includes(i) ? 2 :
				accused?.dealer === i && accused.accuser === j ? 1 : 0)), leaf(digest)));
		if (accused && accused.answer !== "none") {
			const share = this.share(deals.get(accused.dealer), accused.accuser);
			this.say(5, accused.dealer, node(node(int(accused.accuser),
				encodeScalar(mod(share + (accused.answer === "wrong" ? 1n : 0n), Q)))));
		}
		const out = accused && (t === 1 || accused.answer !== "right") ? accused.dealer : 0;
		return this.finish(valid.filter((i) => i !== out).map((i) => deals.get(i)), present, valid);
	}

	finish(deals, present, valid) {
		const { n, t } = this.manifest;
		const polynomial = Array.from({ length: t }, (_, m) =>
			msm(deals.map((d) => d.points[m]), deals.map(() => 1n)));
		const qualified = flags(this.all.map((i) => deals.some((d) => d.i === i)));
		const answered = deals.map((d) => d.i).filter((i) => i === this.troubles.accused?.dealer);
		const who = [present, present, present, valid, valid, answered];
		const T = H("transcript", this.D, int(this.number), ...who.flatMap((parties, round) =>
			parties.map((i) => leaf(this.rounds[round].get(i)))));
		const keyTree = node(encodePoint(G), encodePoint(polynomial[0]));
		const eid = H("election", this.D, leaf(T), keyTree, encodePoints(polynomial), qualified);
		for (const { i } of deals)
			this.say(6, i, node(qualified, leaf(eid)));
		const shares = this.all.map((j) => mod(deals.reduce((sum, d) =>
			sum + this.share(d, j), 0n), Q));
		return { eid, Y: polynomial[0], polynomial, keyTree, shares, n,
			certified: H("certified", this.D, ...this.leaves(6)),
			attempt: this.number };
	}
}

export function makeCeremony(files, manifest, identities, rng, troubles = {}) {
	const failed = troubles.failed ?? 0;
	for (let number = 1; number <= failed; number++) {
		const attempt = new Attempt(files, manifest, identities, rng, number, {});
		attempt.run();
		attempt.fail("no answer in time", number % 2);
	}
	return new Attempt(files, manifest, identities, rng, failed + 1, troubles).run();
}
