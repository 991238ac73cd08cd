// SPDX-License-Identifier: Apache-2.0
// A record, check by check. Each section finds out as much as it can; what cannot be checked after
// a failure is reported as such, and nothing that was not checked counts as checked.
import { H, sha256 } from "./hash.js";
import { Record } from "./record.js";
import { Report } from "./report.js";
import { Tally } from "./tally.js";
import { checkCeremony, readCeremony } from "./ceremony.js";
import { checkCheckpoint } from "./note.js";
import { checkCredentialEntries, checkHeads, checkTallied, readEntries, readObjects, rootsOf } from
	"./log.js";
import { checkNames } from "./structure.js";
import { checkCredentialsSignature, checkSizes, deriveLists, judge, keptBallots, readBallots,
	readCredentials, readVoids } from "./lists.js";
import { checkThreshold } from "./endorse.js";
import { Rejected, demand, reject } from "./errors.js";
import { equal, hex, unhex } from "./bytes.js";
import { leaf, u64 } from "./bytetree.js";
import { fromWords, words } from "./proquint.js";
import { parse } from "./json.js";
import { readManifest } from "./manifest.js";
import { resultFile } from "./result.js";

const FAULTS_LISTED = 1000;

/**
 * Verifies the record in `source`. options: fingerprint (its words, or 64 hex digits), or
 * authorities (SHA-256 of the identity key of each, in the manifest's order), of whom threshold (or
 * all) must have made the key; tell(check) for every
 * check as its outcome is known, progress(text) before long steps. Answers the report.
 */
export async function verifyRecord(source, options = {}) {
	const v = { record: new Record(source), report: new Report(options.tell),
		progress: options.progress ?? (() => {}) };
	await checkSetup(v, options);
	await checkLog(v);
	await checkBox(v);
	await checkTallies(v);
	await checkResult(v);
	noteTrust(v);
	return v.report;
}

/** 64 hex digits or 16 words as 32 bytes. */
export function readFingerprint(s) {
	const plain = s.trim().toLowerCase();
	return /^[0-9a-f]{64}$/.test(plain) ? unhex(plain, 64) : fromWords(plain);
}

/** With all authorities known, every signature below the key is of somebody known. */
function checkAuthorities({ authorities }, known) {
	demand(known.length === authorities.length, `there are ${authorities.length} authorities; ` +
		`fingerprints of ${known.length} were given`);
	authorities.forEach(({ identity, operator }, i) => demand(equal(sha256(identity), known[i]),
		`authority ${i + 1} ("${operator}") is another than the one of the fingerprint`));
	return true;
}

/** Everybody in Q has certified this election, and with it the manifest. */
function checkVouching({ n }, { out }, least) {
	demand(n - out.length >= least, `${n - out.length} of the ${n} known authorities made this ` +
		`election's key, ${least} are needed`);
}

/** SHA-256 of an authority's key: the bytes of its identity.json, or words or hex digits. */
export function authorityDigest(key) {
	if (typeof key === "string")
		return sha256(readFingerprint(key));
	const value = parse(new Uint8Array(key), "identity.json");
	return sha256(unhex((value instanceof Map && value.get("identity")) || "", 64,
		'identity.json: "identity"'));
}

async function checkSetup(v, { fingerprint, authorities, threshold }) {
	const { record, report } = v;
	if (fingerprint === undefined && authorities === undefined)
		report.note("1.1", "none given: at best this record is consistent with itself");
	v.manifest = await report.check("2.1", [], async () =>
		readManifest(await record.read("manifest.json")));
	const known = authorities === undefined ? true : await report.check("1.2", [v.manifest],
		() => checkAuthorities(v.manifest, authorities)) === true || null;
	v.ceremony = await report.check("3.1", [v.manifest, known], async () => {
		v.progress("the ceremony");
		return checkCeremony(await readCeremony(record, v.manifest), v.manifest);
	});
	if (v.ceremony === null)
		return;
	const { eid } = v.ceremony;
	report.fingerprint = { words: words(eid), hex: hex(eid) };
	report.title = v.manifest.title;
	if (fingerprint !== undefined || authorities !== undefined) {
		report.anchored = await report.check("3.2", [], () => {
			if (authorities !== undefined)
				checkVouching(v.manifest, v.ceremony, threshold ?? v.manifest.n);
			if (fingerprint !== undefined)
				demand(equal(readFingerprint(fingerprint), eid),
					"this is the record of another election");
			return true;
		}) === true;
		if (!report.anchored) {
			v.ceremony = null;
			return;
		}
	}
	v.eid = eid;
	const { attempt, reason, out } = v.ceremony;
	if (attempt > 1)
		report.note("3.3", `${attempt} attempts were needed; the first failed: ${reason}`);
	for (const { party, fate } of out)
		report.note("3.4", `party ${party} ${fate}`);
}

async function checkLog(v) {
	const { record, report, manifest, ceremony, eid } = v;
	v.progress("the log");
	await report.check("4.1", [ceremony], () => checkNames(record, manifest));
	await readBox(v);
	const roots = v.roots = v.objects && rootsOf(v.entries);
	const checkpoint = async (name, tree) => ({ count: checkCheckpoint(
		await record.read(`log/${name}`), `log/${name}`, { ...tree, eid }, manifest) });
	const closing = await report.check("4.4", [roots], () =>
		checkpoint("checkpoint-close", roots.closing));
	const whole = await report.check("4.5", [roots], () => checkpoint("checkpoint", roots.whole));
	if (manifest && manifest.witnesses === null)
		report.note("4.6", "the manifest names no witnesses: no protection against a split view");
	else
		await report.check("4.6", [closing, whole], () => {
			const { quorum } = manifest.witnesses;
			for (const [name, { count }] of [["checkpoint-close", closing], ["checkpoint", whole]])
				demand(count >= quorum,
					`log/${name}: ${count} witnesses signed, ${quorum} are needed`);
		});
	await report.check("4.7", [roots], () => checkTallied(v.entries, record));
	const evidence = roots && v.entries.find((e) => e.type === "evidence");
	if (evidence)
		report.note("4.8", `${evidence.count} files in evidence/ show what was replaced` +
			`${replacedParties(record)}; they count for nothing`);
}

/** ": party 2 (l1/mix-02), party 4 (l1/decrypt-1)", as far as names in evidence/ tell it. */
function replacedParties(record) {
	const found = new Map();
	for (const path of record.under("evidence")) {
		const match =
			/^(?:evidence\/)?(l\d+)\/(?:(mix-(\d\d)[-\d]*)\/|(decrypt-\d+)\/reason-(\d\d)\.txt$)/
			.exec(path);
		if (match)
			found.set(`${match[1]}/${match[2] ?? `${match[4]}/${match[5]}`}`,
				`party ${Number(match[3] ?? match[5])} (${match[1]}/${match[2] ?? match[4]})`);
	}
	return found.size ? `: ${[...found.values()].join(", ")}` : "";
}

/** What all else rests on: the entries, the credentials, the objects. */
async function readBox(v) {
	const { record, report, manifest, ceremony, eid } = v;
	v.entries = await report.check("4.2", [eid], async () => {
		const entries = readEntries(await record.read("log/entries"), manifest, eid);
		checkHeads(entries, manifest, ceremony);
		return entries;
	});
	v.listed = new Map();
	if (manifest && !manifest.credentials) {
		report.note("5.1", "none: eligibility rests on the server");
		v.objects = await report.check("4.3", [v.entries], () => readObjects(v.entries, record));
		return;
	}
	let changes = 0;
	v.listed = await report.check("5.1", [v.entries], async () => {
		const entry = v.entries.find((e) => e.type === "credentials");
		const listed = readCredentials(await record.read("credentials.bt"), entry, manifest);
		checkCredentialsSignature(await record.read("credentials-signature.bt"), entry, manifest);
		changes = checkCredentialEntries(v.entries, manifest, eid, listed);
		return listed;
	});
	v.objects = await report.check("4.3", [v.listed], () => readObjects(v.entries, record));
	if (v.listed !== null)
		report.note("5.2", `${v.listed.size} credentials, ${changes} changes by the registrar`);
}

async function checkBox(v) {
	const { record, report, manifest, objects, eid } = v;
	v.progress("the ballots");
	v.box = null;
	await report.check("6.1", [objects], () => {
		v.box = judge(v.entries, readBallots(objects.ballots, manifest, eid),
			readVoids(objects.voids, manifest, eid), manifest, v.listed);
		const { faults } = v.box;
		if (faults.length > 0)
			reject(`${faults.length} ballots do not count: ` + faults.slice(0, 20)
				.map((f) => `ballot ${f.number} (${f.reason})`).join(", "));
	});
	// A ballot that does not count is left out by a rule that all know: the rest can be checked.
	const { box } = v;
	v.kept = box && keptBallots(box);
	if (box === null)
		report.put("6.2", "skipped", "the ballots could not be read");
	else
		report.note("6.2", `${objects.ballots.length} ballots in the log, ${objects.ballots.length -
			box.faults.length} count, ${v.kept.length} are the last of their voter; ` +
			`${objects.voids.length} audits, ${box.suspensions} suspensions`);
	const signers = await report.check("6.3", [box], async () => {
		const { size, root } = v.roots.closing;
		return { all: await checkThreshold(record, "endorse/close", manifest,
			H("close", leaf(eid), u64(size), leaf(root))) };
	});
	if (signers !== null)
		noteClosing(report, manifest, signers.all.length);
	await report.check("6.5", [box], () => {
		if (box.voidFaults.length > 0)
			reject("audits of what was cast or audited before, or of no ballot: " + box.voidFaults
				.slice(0, 20).map((f) => `audit ${f.number} (${f.reason})`).join(", "));
	});
	const faults = [...(box?.faults ?? []), ...(box?.voidFaults ?? [])]
		.sort((a, b) => a.entry - b.entry);
	for (const { what, number, reason } of faults.slice(0, FAULTS_LISTED))
		report.note("6.6", `${what} ${number}: ${reason}`);
	v.lists = box && deriveLists(v.kept, manifest);
	await report.check("7.1", [v.lists], () => checkSizes(v.lists, manifest));
}

/** Two sets of q closing parties share an honest one if fewer than t cheat and 2q > n + t − 1. */
function noteClosing(report, { n, t, witnesses }, q) {
	if (witnesses === null && 2 * q <= n + t - 1)
		report.note("6.4", `${q} of ${n} authorities signed it: a second record with other ` +
			"ballots could exist beside this one, and the difference would open votes; it takes " +
			`${Math.floor((n + t - 1) / 2) + 1} signatures to exclude that`);
}

/** The steps of every list, collected by code: one line says how all lists fared. */
class Lists {
	constructor(report) {
		this.report = report;
		this.results = new Map();
	}

	async step(code, name, needs, f) {
		const part = new Report();
		const value = await part.check(code, needs, f);
		if (!this.results.has(code))
			this.results.set(code, []);
		this.results.get(code).push({ name, ...part.checks[0] });
		return value;
	}

	/** One outcome for a code: the worst of its lists, with what was said of those. */
	flush(codes) {
		for (const code of codes) {
			const all = this.results.get(code) ?? [];
			const worst = ["failed", "undecided", "skipped", "passed"].find((outcome) =>
				all.some((r) => r.outcome === outcome));
			if (worst === undefined)
				this.report.note(code, "there is no such list");
			else
				this.report.put(code, worst, worst === "passed" ? `${all.length} lists` :
					all.filter((r) => r.outcome === worst).map((r) => `${r.name}: ${r.detail}`)
						.join("; "));
		}
	}
}

const LIST_CODES = ["8.1", "8.2", "8.3", "8.5", "9.1", "9.2"];

async function checkTallies(v) {
	const { record, report, manifest, ceremony, lists } = v;
	v.opened = [];
	if (!lists) {
		for (const code of LIST_CODES)
			report.put(code, "skipped", "cannot be checked after what failed before");
		return;
	}
	const steps = new Lists(report);
	for (const list of lists) {
		const tally = new Tally(record, manifest, ceremony, list, v.progress);
		const step = (code, needs, f) => steps.step(code, list.auxsid, needs, f);
		if (list.count === 0) {
			await step("8.5", [], () => tally.checkEmpty());
			continue;
		}
		v.opened.push({ list, tally });
		const derived = await step("8.1", [], () => tally.checkProtInfo());
		const mixed = await step("8.2", [derived], () => tally.checkMixing());
		const decrypted = await step("9.1", [mixed], () => tally.checkDecryption(mixed));
		await step("8.3", [decrypted], () => tally.checkMixers(mixed.parties));
		await step("9.2", [decrypted], () => tally.checkFreezes(mixed));
	}
	steps.flush(LIST_CODES);
}

async function checkResult(v) {
	const { record, report, manifest, eid, lists, opened } = v;
	v.progress("the result");
	const result = await report.check("10.1", [lists], async () => {
		const all = [];
		for (const { list, tally } of opened)
			all.push({ list, columns: await tally.readPlaintexts() });
		return resultFile(manifest, eid, lists, all);
	});
	report.result = result?.result ?? null;
	const same = await report.check("10.2", [result], async () => {
		const bytes = await record.read("result.json");
		for (let i = 0; i < Math.max(bytes.length, result.bytes.length); i++)
			if (bytes[i] !== result.bytes[i])
				throw new Rejected(`result.json differs from the recomputed result at byte ${i}`);
	});
	await report.check("10.3", [same], async () => {
		const digests = [];
		for (const { tally } of opened)
			digests.push(await tally.digestLeaf("Plaintexts.bt"));
		const signed = await checkThreshold(record, "endorse/result", manifest,
			H("result", leaf(eid), ...digests, leaf(await record.digest("result.json"))));
		return { detail: `${signed.length} of ${manifest.n}` };
	});
}

function noteTrust({ report, manifest, lists, ceremony }) {
	if (!manifest || !ceremony) {
		for (const code of ["11.1", "11.2", "11.3"])
			report.put(code, "skipped", "there is no manifest or key to say it of");
		return;
	}
	const operators = new Set(manifest.authorities.map((a) => a.operator)).size;
	report.note("11.1", `${manifest.t} of ${manifest.n} authorities, of ${operators} operators, ` +
		"open the votes");
	report.note("11.2", manifest.credentials ? "on the registrar, who made the list of " +
		"credentials; every ballot is signed with a credential" : "on the server: ballots carry " +
		"no voter's signature; who voted, how often and with which weight is its word");
	const w = manifest.witnesses;
	report.note("11.3", w === null ? "no witnesses: no protection against a split view" :
		`${w.quorum} of ${w.keys.length} witnesses must have seen this log; it is the only one ` +
		`while at most ${w.lying} of them lie`);
	for (const { auxsid, count } of lists ?? [])
		if (count < manifest.minList)
			report.note("11.4", `list ${auxsid} has ${count} ballots: small lists may tell how ` +
				"somebody voted");
}
