// SPDX-License-Identifier: Apache-2.0
// The known answers of tests/vectors/protocol: made by the program in C, found here as well.
import assert from "node:assert/strict";
import { join } from "node:path";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import * as tree from "../../../../web/verifier/bytetree.js";
import { Record } from "../../../../web/verifier/record.js";
import { C, H, Stream, oracle, sha256 } from "../../../../web/verifier/hash.js";
import { Params, URNA } from "../../../../web/verifier/params.js";
import { G, INFINITY, Q, add, encodePoint, encodePoints, encodeScalar, multiply, readPoint,
	readPoints } from "../../../../web/verifier/group.js";
import { Sum } from "../../../../web/verifier/msm.js";
import { Tree, leafHash } from "../../../../web/verifier/merkle.js";
import { addProof, addSignature, parseBallot } from "../../../../web/verifier/ballot.js";
import { checkCeremony, readCeremony } from "../../../../web/verifier/ceremony.js";
import { checkCheckpoint } from "../../../../web/verifier/note.js";
import { checkCredentialEntries, checkHeads, readEntries, readObjects, rootsOf }
	from "../../../../web/verifier/log.js";
import { checkCredentialsSignature, ciphertextsFile, deriveLists, judge, keptBallots, readBallots,
	readCredentials, readVoids }
	from "../../../../web/verifier/lists.js";
import { concat, joined, numberOf, utf8 } from "../../../../web/verifier/bytes.js";
import {
	decodeMessage, encodeMessage, judgePlaintext,
} from "../../../../web/verifier/plaintext.js";
import { faults } from "./support/schema.mjs";
import { fromHex, readJson, root, testWithData, toHex } from "./support/support.mjs";
import { fromWords, words } from "../../../../web/verifier/proquint.js";
import { numberOfDigits, questionBases, widthOf } from "../../../../web/verifier/digits.js";
import { readManifest } from "../../../../web/verifier/manifest.js";
import { shareOf } from "../../../../web/verifier/sharing.js";
import { sourceOf } from "./support/election.mjs";
import { verify } from "../../../../web/verifier/ed25519.js";
import { verifyProof } from "../../../../web/verifier/bareproof.js";

const PLACE = join(root, "tests", "vectors", "protocol");
const NAMES = readdirSync(PLACE).filter((f) => f.endsWith(".json") && f !== "schema.json");
const files = new Map(NAMES.map((f) => [f, readJson(join(PLACE, f))]));
const all = [...files.values()].flatMap((f) => f.vectors);
const of = (kind) => all.filter((v) => v.kind === kind);

const scalarHex = (k) => k.toString(16).padStart(64, "0");
const number = (hex) => BigInt(`0x${hex}`);
const point = (hex) => readPoint(new tree.Reader(fromHex(hex), "a vector"), true);

test("every file is of the schema, and the schema can refuse", () => {
	const schema = readJson(join(PLACE, "schema.json"));
	for (const [name, file] of files)
		assert.deepEqual(faults(schema, file), [], name);
	const [first] = all;
	for (const other of [{ ...first, more: 1 }, { ...first, name: 1 }, { ...first, kind: "none" },
		{ ...first, tree: "0G" }])
		assert.notDeepEqual(faults(schema, { urna_vectors: 1, about: "", vectors: [other] }), []);
});

testWithData("every folder of foreign vectors is in the table of tests/vectors/README.md",
	["vectors"], (folder) => {
		const table = readFileSync(join(root, "tests", "vectors", "README.md"), "utf8");
		for (const entry of readdirSync(folder, { withFileTypes: true }))
			assert.ok(!entry.isDirectory() || table.includes(`vectors/${entry.name}`), entry.name);
	});

test("there are vectors of every kind that the schema knows", () => {
	const { $defs, properties } = readJson(join(PLACE, "schema.json"));
	for (const { $ref } of properties.vectors.items.oneOf) {
		const { kind } = $defs[$ref.split("/").pop()].properties;
		for (const k of kind.enum ?? [kind.const])
			assert.ok(of(k).length > 0, k);
	}
});

test("every tag of docs/protocol.md has a vector, and no other has", () => {
	const text = readFileSync(join(root, "docs", "protocol.md"), "utf8");
	const named = new Set([...text.matchAll(/\b([HC])_([a-z][a-z-]+)/g)]
		.map(([, kind, tag]) => kind + tag).filter((t) => !/^[HC]tag$/.test(t)));
	const shown = new Set([...of("H"), ...of("C")].map((v) => v.kind + v.name));
	assert.deepEqual([...shown].sort(), [...named].sort());
});

test("hashes under a tag", () => {
	for (const v of [...of("H"), ...of("C")]) {
		const input = fromHex(v.input);
		const children = tree.readAll(input, v.name, (r) => {
			const count = r.node();
			assert.equal(r.text(), `urna/1/${v.name}`);
			return Array.from({ length: count - 1 }, () => r.tree());
		});
		if (v.arguments.length !== children.length)
			assert.fail(`${v.name}: ${v.arguments.length} arguments, ${children.length} children`);
		const output = v.kind === "H" ? toHex(H(v.name, ...children)) :
			scalarHex(C(v.name, ...children));
		assert.equal(output, v.output, v.name);
		if (v.kind === "H")
			assert.equal(toHex(sha256(input)), v.output);
		for (const s of v.signatures ?? (v.signature ? [v] : []))
			assert.ok(verify(fromHex(s.signature), fromHex(v.output), fromHex(s.key)), v.name);
		if (v.file)
			assert.ok(v.file.endsWith(v.signature));
	}
});

test("byte trees", () => {
	const { flags, int, leaf, node, text, u64 } = tree;
	const k = (n) => multiply(G, BigInt(n));
	const ciphertexts = (u, v) => node(encodePoints(u.map(k)), encodePoints(v.map(k)));
	const wide = (...lists) => node(...lists.map((l) => encodePoints(l.map(k))));
	const made = {
		"empty leaf": leaf(new Uint8Array(0)),
		"nested": node(leaf(Uint8Array.of(1, 2, 3)), node(text("urna"))),
		"int": int(258),
		"u64": u64(4294967298n),
		"text": text("ä"),
		"flags": flags([true, false, true]),
		"largest scalar": encodeScalar(Q - 1n),
		"generator": encodePoint(G),
		"infinity": encodePoint(INFINITY),
		"points": encodePoints([1, 2, 3].map(k)),
		"ciphertext": node(encodePoint(k(1)), encodePoint(k(2))),
		"ciphertexts of width 1": ciphertexts([1, 2], [3, 4]),
		"ciphertexts of width 2": node(wide([1, 2], [3, 4]), wide([5, 6], [7, 8])),
	};
	for (const v of of("tree"))
		assert.equal(toHex(made[v.name]), v.tree, v.name);
	assert.equal(of("tree").length, Object.keys(made).length);
});

test("generator, oracle, integers", () => {
	for (const v of of("prg"))
		assert.equal(toHex(new Stream(fromHex(v.seed)).bytes(v.output.length / 2)), v.output);
	for (const v of of("oracle"))
		assert.equal(toHex(oracle(v.bits, fromHex(v.input))), v.output);
	for (const v of of("integers")) {
		const stream = new Stream(fromHex(v.seed));
		assert.deepEqual(v.output.map(() => toHex(stream.bits(v.bits))), v.output);
	}
});

test("the prefix and the generators of a list", () => {
	for (const v of of("generators")) {
		const params = new Params(URNA, v.sid, v.auxsid);
		assert.equal(toHex(params.rho), v.rho);
		assert.equal(toHex(sha256(fromHex(v.rho_input))), v.rho);
		assert.equal(toHex(oracle(256, fromHex(v.rho), tree.text("generators"))), v.seed);
		assert.deepEqual(params.generators(v.points.length).map((h) => toHex(encodePoint(h))),
			v.points);
	}
});

test("messages as points, and fingerprints as words", () => {
	for (const v of of("message")) {
		assert.equal(toHex(encodePoint(encodeMessage(number(v.message)))), v.point);
		assert.equal(decodeMessage(point(v.point)), number(v.message));
		assert.equal(decodeMessage(point(v.not_canonical)), null);
	}
	for (const v of of("words")) {
		assert.equal(words(fromHex(v.digest)), v.words);
		assert.equal(toHex(fromWords(v.words)), v.digest);
	}
});

test("plaintexts and what they are worth", () => {
	for (const v of of("plaintext")) {
		const questions = v.questions.map((q) => ({ gives: q.gives, points: q.points,
			total: q.total || null, min: q.min,
			max: q.max, writeIns: q.write_ins, answers: new Array(q.answers).fill("") }));
		const bases = questions.flatMap(questionBases);
		const width = widthOf(bases.reduce((a, b) => a * BigInt(b), 1n));
		assert.equal(width, v.width);
		if (v.bases)
			assert.deepEqual(bases, v.bases);
		if (v.digits) {
			const hex = numberOfDigits(v.digits, bases).toString(16).padStart(56 * width, "0");
			assert.equal(hex, v.plaintext, v.name);
			assert.deepEqual(v.points.map((p) => decodeMessage(point(p)).toString(16)
				.padStart(56, "0")).join(""), v.plaintext);
		}
		assert.deepEqual(judgePlaintext(v.points.map(point), { questions, bases })
			.map((j) => j.verdict), v.verdicts, v.name);
	}
});

test("ballots, from all that they are made of", () => {
	for (const v of of("ballot")) {
		const manifest = { credentials: v.mode === "credentials", styleOf: new Map([[v.style,
			{ name: v.style, groups: v.widths.map((width) => ({ width })) }]]) };
		const ballot = parseBallot(fromHex(v.ballot), v.name, manifest);
		const groups = ballot.groups.flatMap(({ u, v: right, A, z }) =>
			u.map((_, j) => ({ u: u[j], v: right[j], A: A[j], z: z[j] })));
		assert.equal(toHex(encodePoint(multiply(G, number(v.secret_key)))), v.public_key);
		groups.forEach((g, i) => {
			const r = number(v.r[i]), a = number(v.a[i]);
			assert.deepEqual(g.u, multiply(G, r));
			assert.deepEqual(g.v, add(encodeMessage(number(v.plaintexts[i])),
				multiply(point(v.public_key), r)));
			assert.deepEqual(g.A, multiply(G, a));
			assert.equal(g.z, (a + number(v.challenge) * r) % Q);
		});
		assert.equal(toHex(ballot.id), v.id);
		assert.equal(toHex(ballot.voterTree), v.pseudonym);
		assert.equal(ballot.seq, v.seq);
		assert.equal(toHex(H("body", tree.leaf(fromHex(v.body)))), v.id);
		const sum = new Sum();
		addProof(sum, () => 1n, ballot);
		if (manifest.credentials) {
			const s = number(v.voter_secret), k = number(v.k);
			assert.deepEqual(ballot.voter, multiply(G, s));
			assert.deepEqual(ballot.R, multiply(G, k));
			assert.equal(scalarHex(ballot.signatureChallenge), v.sig_challenge);
			assert.equal(ballot.zs, (k + ballot.signatureChallenge * s) % Q);
			addSignature(sum, () => 1n, ballot);
		}
		assert.ok(sum.isZero());
	}
});

/** Crockford's base 32 of 130 bits and his check character, in groups of four. */
function codeOf(bytes) {
	const n = numberOf(bytes.subarray(0, 17)) >> 6n;
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
	let out = digits[Number(n % 37n)];
	for (let i = 0n; i < 26n; i++)
		out = digits[Number((n >> (5n * i)) & 31n)] + out;
	return out.match(/.{1,4}/g).join("-");
}

test("confirmation codes, and credentials from codes", () => {
	for (const v of of("ballot"))
		assert.equal(codeOf(fromHex(v.id)), v.confirmation);
	for (const v of of("credential")) {
		assert.equal(codeOf(fromHex(v.code_bytes)), v.code);
		const s = C("credential", tree.leaf(fromHex(v.manifest_digest)),
			tree.leaf(fromHex(v.code_bytes)));
		assert.equal(scalarHex(s), v.secret);
		assert.equal(toHex(encodePoint(multiply(G, s))), v.credential);
	}
});

const filesOf = (v) => new Map(Object.entries(v.files).map(([path, hex]) => [path, fromHex(hex)]));

test("ceremonies, message by message", async () => {
	for (const v of of("ceremony")) {
		const manifest = { n: v.identities.length, t: v.threshold, D: fromHex(v.manifest_digest),
			authorities: v.identities.map((hex) => ({ identity: fromHex(hex) })) };
		const record = new Record(sourceOf(filesOf(v)));
		const key = checkCeremony(await readCeremony(record, manifest), manifest);
		const hexes = (points) => points.map((p) => toHex(encodePoint(p)));
		assert.equal(toHex(key.eid), v.eid);
		assert.equal(key.sid, v.sid);
		assert.equal(words(key.eid), v.fingerprint);
		assert.deepEqual(hexes(key.polynomial), v.polynomial);
		assert.deepEqual(hexes(key.shares), v.public_shares);
		assert.equal(toHex(key.certified), v.certified);
		assert.deepEqual(key.qualified.map((i) => v.fates[i - 1]), key.qualified.map(() => "kept"));
		const fates = v.fates.map((_, i) => Number(key.qualified.includes(i + 1)));
		assert.equal(toHex(Uint8Array.from(fates)),
			v.qualified);
		assert.equal(toHex(H("election", tree.leaf(manifest.D), tree.leaf(fromHex(v.transcript)),
			key.keyTree, key.polynomialTree, tree.leaf(fromHex(v.qualified)))), v.eid);
	}
});

test("a log: entries, roots, checkpoints, who counts, the lists", async () => {
	for (const v of of("log")) {
		const manifest = readManifest(utf8(v.manifest)), eid = fromHex(v.eid);
		assert.equal(toHex(manifest.D), v.manifest_digest);
		const grown = new Tree();
		for (const e of v.entries) {
			const bytes = fromHex(e.entry);
			grown.append(bytes);
			assert.equal(toHex(leafHash(bytes)), e.leaf_hash);
			assert.equal(toHex(grown.root()), e.root);
		}
		const raw = joined(v.entries.map(({ entry }) => concat(
			Uint8Array.of(entry.length >> 9, (entry.length >> 1) & 255), fromHex(entry))));
		const entries = readEntries(raw, manifest, eid);
		assert.deepEqual(entries.map((e) => e.type), v.entries.map((e) => e.type));
		assert.equal(new Set(entries.map((e) => e.type)).size, 13);
		checkHeads(entries, manifest, { certified: fromHex(v.certified), attempt: v.attempt });
		const roots = rootsOf(entries);
		for (const [mine, theirs] of [[roots.closing, v.close], [roots.whole, v.whole]]) {
			assert.equal(mine.size, theirs.size);
			assert.equal(toHex(mine.root), theirs.root);
			assert.equal(checkCheckpoint(utf8(theirs.note), "note", { ...mine, eid }, manifest), 3);
		}
		const entry = entries.find((e) => e.type === "credentials");
		const listed = readCredentials(fromHex(v.credentials), entry, manifest);
		checkCredentialsSignature(fromHex(v.credentials_signature), entry, manifest);
		checkCredentialEntries(entries, manifest, eid, listed);
		const record = new Record(sourceOf(new Map([["ballots.bt", fromHex(v.ballots)],
			["voids.bt", fromHex(v.voids)]])));
		const objects = await readObjects(entries, record);
		const box = judge(entries, readBallots(objects.ballots, manifest, eid),
			readVoids(objects.voids, manifest, eid), manifest, listed);
		const fault = (what) => ({ number, reason }) => ({ what, number, reason });
		assert.deepEqual([...box.faults.map(fault("ballot")), ...box.voidFaults.map(fault("void"))],
			v.faults);
		assert.equal(objects.ballots.length - box.faults.length, v.counted);
		const kept = keptBallots(box);
		assert.deepEqual(deriveLists(kept, manifest).map((l) => ({ auxsid: l.auxsid,
			group: l.group.name, area: l.area, bit: l.bit, ballots: l.count,
			...(l.count ? { ciphertexts_sha256: toHex(sha256(ciphertextsFile(l))) } : {}),
		})), v.lists);
	}
});

test("a proof of shuffles and decryption, and the values on its way", async () => {
	for (const v of of("proof")) {
		const report = await verifyProof(sourceOf(filesOf(v)), utf8(v.protinfo));
		assert.equal(report.verdict, "verified", JSON.stringify(report.checks));
		const value = (party, name) => v.values.filter((x) => x.party === party && x.name === name)
			.map((x) => x.value);
		const params = new Params(URNA, "urnatest", "l1");
		assert.deepEqual(value(0, "der.rho"), [toHex(params.rho)]);
		const h = value(0, "bas.h");
		assert.deepEqual(params.generators(h.length).map((p) => toHex(encodePoint(p))), h);
		const read = (name) => fromHex(v.files[name]);
		const wide = (p) => encodePoints([p, p]);
		const Y = readPoint(new tree.Reader(read("FullPublicKey.bt").subarray(5 + 81), "key"));
		let input = read("Ciphertexts.bt");
		for (const party of [1, 3]) {
			const output = read(`proofs/Ciphertexts0${party}.bt`);
			const seed = params.seed(tree.node(encodePoint(G), tree.nodeOf(h.length,
				joined(h.map(fromHex))), read(`proofs/PermutationCommitment0${party}.bt`),
				tree.node(wide(G), wide(Y)), input, output));
			assert.deepEqual(value(party, "PoS.s"), [toHex(seed)]);
			assert.deepEqual(value(party, "PoS.v").map(number),
				[params.challenge(seed, read(`proofs/PoSCommitment0${party}.bt`))]);
			input = output;
		}
		for (const other of [["Plaintexts.bt", 20], ["proofs/PoSReply03.bt", 40]]) {
			const changed = filesOf(v);
			const bytes = changed.get(other[0]).slice();
			bytes[bytes.length - other[1]] ^= 1;
			changed.set(other[0], bytes);
			assert.notEqual((await verifyProof(sourceOf(changed), utf8(v.protinfo))).verdict,
				"verified");
		}
		const polynomial = tree.readAll(read("proofs/PolynomialInExponent.bt"), "polynomial",
			(r) => readPoints(r));
		v.shares.forEach((x, i) =>
			assert.deepEqual(shareOf(polynomial, i + 1), multiply(G, number(x))));
	}
});
