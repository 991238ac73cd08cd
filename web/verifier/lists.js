// SPDX-License-Identifier: Apache-2.0
// From the log to the lists (docs/protocol.md 8): which ballots count, which are kept, what is
// mixed.
import { Reader, leaf, nodeOf, readAll, u64 } from "./bytetree.js";
import { Rejected, demand, reject } from "./errors.js";
import { addProof, addSignature, firstComponents, parseBallot, parseBody } from "./ballot.js";
import { compare, concat, equal, hex, joined } from "./bytes.js";
import { readPoint } from "./group.js";
import { H, sha256 } from "./hash.js";
import { verify } from "./ed25519.js";
import { wrongItems } from "./batch.js";

/** credentials.bt: Map credential → { style, weight }. */
export function readCredentials(bytes, entry, manifest) {
	demand(equal(entry.digest, sha256(bytes)), "credentials.bt is not what the log names");
	const credentials = new Map();
	const r = new Reader(bytes, "credentials.bt");
	let before = new Uint8Array(0);
	while (r.at < bytes.length) {
		const what = `credentials.bt: record ${credentials.size}`;
		r.node(3);
		const from = r.at;
		readPoint(r);
		const tree = bytes.subarray(from, r.at);
		demand(compare(before, tree) < 0, `${what}: not in ascending order`);
		before = tree;
		const style = r.text(), weight = r.int();
		demand(manifest.styleOf.has(style), `${what}: there is no style "${style}"`);
		demand(weight >= 1 && weight <= manifest.weightMax,
			`${what}: the weight ${weight} is not in 1 … ${manifest.weightMax}`);
		credentials.set(hex(tree), { style, weight });
	}
	demand(entry.count === BigInt(credentials.size),
		`credentials.bt has ${credentials.size} records, the log says ${entry.count}`);
	return credentials;
}

/** credentials-signature.bt: the list is the registrar's, not of whoever logged it. */
export function checkCredentialsSignature(bytes, entry, manifest) {
	const path = "credentials-signature.bt";
	const digest = H("credentials", leaf(manifest.D), leaf(entry.digest), u64(entry.count));
	demand(verify(readAll(bytes, path, (r) => r.leaf(64)), digest, manifest.registrar),
		`${path}: the registrar's signature on the list does not hold`);
}

/**
 * Reads all objects and checks all proofs at once. `read` of each is what reading gave: "fine",
 * "malformed", "election" or "repeated-u" (within itself); of the middle one what can be seen is in
 * the object as well.
 */
export function readBallots(objects, manifest, eid) {
	return checkProofs(objects.map((bytes, i) =>
		readObject(() => parseBallot(bytes, `ballot ${i}`, manifest), eid)), manifest.credentials);
}

/** Bodies of audited ballots: one that repeats itself is malformed. */
export function readVoids(objects, manifest, eid) {
	const bodies = objects.map((bytes, i) =>
		readObject(() => parseBody(bytes, `void ${i}`, manifest), eid));
	return checkProofs(bodies.map((b) => b.read === "repeated-u" ? { read: "malformed" } : b),
		false);
}

function readObject(parse, eid) {
	let ballot;
	try {
		ballot = parse();
	} catch (e) {
		if (e instanceof Rejected)
			return { read: "malformed" };
		throw e;
	}
	const own = [...firstComponents(ballot)];
	const repeats = new Set(own).size !== own.length;
	if (!equal(ballot.eid, eid))
		return repeats ? { read: "malformed" } : { ...ballot, read: "election" };
	return repeats ? { read: "repeated-u" } : { ...ballot, read: "fine" };
}

function checkProofs(objects, signatures) {
	const fine = objects.filter((b) => b.read === "fine");
	const wrongProofs = new Set(wrongItems(fine.length,
		(sum, weight, i) => addProof(sum, weight, fine[i])));
	const wrongSignatures = new Set(!signatures ? [] : wrongItems(fine.length,
		(sum, weight, i) => addSignature(sum, weight, fine[i])));
	fine.forEach((ballot, i) => {
		ballot.proofHolds = !wrongProofs.has(i);
		ballot.signatureHolds = !wrongSignatures.has(i);
	});
	return objects;
}

/**
 * Judges ballots and voids in the order of the log. Answers the ballots that count, by voter, the
 * faults of the others, and the credentials as they are at close.
 */
export function judge(entries, ballots, voids, manifest, listed) {
	const box = { manifest, credentials: new Map(listed), voided: new Set(), taken: new Set(),
		counting: new Map(), faults: [], voidFaults: [], suspensions: 0 };
	let ballotNumber = 0, voidNumber = 0;
	entries.forEach((entry, at) => {
		if (entry.type === "credential") {
			const { style, weight } = entry;
			box.credentials.set(hex(entry.tree), { style, weight });
		} else if (entry.type === "void") {
			takeVoid(box, voids[voidNumber], { at, number: voidNumber });
			voidNumber++;
		} else if (entry.type === "ballot") {
			takeBallot(box, ballots[ballotNumber], entry, { at, number: ballotNumber });
			ballotNumber++;
		} else if (entry.type === "suspend") {
			box.suspensions++;
		}
	});
	return box;
}

/** The u's of an object are taken from now on; whether one of them was before. */
function takeAll(box, object) {
	if (object.groups === undefined)
		return false;
	let before = false;
	for (const u of firstComponents(object)) {
		before ||= box.taken.has(u);
		box.taken.add(u);
	}
	return before;
}

/** Equal ids have equal u's: whoever was cast or audited before is known by these. */
function takeVoid(box, body, { at, number }) {
	const before = takeAll(box, body);
	const reason = body.read !== "fine" ? body.read : body.proofHolds !== true ? "proof" :
		before ? "repeated-u" : null;
	if (reason === null)
		box.voided.add(hex(body.id));
	else
		box.voidFaults.push({ what: "audit", entry: at, number, reason });
}

function takeBallot(box, ballot, entry, { at, number }) {
	const before = takeAll(box, ballot);
	const reason = faultOf(box, ballot, entry, before);
	if (reason !== null) {
		box.faults.push({ what: "ballot", entry: at, number, reason });
		return;
	}
	const { voterName } = ballot;
	if (!box.counting.has(voterName))
		box.counting.set(voterName, []);
	box.counting.get(voterName).push({ ballot, number, weight: entry.weight });
}

/** The first reason of 8.2 that applies, null where the ballot counts. */
function faultOf(box, ballot, entry, before) {
	const { manifest } = box;
	if (ballot.read !== "fine")
		return ballot.read;
	if (manifest.credentials) {
		const credential = box.credentials.get(ballot.voterName);
		if (credential === undefined)
			return "unknown-credential";
		if (credential.style !== ballot.styleName)
			return "style-not-allowed";
		if (credential.weight === 0)
			return "unknown-credential";
		if (credential.weight !== entry.weight)
			return "weight";
	}
	if (entry.weight === 0 || entry.weight > manifest.weightMax)
		return "weight";
	if (box.voided.has(hex(ballot.id)))
		return "voided";
	if (before)
		return "repeated-u";
	if (ballot.seq !== (box.counting.get(ballot.voterName)?.length ?? 0))
		return "seq";
	if (ballot.proofHolds !== true)
		return "proof";
	return manifest.credentials && ballot.signatureHolds !== true ? "signature" : null;
}

/** Each voter's last ballot that counts, with its weight at close, in the order of the log. */
export function keptBallots(box) {
	const kept = [];
	for (const [voterName, counting] of box.counting) {
		const { ballot, number, weight } = counting[counting.length - 1];
		const credential = box.manifest.credentials ? box.credentials.get(voterName) : null;
		const final = credential ? credential.weight : weight;
		if (final > 0)
			kept.push({ ballot, number, weight: final });
	}
	return kept.sort((a, b) => a.number - b.number);
}

/** For each list of the manifest the ciphertexts that enter it. */
export function deriveLists(kept, manifest) {
	const lists = manifest.lists.map((list) => ({ ...list, width: list.group.width, entries: [] }));
	for (const { ballot, weight } of kept)
		ballot.style.groups.forEach((group, g) => {
			for (const list of lists)
				if (list.group === group && list.area === ballot.style.area &&
					Math.floor(weight / 2 ** list.bit) % 2 === 1)
					list.entries.push(ballot.groups[g]);
		});
	for (const list of lists)
		list.count = list.entries.length;
	return lists;
}

/** The bytes that a list's Ciphertexts.bt must have. */
export function ciphertextsFile({ entries, width }) {
	const component = (tree) => {
		const columns = [];
		for (let j = 0; j < width; j++)
			columns.push(nodeOf(entries.length, joined(entries.map((entry) =>
				entry[tree].subarray(5 + 81 * j, 5 + 81 * (j + 1))))));
		return width === 1 ? columns[0] : nodeOf(width, joined(columns));
	};
	return nodeOf(2, concat(component("uTree"), component("vTree")));
}

export function checkSizes(lists, manifest) {
	for (const { auxsid, count } of lists)
		if (count > 0 && count < manifest.minList && !manifest.acceptSmallLists)
			reject(`${auxsid}: ${count} ballots; fewer than ${manifest.minList} are not opened`);
}
