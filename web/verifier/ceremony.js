// SPDX-License-Identifier: Apache-2.0
// The ceremony (docs/protocol.md 5): from signed messages to the key and the election's name.
import { C, H } from "./hash.js";
import { Rejected, demand, reject } from "./errors.js";
import { Reader, flags, int, leaf, node, readAll, text } from "./bytetree.js";
import { Sum, msm } from "./msm.js";
import { G, INFINITY, encodePoint, encodePoints, encodeScalar, readPoint, readPoints,
	readScalar } from "./group.js";
import { equal, hex } from "./bytes.js";
import { shareOf } from "./sharing.js";
import { twoDigits } from "./record.js";
import { verify } from "./ed25519.js";

const MAGIC = "urna-ceremony-1";
const COMPLAINT = 1, NO_OPENING = 2;
const ATTEMPTS_MAX = 16, MESSAGE_MAX = 8192, FAILURE_MAX = 512, REASON_MAX = 160;
const SIGNATURE_TREE = 69, SALT = 32, BOX = 80;
const FILE = /^ceremony\/([1-9][0-9]?)\/(?:r([0-6])|(failed))-([0-9]{2})\.bt$/;

/** All that lies in ceremony/, every file read and rightly signed: attempt → its messages. */
export async function readCeremony(record, manifest) {
	const attempts = new Map();
	for (const path of record.under("ceremony")) {
		const match = FILE.exec(path);
		const number = Number(match?.[1]), party = Number(match?.[4]);
		if (match === null || number > ATTEMPTS_MAX || party < 1 || party > manifest.n)
			reject(`${path} is no message of a party of this ceremony`);
		const attempt = attemptOf(attempts, number);
		const bytes = await record.read(path);
		if (match[3]) {
			attempt.failed.set(party, readFailure(bytes, path, manifest, number, party));
		} else {
			const round = Number(match[2]);
			attempt.rounds[round].set(party, bytes);
			attempt.contents[round].set(party,
				readMessage(bytes, path, manifest, { number, round, party }));
		}
	}
	demand(attempts.size > 0, "ceremony: there is none");
	return attempts;
}

function attemptOf(attempts, number) {
	if (!attempts.has(number))
		attempts.set(number, { number, failed: new Map(),
			rounds: Array.from({ length: 7 }, () => new Map()),
			contents: Array.from({ length: 7 }, () => new Map()) });
	return attempts.get(number);
}

/** Reads what stands before the round or reason of a message. */
function readHead(r, what, manifest) {
	r.node(7);
	demand(r.text() === MAGIC, `${what}: does not begin with ${MAGIC}`);
	demand(equal(r.leaf(32), manifest.D), `${what}: is for another manifest`);
}

/** The content of a message, whose form is its round's matter; frame and signature are checked. */
function readMessage(bytes, what, manifest, { number, round, party }) {
	demand(bytes.length <= MESSAGE_MAX, `${what}: is longer than ${MESSAGE_MAX} bytes`);
	return readAll(bytes, what, (r) => {
		readHead(r, what, manifest);
		demand(r.int() === number, `${what}: is of another attempt`);
		demand(r.int() === round, `${what}: is of another round`);
		demand(r.int() === party, `${what}: is of another party`);
		if (bytes.length - r.at < SIGNATURE_TREE)
			r.refuse("it ends too early");
		const content = bytes.subarray(r.at, bytes.length - SIGNATURE_TREE);
		r.at += content.length;
		const digest = H("message", leaf(manifest.D), int(number), int(round), int(party),
			leaf(content));
		demand(verify(r.leaf(64), digest, manifest.authorities[party - 1].identity),
			`${what}: the signature of authority ${party} does not hold`);
		return content;
	});
}

/** A party's word that an attempt failed; answers its reason. */
function readFailure(bytes, what, manifest, number, party) {
	demand(bytes.length <= FAILURE_MAX, `${what}: is longer than ${FAILURE_MAX} bytes`);
	return readAll(bytes, what, (r) => {
		readHead(r, what, manifest);
		demand(r.int() === number, `${what}: is of another attempt`);
		demand(r.int() === party, `${what}: is of another party`);
		const reason = r.text(), culprit = r.int();
		demand(/^[\x20-\x7e]*$/.test(reason) && reason.length <= REASON_MAX,
			`${what}: a reason has at most ${REASON_MAX} printable ASCII characters`);
		demand(culprit <= manifest.n, `${what}: there is no party ${culprit}`);
		const digest = H("failed", leaf(manifest.D), int(number), int(party), text(reason),
			int(culprit));
		demand(verify(r.leaf(64), digest, manifest.authorities[party - 1].identity),
			`${what}: the signature does not hold`);
		return reason;
	});
}

/**
 * The first attempt that nobody ended: answers the key, the public shares, Q and EID. A word that
 * an attempt failed counts for nothing once it is complete, unless t parties hold the next one.
 */
export function checkCeremony(attempts, manifest) {
	const keys = (number) => attempts.get(number)?.rounds[0].size ?? 0;
	const result = currentAttempt(attempts, manifest, keys);
	for (const number of attempts.keys())
		demand(number <= result.attempt || keys(number) < manifest.t, `ceremony/${number}: ` +
			`${manifest.t} parties went on after an attempt that nobody ended`);
	result.reason = result.attempt > 1 ?
		attempts.get(1).failed.get(Math.min(...attempts.get(1).failed.keys())) : null;
	return result;
}

function currentAttempt(attempts, manifest, keys) {
	for (let number = 1; number <= ATTEMPTS_MAX; number++) {
		const attempt = attempts.get(number);
		demand(attempt !== undefined, `ceremony/${number} is missing`);
		if (attempt.failed.size === 0)
			return checkAttempt(attempt, manifest);
		if (attempt.rounds[6].size < manifest.t || keys(number + 1) >= manifest.t)
			continue;
		try {
			return checkAttempt(attempt, manifest);
		} catch (e) {
			if (!(e instanceof Rejected))
				throw e;
		}
	}
	reject("ceremony: every attempt failed");
}

function checkAttempt({ number, rounds, contents }, manifest) {
	const c = { manifest, attempt: number, rounds, contents, D: leaf(manifest.D),
		number: int(number), all: Array.from({ length: manifest.n }, (_, i) => i + 1) };
	checkEchoes(c);
	checkOpenings(c);
	const certified = agreement(c, 6, c.opened);
	c.qualified = certified.members;
	checkQualified(c);
	return finish(c, certified.digest);
}

function place(c, round, party) {
	return `ceremony/${c.attempt}/r${round}-${twoDigits(party)}.bt`;
}

/** What a party says in round 2, 4 or 6, null where it says nothing that it may say. */
function statement(c, round, party, within) {
	const content = c.contents[round].get(party);
	if (content === undefined)
		return null;
	const r = new Reader(content, place(c, round, party));
	let row, digest;
	try {
		r.node(2);
		row = r.leaf(c.manifest.n);
		digest = r.leaf(32);
		r.end();
	} catch (e) {
		if (e instanceof Rejected)
			return null;
		throw e;
	}
	const most = round === 4 ? NO_OPENING : 1;
	const members = c.all.filter((i) => round === 4 ? row[i - 1] !== NO_OPENING : row[i - 1] === 1);
	const good = row.every((b) => b <= most) && members.length >= c.manifest.t &&
		members.includes(party) && members.every((i) => within.includes(i)) &&
		(round !== 4 || row[party - 1] === 0);
	return good ? { row, digest, members, key: members.join() + hex(digest) } : null;
}

/**
 * The set of at least t parties, part of `within`, that names itself and all of whom say the same.
 * What others say counts for nothing; two such sets were held apart from each other.
 */
function agreement(c, round, within) {
	const said = new Map();
	for (const party of c.all) {
		const s = statement(c, round, party, within);
		if (s !== null)
			said.set(party, s);
	}
	const sets = new Map([...said.values()].filter((s) =>
		s.members.every((i) => said.get(i)?.key === s.key)).map((s) => [s.key, s]));
	demand(sets.size > 0, `ceremony/${c.attempt}: no ${c.manifest.t} parties say the same in ` +
		`round ${round}`);
	demand(sets.size === 1, `ceremony/${c.attempt}: two sets of parties were held apart in ` +
		`round ${round}`);
	const [{ members, digest }] = sets.values();
	return { members, digest, rows: new Map(members.map((i) => [i, said.get(i).row])) };
}

function inSet(c, members) {
	return flags(c.all.map((i) => members.includes(i)));
}

/** Messages of a round of those parties, as leaves. */
function messages(c, round, parties) {
	return parties.map((party) => {
		const bytes = c.rounds[round].get(party);
		demand(bytes !== undefined, `${place(c, round, party)} is missing`);
		return leaf(bytes);
	});
}

function checkEchoes(c) {
	const { members, digest } = agreement(c, 2, c.all);
	c.present = members;
	demand(equal(digest, H("echo", c.D, c.number, inSet(c, members), ...messages(c, 0, members),
		...messages(c, 1, members))),
		`ceremony/${c.attempt}: the echoes are of other keys and commitments`);
}

function checkOpenings(c) {
	const { members, digest, rows } = agreement(c, 4, c.present);
	c.opened = members;
	c.polynomials = new Map(members.map((dealer) => [dealer, readOpening(c, dealer)]));
	const seen = c.all.map((i) => members.includes(i) ? messages(c, 3, [i])[0] :
		leaf(new Uint8Array(0)));
	demand(equal(digest, H("openings", c.D, c.number, ...seen)),
		`ceremony/${c.attempt}: the verdicts are on other openings`);
	c.accusers = new Map(members.map((dealer) =>
		[dealer, members.filter((j) => rows.get(j)[dealer - 1] === COMPLAINT)]));
}

/** What a dealer committed to and opened rightly; the verdicts say that he did. */
function readOpening(c, dealer) {
	const { manifest } = c;
	const what = place(c, 3, dealer);
	demand(c.contents[3].has(dealer), `${what} is missing`);
	return readAll(c.contents[3].get(dealer), what, (r) => {
		r.node(5);
		const from = r.at;
		const points = readPoints(r, manifest.t);
		const committed = r.bytes.subarray(from, r.at);
		const A = readPoint(r), z = readScalar(r);
		const salt = leaf(r.leaf(SALT));
		r.node(manifest.n);
		for (const party of c.all)
			r.leaf(c.present.includes(party) ? BOX : 0);
		const proof = [committed, encodePoint(A)];
		const commitment = H("commit", c.D, c.number, int(dealer), ...proof, encodeScalar(z), salt);
		demand(equal(c.contents[1].get(dealer), leaf(commitment)), `${what}: not what was ` +
			"committed to");
		const challenge = C("pop", c.D, c.number, int(dealer),
			leaf(manifest.authorities[dealer - 1].identity), ...proof);
		const sum = new Sum();
		sum.addG(z);
		sum.add(-1n, A);
		sum.add(-challenge, points[0]);
		demand(sum.isZero(), `${what}: the proof of possession does not hold`);
		return points;
	});
}

/** Q follows from complaints and answers. */
function checkQualified(c) {
	for (const dealer of c.opened) {
		const accusers = c.accusers.get(dealer);
		const is = c.qualified.includes(dealer);
		if (accusers.length === 0)
			demand(is, `ceremony/${c.attempt}: party ${dealer} is left out without a reason`);
		else if (is)
			demand(accusers.length < c.manifest.t && answersAll(c, dealer, accusers),
				`ceremony/${c.attempt}: party ${dealer} is certified, but is out`);
	}
}

/** Whether the dealer published every disputed share, and each fits. */
function answersAll(c, dealer, accusers) {
	if (!c.contents[5].has(dealer))
		return false;
	try {
		return readAll(c.contents[5].get(dealer), place(c, 5, dealer), (r) => {
			r.node(accusers.length);
			return accusers.every((j) => {
				r.node(2);
				if (r.int() !== j)
					r.refuse("not the accusers in ascending order");
				const share = readScalar(r);
				const sum = new Sum();
				sum.addG(share);
				sum.add(-1n, shareOf(c.polynomials.get(dealer), j));
				if (!sum.isZero())
					r.refuse("a share that does not fit");
				return true;
			});
		});
	} catch (e) {
		if (e instanceof Rejected)
			return false;
		throw e;
	}
}

/** The messages that count: what is said too late does not change the election. */
function transcript(c) {
	const answered = c.qualified.filter((i) => c.accusers.get(i).length > 0);
	const who = [c.present, c.present, c.present, c.opened, c.opened, answered];
	return H("transcript", c.D, c.number, ...who.flatMap((parties, round) =>
		messages(c, round, parties)));
}

/** Why a party has no part in the key. */
function fateOf(c, party) {
	if (!c.present.includes(party))
		return "did not take part: no key and commitment in time";
	if (!c.opened.includes(party))
		return "is out: did not validly open its commitment in time";
	if (c.accusers.get(party).length >= c.manifest.t)
		return "is out: as many parties as the threshold say that their shares are wrong";
	return "is out: a party complained about its share, and it did not answer rightly in time";
}

function finish(c, certificate) {
	const { manifest, qualified } = c;
	const polynomial = [];
	for (let m = 0; m < manifest.t; m++)
		polynomial.push(msm(qualified.map((i) => c.polynomials.get(i)[m]),
			qualified.map(() => 1n)));
	const shares = c.all.map((j) => shareOf(polynomial, j));
	demand(![...polynomial, ...shares].includes(INFINITY),
		"ceremony: the key, a coefficient or a share is the point at infinity");
	const Y = polynomial[0];
	const keyTree = node(encodePoint(G), encodePoint(Y));
	const polynomialTree = encodePoints(polynomial);
	const eid = H("election", c.D, leaf(transcript(c)), keyTree, polynomialTree,
		inSet(c, qualified));
	demand(equal(certificate, eid), `ceremony/${c.attempt}: the certificates are of another ` +
		"election");
	const everything = c.rounds.flatMap((round) => [...round].sort(([a], [b]) => a - b)
		.map(([, bytes]) => leaf(bytes)));
	return { attempt: c.attempt, Y, polynomial, shares, keyTree, polynomialTree, eid,
		sid: "urna" + hex(eid), qualified, certified: H("certified", c.D, ...everything),
		out: c.all.filter((i) => !qualified.includes(i)).map((party) =>
			({ party, fate: fateOf(c, party) })) };
}
