// SPDX-License-Identifier: Apache-2.0
// Makes the complete record of an election, as a Map of paths to bytes, from a short script. What
// may go wrong on the way is said by options; tests alter the files afterwards as well.
import { Fixed, affine } from "./curve.mjs";
import { H, sha256 } from "../../../../../web/verifier/hash.js";
import { Params, URNA } from "../../../../../web/verifier/params.js";
import { Rng, sign } from "./rng.mjs";
import { base64, checkpointText } from "../../../../../web/verifier/note.js";
import { bytesOf, compare, concat, hex, joined, utf8 } from "../../../../../web/verifier/bytes.js";
import { ciphertextsFile, deriveLists, judge, keptBallots, readBallots, readVoids } from
	"../../../../../web/verifier/lists.js";
import { decrypt, fixedG, listOf, shuffle } from "./mix.mjs";
import { encodePoint, encodePoints } from "../../../../../web/verifier/group.js";
import { flags, int, leaf, node, text, u64 } from "../../../../../web/verifier/bytetree.js";
import { makeBallot } from "./ballots.mjs";
import { makeCeremony } from "./ceremony.mjs";
import { Tree } from "../../../../../web/verifier/merkle.js";
import { protInfo } from "../../../../../web/verifier/protinfo.js";
import { readColumns } from "../../../../../web/verifier/ciphertexts.js";
import { readManifest } from "../../../../../web/verifier/manifest.js";
import { resultFile } from "../../../../../web/verifier/result.js";
import { words } from "../../../../../web/verifier/proquint.js";

const two = (n) => String(n).padStart(2, "0");
const QUESTION = { id: "q1", title: "Who?", rule: "plurality-at-large", seats: 1, min: 0, max: 1,
	answers: ["Anna", "Bert", "Cleo"] };

function manifestObject(o, e) {
	const names = (list) => list.map((id) => hex(id.key));
	const questions = o.questions ?? [QUESTION];
	return {
		urna: 1, title: "A made election", group: "P-256", rohash: "SHA-256", prg: "SHA-256",
		statdist: 100, vbitlenro: 256, ebitlenro: 256, mode: o.mode ?? "server",
		...(o.mode === "credentials" ? { registrar: hex(e.registrar.key) } : {}),
		board: { name: "example.org/board", key: hex(e.board.key) },
		...(o.witnesses ? { witnesses: { lying: o.witnesses.lying, quorum: o.witnesses.quorum,
			keys: names(e.witnesses).map((key, i) => ({ name: `witness-${i + 1}`, key })) } } : {}),
		threshold: o.t ?? 2,
		authorities: names(e.authorities).map((identity, i) =>
			({ operator: `Operator ${i + 1} & Søn`, identity })),
		min_list: o.minList ?? 1, accept_small_lists: o.acceptSmallLists ?? false,
		...(o.weightMax ? { weight_max: o.weightMax } : {}),
		...(o.areas ? { areas: o.areas } : {}),
		questions, groups: o.groups ?? [{ name: "g1", questions: questions.map((q) => q.id) }],
		styles: o.styles ?? [{ name: "all", groups: ["g1"] }],
		...o.manifest,
	};
}

/** Answers { files, fingerprint, manifest, eid }; options are explained where they are used. */
export function makeElection(o) {
	const rng = new Rng(o.seed ?? "urna");
	const several = (n) => Array.from({ length: n }, () => rng.identity());
	const e = { o, rng, files: new Map(), authorities: several(o.n ?? 3), board: rng.identity(),
		registrar: rng.identity(), witnesses: several(o.witnesses?.m ?? 0), entries: [] };
	const bytes = utf8(JSON.stringify(manifestObject(o, e)));
	e.files.set("manifest.json", bytes);
	e.manifest = readManifest(bytes);
	e.ceremony = makeCeremony(e.files, e.manifest, e.authorities, rng, o.ceremony);
	e.eid = e.ceremony.eid;
	e.sid = "urna" + hex(e.eid);
	e.fixedY = new Fixed(e.ceremony.Y);
	holdElection(e);
	const lists = listsOf(e);
	o.alterLists?.(lists);
	const opened = [];
	for (const list of lists)
		tallyList(e, list, opened);
	publish(e, lists, opened);
	return { files: e.files, manifest: e.manifest, eid: e.eid, fingerprint: words(e.eid), e };
}

function log(e, type, ...children) {
	e.entries.push({ type, bytes: node(text(type), leaf(e.eid), ...children) });
}

function object(bytes) {
	return [leaf(sha256(bytes)), u64(bytes.length)];
}

/** script: a list of { ballot: voter }, { void: voter }, { credential: voter }, "suspend" … */
function holdElection(e) {
	const { o, manifest, rng } = e;
	log(e, "manifest", leaf(manifest.D), u64(manifest.bytes.length));
	log(e, "ceremony", leaf(e.ceremony.certified), u64(e.ceremony.attempt));
	e.voters = new Map();
	const voters = o.voters ?? Array.from({ length: 3 }, (_, i) => ({ name: `v${i}` }));
	for (const v of voters)
		e.voters.set(v.name, { style: "all", weight: 1, ...v, pseudonym: rng.bytes(16),
			...credential(e), seq: 0 });
	if (manifest.credentials)
		listCredentials(e);
	log(e, "open");
	e.ballots = [];
	e.voids = [];
	e.credentialNumber = 0;
	const script = o.script ?? voters.map((v) =>
		({ ballot: v.name, choices: { q1: { marks: [1, 0, 0] } } }));
	for (const step of script)
		typeof step === "string" ? log(e, step) : act(e, step);
	log(e, "close");
	e.files.set("ballots.bt", joined(e.ballots));
	if (e.voids.length > 0)
		e.files.set("voids.bt", joined(e.voids));
	endorseClose(e);
}

function credential(e) {
	const s = e.rng.scalar();
	return { s, S: affine([fixedG.times(s)])[0] };
}

function listCredentials(e) {
	const records = [...e.voters.values()].filter((v) => !v.late)
		.map((v) => [encodePoint(v.S), node(encodePoint(v.S), text(v.style), int(v.weight))])
		.sort(([a], [b]) => compare(a, b)).map(([, record]) => record);
	const bytes = joined(records);
	e.files.set("credentials.bt", bytes);
	e.files.set("credentials-signature.bt", leaf(sign(e.o.listSignedBy?.(e) ?? e.registrar,
		H("credentials", leaf(e.manifest.D), leaf(sha256(bytes)), u64(records.length)))));
	log(e, "credentials", leaf(sha256(bytes)), u64(records.length));
}

function act(e, step) {
	const voter = e.voters.get(step.ballot ?? step.void ?? step.credential);
	if (step.credential) {
		const fields = [encodePoint(voter.S), text(step.style ?? voter.style), int(step.weight)];
		const digest = H("credential-change", leaf(e.eid), u64(e.credentialNumber++), ...fields);
		log(e, "credential", ...fields, leaf(sign(step.by ?? e.registrar, digest)));
		voter.style = step.style ?? voter.style;
		voter.weight = step.weight;
		return;
	}
	const made = step.again ? e.last : makeBallot(e, voter,
		{ ...step, seq: step.seq ?? voter.seq });
	e.last = made;
	if (step.void) {
		e.voids.push(made.body);
		log(e, "void", ...object(made.body));
		return;
	}
	voter.seq += step.counts === false ? 0 : 1;
	e.ballots.push(made.bytes);
	log(e, "ballot", ...object(made.bytes), int(step.weight ?? voter.weight));
}

function endorse(e, prefix, signers, content) {
	for (const l of signers)
		e.files.set(`endorse/${prefix}-${two(l)}.bt`, content(l));
}

const everybody = (e) => e.authorities.map((_, i) => i + 1);
const signed = (e, l, digest) => leaf(sign(e.authorities[l - 1], digest));

function root(e) {
	const tree = new Tree();
	for (const { bytes } of e.entries)
		tree.append(bytes);
	return { size: tree.size, root: tree.root() };
}

function endorseClose(e) {
	const { size, root: r } = root(e);
	const digest = H("close", leaf(e.eid), u64(size), leaf(r));
	endorse(e, "close", e.o.closers ?? everybody(e), (l) => signed(e, l, digest));
	checkpoint(e, "checkpoint-close");
}

/** A signed note over the entries so far. */
export function checkpoint(e, name) {
	const { size, root: r } = root(e);
	const body = checkpointText("example.org/board", size, r, e.eid);
	const line = (who, type, key, ...raw) => `\u2014 ${who} ${base64(concat(sha256(concat(utf8(who),
		Uint8Array.of(10, type), key)).subarray(0, 4), ...raw))}\n`;
	let note = body + "\n" + line("example.org/board", 1, e.board.key, sign(e.board, utf8(body)));
	(e.o.witnesses?.signing ?? e.witnesses.map((_, i) => i)).forEach((i) => {
		const time = 1700000000n + BigInt(i);
		note += line(`witness-${i + 1}`, 4, e.witnesses[i].key, bytesOf(time, 8),
			sign(e.witnesses[i], utf8(`cosignature/v1\ntime ${time}\n${body}`)));
	});
	e.files.set(`log/${name}`, utf8(note));
}

/** The lists, by the verifier's own rules; what these give is tested on its own. */
function listsOf(e) {
	const entries = e.entries.map((entry, i) => readBack(e, entry, i));
	const box = judge(entries, readBallots(e.ballots, e.manifest, e.eid),
		readVoids(e.voids, e.manifest, e.eid), e.manifest, new Map([...e.voters.values()]
			.filter((v) => e.manifest.credentials && !v.late)
			.map((v) => [hex(encodePoint(v.S)), { style: v.listedStyle ?? "all",
				weight: v.listedWeight ?? 1 }])));
	return deriveLists(keptBallots(box), e.manifest);
}

function readBack(e, { type, bytes }) {
	if (type === "ballot")
		return { type, weight: Number(BigInt("0x" + hex(bytes.subarray(-4)))) };
	if (type !== "credential")
		return { type };
	const at = 5 + 5 + type.length + 37;
	const length = bytes[at + 81 + 4];
	return { type, tree: bytes.subarray(at, at + 81),
		style: new TextDecoder().decode(bytes.subarray(at + 86, at + 86 + length)),
		weight: Number(BigInt("0x" + hex(bytes.subarray(at + 91 + length, at + 95 + length)))) };
}

function tallyList(e, list, opened) {
	const { auxsid, count, width } = list;
	const id = [leaf(e.eid), text(auxsid)];
	if (count === 0) {
		endorse(e, `${auxsid}/empty`, everybody(e), (l) => signed(e, l, H("empty", ...id)));
	} else {
		const base = `proof/${auxsid}`, proof = `${base}/nizkp/${auxsid}`;
		e.files.set(`${base}/protInfo.xml`, protInfo(e.manifest, e.sid, width));
		const put = (name, bytes) => e.files.set(`${proof}/${name}`, e.o.alter?.(name, bytes) ??
			(typeof bytes === "string" ? utf8(bytes) : bytes));
		opened.push({ list, columns: proveList(e, list, put, id) });
	}
	const digest = filesDigest(e, `endorse/${auxsid}/`, `proof/${auxsid}/`);
	log(e, "tally", text(auxsid), leaf(e.o.alterTally?.(digest) ?? digest));
}

export function filesDigest(e, ...folders) {
	const paths = [...e.files.keys()].filter((p) => folders.some((f) => p.startsWith(f))).sort();
	return H("files", ...paths.flatMap((p) => [text(p), leaf(sha256(e.files.get(p)))]));
}

function proveList(e, list, put, id) {
	const { o, manifest, ceremony, rng } = e;
	const { n, t } = manifest;
	const params = new Params(URNA, e.sid, list.auxsid);
	const column = (side) => Array.from({ length: list.width }, (_, j) =>
		list.entries.map((entry) => entry[side][j]));
	let current = listOf(column("u"), column("v"));
	if (hex(sha256(current.bytes)) !== hex(sha256(ciphertextsFile(list))))
		throw new Error("two ways to write a list");
	const shufflers = o.shufflers ?? everybody(e).slice(0, t);
	for (const [name, bytes] of Object.entries({ version: "3.1.0", type: "mixing",
		auxsid: list.auxsid, width: String(list.width), "FullPublicKey.bt": ceremony.keyTree,
		"Ciphertexts.bt": current.bytes, "proofs/activethreshold": String(shufflers.at(-1)),
		"proofs/PolynomialInExponent.bt": encodePoints(ceremony.polynomial) }))
		put(name, bytes);
	const h = params.generators(list.count), fixedH0 = new Fixed(h[0]);
	const digest = (bytes) => leaf(sha256(bytes));
	for (const l of shufflers) {
		const { output, files } = shuffle({ params, h, fixedH0, Y: ceremony.Y, fixedY: e.fixedY,
			list: current, rng });
		for (const [name, bytes] of Object.entries(files))
			put(`proofs/${name}${two(l)}.bt`, bytes);
		const statement = H("mix", ...id, int(l), digest(current.bytes), ...["Ciphertexts",
			"PermutationCommitment", "PoSCommitment", "PoSReply"].map((f) => digest(files[f])));
		endorse(e, `${list.auxsid}/mix`, [l], () => signed(e, o.mixSigner ?? l, statement));
		current = output;
	}
	return openList(e, list, current, params, put, id, n, t);
}

function openList(e, list, last, params, put, id, n, t) {
	const { o, ceremony, rng } = e;
	const active = o.active ?? everybody(e), marked = o.marked ?? active;
	const d = decrypt({ params, list: last, n, t, active, shares: ceremony.shares,
		polynomialTree: encodePoints(ceremony.polynomial), rng, spoil: o.spoilFactors,
		silent: active.filter((l) => !marked.includes(l) && !o.unmarkedReply) });
	for (const [name, bytes] of d.files)
		put(`proofs/${name.replace(/\d+$/, (l) => two(Number(l)))}.bt`, bytes);
	put("proofs/CorrectIndices.bt", flags([true, ...everybody(e).map((l) => marked.includes(l))]));
	const plaintexts = d.set(marked);
	put("Plaintexts.bt", plaintexts);
	const attempt = int(o.attempt ?? 1);
	const digests = (name) => everybody(e).map((l) => leaf(sha256(d.files.get(name + l))));
	for (const [name, ...statement] of [
		["ready", leaf(sha256(last.bytes)), flags(everybody(e).map((l) => active.includes(l)))],
		["factors", ...digests("DecryptionFactors")],
		["commitments", ...digests("DecrFactCommitment")]])
		endorse(e, `${list.auxsid}/${name}`, active, (l) => node(attempt,
			signed(e, l, H(name, ...id, attempt, ...statement))));
	return readColumns(plaintexts, "Plaintexts.bt", list.width, list.count);
}

function publish(e, lists, opened) {
	const right = resultFile(e.manifest, e.eid, lists, opened).bytes;
	const bytes = e.o.alterResult?.(right) ?? right;
	e.files.set("result.json", bytes);
	log(e, "result", leaf(sha256(bytes)), u64(bytes.length));
	const digests = opened.map(({ list }) => leaf(sha256(
		e.files.get(`proof/${list.auxsid}/nizkp/${list.auxsid}/Plaintexts.bt`))));
	const statement = H("result", leaf(e.eid), ...digests, leaf(sha256(bytes)));
	endorse(e, "result", everybody(e), (l) => signed(e, l, statement));
	for (const [path, content] of Object.entries(e.o.evidence ?? {}))
		e.files.set(`evidence/${path}`, utf8(content));
	const count = Object.keys(e.o.evidence ?? {}).length;
	if (count > 0)
		log(e, "evidence", leaf(filesDigest(e, "evidence/")), u64(count));
	seal(e);
}

/** Writes log/entries and the last checkpoint, also after a test altered the entries. */
export function seal(e) {
	e.files.set("log/entries", joined(e.entries.flatMap(({ bytes }) =>
		[bytesOf(BigInt(bytes.length), 2), bytes])));
	checkpoint(e, "checkpoint");
}

/** The files as a source for the verifier. */
export function sourceOf(files) {
	return { paths: [...files.keys()], read: async (path) => files.get(path) };
}
