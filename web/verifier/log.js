// SPDX-License-Identifier: Apache-2.0
// The log (docs/protocol.md 7.1): its entries, their order, and the objects they name.
import { H, sha256 } from "./hash.js";
import { Tree } from "./merkle.js";
import { demand, reject } from "./errors.js";
import { equal, hex, textOf } from "./bytes.js";
import { int, leaf, readAll, u64 } from "./bytetree.js";
import { readPoint } from "./group.js";
import { verify } from "./ed25519.js";

const ENTRY_MAX = 1024;
export const WEIGHT_LIMIT = 2 ** 31 - 1;
const MANIFEST_MAX = 1n << 20n, OBJECT_MAX = 128n << 10n, ATTEMPTS_MAX = 16n;
const ANY = (1n << 64n) - 1n, CREDENTIALS_MAX = (1n << 31n) - 1n;
const STYLE_MAX = 255, BALLOTS_MAX = 50000000;

/** A number with its bounds. */
function number(r, least, most) {
	const at = r.at, n = r.u64();
	if (n < least || n > most)
		r.refuse(`a number from ${least} to ${most} is expected`, at);
	return n;
}

function weight(r) {
	const at = r.at, n = r.int();
	if (n > WEIGHT_LIMIT)
		r.refuse("a negative weight", at);
	return n;
}

const digestAndSize = (most) => (r) => ({ digest: r.leaf(32), size: number(r, 1n, most) });

/** What follows type and EID in each type of entry: how many children, and how they are read. */
const TYPES = {
	manifest: { children: 2, read: digestAndSize(MANIFEST_MAX) },
	ceremony: { children: 2, read: (r) => ({ digest: r.leaf(32),
		attempt: number(r, 1n, ATTEMPTS_MAX) }) },
	credentials: { children: 2, read: (r) => ({ digest: r.leaf(32),
		count: number(r, 0n, CREDENTIALS_MAX) }) },
	open: { children: 0, read: () => ({}) },
	suspend: { children: 0, read: () => ({}) },
	resume: { children: 0, read: () => ({}) },
	close: { children: 0, read: () => ({}) },
	ballot: { children: 3, read: (r) => ({ ...digestAndSize(OBJECT_MAX)(r), weight: weight(r) }) },
	void: { children: 2, read: digestAndSize(OBJECT_MAX) },
	credential: { children: 4, read: readCredential },
	tally: { children: 2, read: (r) => ({ auxsid: r.text(), digest: r.leaf(32) }) },
	result: { children: 2, read: digestAndSize(ANY) },
	evidence: { children: 2, read: (r) => ({ digest: r.leaf(32), count: number(r, 1n, ANY) }) },
};

function readCredential(r) {
	const from = r.at;
	const S = readPoint(r);
	const tree = r.bytes.subarray(from, r.at), at = r.at, style = r.leaf();
	if (style.length > STYLE_MAX)
		r.refuse(`the name of a style has at most ${STYLE_MAX} bytes`, at);
	return { S, tree, styleTree: r.bytes.subarray(at, r.at), style: textOf(style),
		weight: weight(r), signature: r.leaf(64) };
}

/** The entries of log/entries, in order. */
export function readEntries(bytes, manifest, eid) {
	const entries = [];
	for (let at = 0; at < bytes.length;) {
		const what = `log entry ${entries.length}`;
		demand(bytes.length - at >= 2, `${what}: log/entries ends within a length`);
		const length = bytes[at] * 256 + bytes[at + 1];
		at += 2;
		demand(length <= ENTRY_MAX, `${what}: ${length} bytes; an entry has at most ${ENTRY_MAX}`);
		demand(length <= bytes.length - at, `${what}: log/entries ends within it`);
		entries.push(readEntry(bytes.subarray(at, at + length), what, eid));
		at += length;
	}
	checkOrder(entries, manifest);
	return entries;
}

function readEntry(bytes, what, eid) {
	return readAll(bytes, what, (r) => {
		const children = r.node();
		if (children === 0)
			r.refuse("an empty node");
		const type = r.text();
		if (!Object.hasOwn(TYPES, type))
			r.refuse(`"${type}" is no type of entry`);
		if (children !== 2 + TYPES[type].children)
			r.refuse(`a ${type} entry has ${2 + TYPES[type].children} children`);
		demand(equal(r.leaf(32), eid), `${what}: is of another election`);
		return { type, bytes, what, ...TYPES[type].read(r) };
	});
}

/**
 * The grammar of 7.1, as a walk through the entries. A log that has no result yet ends anywhere
 * behind "close": check 4.7 says so.
 */
function checkOrder(entries, manifest) {
	let at = 0;
	const one = (type) => {
		const entry = entries[at];
		demand(entry?.type === type, `log entry ${at}: "${type}" is expected, ` +
			(entry ? `"${entry.type}" is there` : "the log ends"));
		at++;
		return entry;
	};
	one("manifest");
	one("ceremony");
	if (manifest.credentials)
		one("credentials");
	one("open");
	at = checkVotingPeriod(entries, at, manifest);
	one("close");
	for (const list of manifest.lists) {
		if (at === entries.length)
			return;
		demand(one("tally").auxsid === list.auxsid,
			`log entry ${at - 1}: the tally of ${list.auxsid} is expected`);
	}
	if (at === entries.length)
		return;
	one("result");
	if (entries[at]?.type === "evidence")
		at++;
	demand(at === entries.length, `log entry ${at}: nothing may follow`);
}

function checkVotingPeriod(entries, at, manifest) {
	let suspended = false, ballots = 0;
	for (; at < entries.length && entries[at].type !== "close"; at++) {
		const { type, what } = entries[at];
		demand(["ballot", "void", "credential", "suspend", "resume"].includes(type),
			`${what}: "${type}" has no place between open and close`);
		demand(!suspended || (type !== "ballot" && type !== "void" && type !== "suspend"),
			`${what}: "${type}" while the election is suspended`);
		demand(suspended || type !== "resume", `${what}: "resume", but nothing is suspended`);
		demand(manifest.credentials || type !== "credential",
			`${what}: this election has no credentials`);
		demand(type !== "ballot" || ++ballots <= BALLOTS_MAX,
			`${what}: more than ${BALLOTS_MAX} ballots`);
		if (type === "suspend" || type === "resume")
			suspended = type === "suspend";
	}
	return at;
}

/** Size and root of the tree that ends with "close", and of the whole. */
export function rootsOf(entries) {
	const tree = new Tree();
	let closing = null;
	for (const { type, bytes } of entries) {
		tree.append(bytes);
		if (type === "close")
			closing = { size: tree.size, root: tree.root() };
	}
	return { closing, whole: { size: tree.size, root: tree.root() } };
}

/** The entries at the head of the log speak of this manifest and this ceremony. */
export function checkHeads(entries, manifest, ceremony) {
	const [manifestEntry, ceremonyEntry] = entries;
	demand(equal(manifestEntry.digest, manifest.D) &&
		manifestEntry.size === BigInt(manifest.bytes.length),
		`${manifestEntry.what}: manifest.json is another`);
	demand(equal(ceremonyEntry.digest, ceremony.certified) &&
		ceremonyEntry.attempt === BigInt(ceremony.attempt),
		`${ceremonyEntry.what}: the ceremony is another`);
}

/** The objects of ballots and voids; nothing is beside them. */
export async function readObjects(entries, record) {
	const of = (type) => entries.filter((e) => e.type === type);
	const voids = of("void");
	demand(voids.length > 0 || !record.has("voids.bt"), "voids.bt is there, but nothing is voided");
	return { ballots: await objectsOf(of("ballot"), record, "ballots.bt"),
		voids: voids.length > 0 ? await objectsOf(voids, record, "voids.bt") : [] };
}

/** What the log says after "close" of the files that it then names. */
export async function checkTallied(entries, record) {
	const of = (type) => entries.filter((e) => e.type === type);
	demand(of("result").length === 1, "the log ends without a result");
	for (const entry of of("tally"))
		demand(equal(entry.digest, await record.digestOf(`endorse/${entry.auxsid}`,
			`proof/${entry.auxsid}`)), `${entry.what}: the tally of ${entry.auxsid} is another`);
	const [result] = of("result");
	const bytes = await record.read("result.json");
	demand(equal(result.digest, sha256(bytes)) && result.size === BigInt(bytes.length),
		`${result.what}: result.json is another`);
	await checkEvidence(of("evidence"), record);
}

/** The objects of the entries, cut out of the file that has them one after another. */
async function objectsOf(entries, record, path) {
	const bytes = await record.read(path);
	let at = 0;
	const objects = entries.map(({ digest, size, what }) => {
		demand(size <= BigInt(bytes.length - at), `${what}: ${path} ends before its object does`);
		const object = bytes.subarray(at, at + Number(size));
		at += Number(size);
		demand(equal(digest, sha256(object)), `${what}: its object in ${path} is another`);
		return object;
	});
	demand(at === bytes.length, `${path}: ${bytes.length - at} bytes that no entry names`);
	return objects;
}

async function checkEvidence([entry], record) {
	const count = record.under("evidence").length;
	if (entry === undefined) {
		demand(count === 0, "evidence/ has files that the log does not name");
		return;
	}
	demand(entry.count === BigInt(count),
		`${entry.what}: there are ${count} files in evidence/, the log says ${entry.count}`);
	demand(equal(entry.digest, await record.digestOf("evidence")),
		`${entry.what}: the files in evidence/ are others`);
}

/** The registrar signed every change of credentials, and none is of what cannot be. */
export function checkCredentialEntries(entries, manifest, eid, listed) {
	const known = new Set(listed.keys());
	let number = 0;
	for (const e of entries) {
		if (e.type !== "credential")
			continue;
		const digest = H("credential-change", leaf(eid), u64(number), e.tree, e.styleTree,
			int(e.weight));
		demand(verify(e.signature, digest, manifest.registrar),
			`${e.what}: the registrar's signature does not hold`);
		if (!manifest.styleOf.has(e.style))
			reject(`${e.what}: there is no style "${e.style}"`);
		demand(e.weight <= manifest.weightMax,
			`${e.what}: the weight ${e.weight} is above ${manifest.weightMax}`);
		demand(e.weight > 0 || known.has(hex(e.tree)),
			`${e.what}: revokes a credential that was never listed`);
		known.add(hex(e.tree));
		number++;
	}
	return number;
}
