// SPDX-License-Identifier: Apache-2.0
// Every number of docs/protocol-walkthrough.md, computed from tests/vectors/protocol/tiny-record by
// the text of docs/protocol.md alone: nothing of the product is used here, only node's SHA-256 and
// Ed25519. `node tests/vectors/walkthrough.mjs --write` writes them anew into the document, where
// they stand as "    name = value", and into tests/vectors/protocol/walkthrough.json.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createPublicKey, verify as verifySignature } from "node:crypto";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { add, bytes, G, hexOf, int, inverse, isSquare, leaf, mod, multiply, node, numberOf,
	oracle, P, parse, point, pointIn, points, Q, right, root, sha, stream, sum, text, u64, wide }
	from "./plain.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
export const DOCUMENT = join(here, "..", "..", "docs", "protocol-walkthrough.md");
export const RECORD = join(here, "protocol", "tiny-record");
export const VALUES = join(here, "protocol", "walkthrough.json");
const SECRETS = join(here, "protocol", "secrets.json");

// The walk

const file = (path) => readFileSync(join(RECORD, path));
const PROOF = "proof/l1/nizkp/l1/";
const two = (n) => String(n).padStart(2, "0");

class Walk {
	constructor() {
		this.values = {};
	}

	put(name, value) {
		assert.ok(!Object.hasOwn(this.values, name), name);
		this.values[name] = Buffer.isBuffer(value) ? value.toString("hex") :
			typeof value === "bigint" ? hexOf(value) :
			Array.isArray(value) ? `${hexOf(value[0])} ${hexOf(value[1])}` : value;
		return value;
	}

	/** H_tag, its input shown unless it is as long as files are. */
	H(name, tag, ...trees) {
		const input = node(text(`urna/1/${tag}`), ...trees);
		if (input.length < 1500)
			this.put(`${name}.input`, input);
		return this.put(name, sha(input));
	}

	C(name, tag, ...trees) {
		const input = node(text(`urna/1/${tag}`), ...trees);
		this.put(`${name}.input`, input);
		return this.put(name, oracle(384, input) % Q);
	}

	/** Both sides of an equation; they must be one point. */
	equation(name, left, rightSide) {
		assert.deepEqual(left, rightSide, name);
		this.put(name, left);
	}
}

/** An endorsement or message of authority i, or a note of the board, holds. */
function signed(signature, message, key) {
	const der = Buffer.concat([bytes("302a300506032b6570032100"), key]);
	assert.ok(verifySignature(null, message, createPublicKey({ key: der, format: "der",
		type: "spki" }), signature));
}

function endorsed(w, path, digest, party) {
	const b = file(path);
	signed(b.subarray(b.length - 64), digest, w.identities[party - 1]);
}

function ceremony(w) {
	const D = leaf(w.D), names = [1, 2];
	const message = (r, i) => file(`ceremony/1/r${r}-${two(i)}.bt`);
	const content = (r, i) => {
		const b = message(r, i);
		return b.subarray(b.length - 69 - contentLength(b), b.length - 69);
	};
	const contentLength = (b) => b.length - 69 - (5 + 20 + 37 + 9 + 9 + 9);
	const round = (r) => names.map((i) => leaf(message(r, i)));
	const signature = message(1, 1).subarray(-64);
	const digest = w.H("message", "message", D, int(1), int(1), int(1), leaf(content(1, 1)));
	w.put("message.signature", signature);
	w.put("identity.1", w.identities[0]);
	signed(signature, digest, w.identities[0]);
	const polynomials = names.map((i) => {
		const [C, A, z, salt] = parse(content(3, i));
		const c = C.map(pointIn), a = pointIn(A);
		const parts = [points(c), point(a)];
		const commitment = w.H(`commit.${i}`, "commit", D, int(1), int(i), ...parts,
			wide(numberOf(z)), leaf(salt));
		assert.deepEqual(content(1, i), leaf(commitment));
		const challenge = w.C(`pop.${i}`, "pop", D, int(1), int(i), leaf(w.identities[i - 1]),
			...parts);
		w.put(`z_${i}`, numberOf(z));
		w.put(`A_${i}`, a);
		c.forEach((p, m) => w.put(`C_${i},${m}`, p));
		w.equation(`z_${i}·G`, multiply(numberOf(z), G), add(a, multiply(challenge, c[0])));
		return c;
	});
	const all = leaf(Buffer.of(1, 1));
	const echo = w.H("echo", "echo", D, int(1), all, ...round(0), ...round(1));
	const openings = w.H("openings", "openings", D, int(1), ...round(3));
	for (const i of names) {
		assert.deepEqual(content(2, i), node(all, leaf(echo)));
		assert.deepEqual(content(4, i), node(leaf(Buffer.of(0, 0)), leaf(openings)));
	}
	w.T = w.H("T", "transcript", D, int(1), ...[0, 1, 2, 3, 4].flatMap(round));
	w.polynomial = [0, 1].map((m) => w.put(`P_${m}`, add(polynomials[0][m], polynomials[1][m])));
	w.Y = w.polynomial[0];
	w.y = names.map((j) => w.put(`y_${j}`, add(w.Y, multiply(BigInt(j), w.polynomial[1]))));
	w.EID = w.H("EID", "election", D, leaf(w.T), node(point(G), point(w.Y)),
		points(w.polynomial), all);
	for (const i of names)
		assert.deepEqual(content(6, i), node(all, leaf(w.EID)));
	w.put("words", proquints(w.EID));
	w.certified = w.H("certified", "certified", D, ...[0, 1, 2, 3, 4, 6].flatMap(round));
	w.x = w.secrets.shares.map((x, i) => w.put(`x_${i + 1}`, BigInt(`0x${x}`)));
	w.x.forEach((x, i) => assert.deepEqual(multiply(x, G), w.y[i]));
	const x = w.put("x", mod(2n * w.x[0] - w.x[1], Q));
	assert.deepEqual(multiply(x, G), w.Y);
}

function proquints(b) {
	const con = "bdfghjklmnprstvz", vow = "aiou";
	return Array.from({ length: 16 }, (_, i) => {
		const n = b.readUInt16BE(2 * i);
		return con[n >> 12] + vow[n >> 10 & 3] + con[n >> 6 & 15] + vow[n >> 4 & 3] + con[n & 15];
	}).join("-");
}

/** The message in 28 bytes, and the point that stands for it. */
function encode(message) {
	for (let c = 0n; ; c++) {
		const x = (message << 24n) + (28n << 8n) + c;
		if (isSquare(x))
			return [x, root(x)];
	}
}

function ballots(w) {
	const EID = leaf(w.EID);
	let rest = file("ballots.bt");
	w.ballots = w.secrets.ballots.map(({ answer, r, a }, i) => {
		const name = (s) => `${s}.${i + 1}`;
		const digits = [0, answer === 1 ? 1 : 0, answer === 2 ? 1 : 0];
		const N = digits.reduce((n, d, j) => n + BigInt(d << j), 0n);
		w.put(name("message"), bytes(hexOf(N, 56)));
		const M = w.put(name("M"), encode(N));
		[r, a] = [r, a].map((s) => BigInt(`0x${s}`));
		w.put(name("r"), r);
		const u = w.put(name("u"), multiply(r, G));
		const v = w.put(name("v"), add(M, multiply(r, w.Y)));
		w.put(name("a"), a);
		const A = w.put(name("A"), multiply(a, G));
		const pseudonym = leaf(Buffer.alloc(16, 0xe1 + i));
		const CT = node(node(points([u]), points([v]))), AA = node(points([A]));
		const c = w.C(name("c"), "ballot", EID, pseudonym, text("all"), CT, AA);
		const z = w.put(name("z"), mod(a + c * r, Q));
		w.equation(name("z·G"), multiply(z, G), add(A, multiply(c, u)));
		const body = node(text("urna-body-1"), EID, pseudonym, text("all"), CT, AA,
			node(node(wide(z))));
		const id = w.H(name("b"), "body", leaf(body));
		w.put(name("code"), crockford(id));
		const ballot = node(body, int(0));
		assert.deepEqual(rest.subarray(0, ballot.length), ballot);
		rest = rest.subarray(ballot.length);
		w.put(name("object"), sha(ballot));
		return { u, v, ballot };
	});
	assert.equal(rest.length, 0);
}

function crockford(b) {
	const n = numberOf(b.subarray(0, 17)) >> 6n;
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
	const out = Array.from({ length: 26 }, (_, i) =>
		digits[Number(n >> BigInt(5 * (25 - i)) & 31n)]);
	return [...out, digits[Number(n % 37n)]].join("").match(/.{1,4}/g).join("-");
}

function merkle(hashes) {
	if (hashes.length === 1)
		return hashes[0];
	const half = 2 ** Math.floor(Math.log2(hashes.length - 1));
	return sha(Buffer.of(1), merkle(hashes.slice(0, half)), merkle(hashes.slice(half)));
}

function log(w) {
	const EID = leaf(w.EID), raw = file("log/entries"), entries = [];
	const head = [node(text("manifest"), EID, leaf(w.D), u64(file("manifest.json").length)),
		node(text("ceremony"), EID, leaf(w.certified), u64(1)), node(text("open"), EID),
		...w.ballots.map(({ ballot }) => node(text("ballot"), EID, leaf(sha(ballot)),
			u64(ballot.length), int(1))), node(text("close"), EID)];
	for (let at = 0; at < raw.length;) {
		const n = raw.readUInt16BE(at);
		entries.push(raw.subarray(at + 2, at + 2 + n));
		at += 2 + n;
	}
	assert.deepEqual(entries.slice(0, head.length), head);
	w.entries = entries;
	w.hashes = entries.map((e, i) => {
		w.put(`entry.${i}`, e);
		return w.put(`leaf.${i}`, sha(Buffer.of(0), e));
	});
	const pair = (a, b) => w.put(`node.${a}-${b}`, merkle(w.hashes.slice(a, b + 1)));
	pair(0, 1);
	pair(2, 3);
	pair(0, 3);
	pair(4, 5);
	const closing = w.put("root.close", merkle(w.hashes.slice(0, 6)));
	const digest = w.H("close", "close", EID, u64(6), leaf(closing));
	for (const i of [1, 2])
		endorsed(w, `endorse/close-${two(i)}.bt`, digest, i);
	checkpoint(w, "log/checkpoint-close", 6, closing);
}

function checkpoint(w, path, size, closing) {
	const signedText = `tiny.example/board\n${size}\n${closing.toString("base64")}\n` +
		`eid ${w.EID.toString("hex")}\n`;
	const keyId = sha(Buffer.from("tiny.example/board\n\x01"), w.board).subarray(0, 4);
	if (size === 6)
		w.put("board.key_id", keyId);
	const whole = file(path).toString();
	const line = /^\n— tiny\.example\/board (\S+)\n$/u.exec(whole.slice(signedText.length));
	assert.equal(whole.slice(0, signedText.length), signedText);
	const blob = Buffer.from(line[1], "base64");
	assert.deepEqual(blob.subarray(0, 4), keyId);
	signed(blob.subarray(4), Buffer.from(signedText), w.board);
}

function session(w) {
	const version = node(text("3.1.0"), text(`urna${w.EID.toString("hex")}.l1`), int(100), int(256),
		int(256), text("SHA-256"), text("ECqPGroup(P-256)::00000000020100000020636f6d2e76657269" +
		"6669636174756d2e61726974686d2e4543715047726f75700100000005502d323536"), text("SHA-256"));
	w.put("ρ.input", version);
	w.rho = w.put("ρ", sha(version));
	w.RO = (bits, ...data) => oracle(bits, w.rho, ...data);
	const seed = w.put("h.seed", bytes(hexOf(w.RO(256, text("generators")))));
	const next = stream(seed);
	w.h = [];
	for (let tries = 1; w.h.length < 2; tries++) {
		const x = next(356) % P;
		if (right(x) === 0n || !isSquare(x))
			continue;
		const y = root(x);
		w.h.push(w.put(`h_${w.h.length}`, [x, 2n * y < P ? y : P - y]));
		w.put(`h_${w.h.length - 1}.candidate`, String(tries));
	}
}

function readList(path) {
	return parse(file(PROOF + path)).map((half) => half.map(pointIn));
}

/** The seed, e_0 and e_1, and the challenge of a proof. */
function challenges(w, name, seedTree, commitmentTree) {
	const s = w.put(`${name}.s`, bytes(hexOf(w.RO(256, seedTree))));
	const next = stream(s);
	const e = [0, 1].map((i) => w.put(`${name}.e_${i}`, next(256)));
	const v = w.put(`${name}.v`, w.RO(256, node(leaf(s), commitmentTree)));
	return { e, v };
}

function shuffle(w, party, inputPath) {
	const n = (name) => `mix${party}.${name}`;
	const path = (name) => `proofs/${name}${two(party)}.bt`;
	const output = path("Ciphertexts");
	const u = parse(file(PROOF + path("PermutationCommitment"))).map(pointIn);
	const { e, v } = challenges(w, `mix${party}`, node(point(G), points(w.h),
		file(PROOF + path("PermutationCommitment")), node(point(G), point(w.Y)),
		file(PROOF + inputPath), file(PROOF + output)), file(PROOF + path("PoSCommitment")));
	const [B, A1, B1, C1, D1, F1] = parse(file(PROOF + path("PoSCommitment")));
	const [kA, kB, kC, kD, kE, kF] = parse(file(PROOF + path("PoSReply")))
		.map((k) => Array.isArray(k) ? k.map(numberOf) : numberOf(k));
	const [b, b1] = [B, B1].map((list) => list.map(pointIn));
	const over = (k, list) => sum(...list.map((p, i) => multiply(k[i], p)));
	const A = w.put(n("A"), over(e, u));
	w.equation(n("(A)"), add(multiply(v, A), pointIn(A1)), add(multiply(kA, G), over(kE, w.h)));
	for (const i of [0, 1])
		w.equation(n(`(B)_${i}`), add(multiply(v, b[i]), b1[i]),
			add(multiply(kB[i], G), multiply(kE[i], i ? b[0] : w.h[0])));
	const C = w.put(n("C"), sum(...u, ...w.h.map((p) => multiply(-1n, p))));
	w.equation(n("(C)"), add(multiply(v, C), pointIn(C1)), multiply(kC, G));
	const D = w.put(n("D"), add(b[1], multiply(-e[0] * e[1], w.h[0])));
	w.equation(n("(D)"), add(multiply(v, D), pointIn(D1)), multiply(kD, G));
	const [input, mixed] = [readList(inputPath), readList(output)];
	["u", "v"].forEach((side, j) => {
		const F = w.put(n(`F.${side}`), over(e, input[j]));
		w.equation(n(`(F).${side}`), add(multiply(v, F), pointIn(F1[j])),
			add(multiply(-kF, j ? w.Y : G), over(kE, mixed[j])));
	});
	const digest = w.H(n("signed"), "mix", leaf(w.EID), text("l1"), int(party),
		...[inputPath, output, path("PermutationCommitment"), path("PoSCommitment"),
			path("PoSReply")].map((p) => leaf(sha(file(PROOF + p)))));
	endorsed(w, `endorse/l1/mix-${two(party)}.bt`, digest, party);
}

function decryption(w) {
	const read = (name, l) => parse(file(`${PROOF}proofs/${name}${two(l)}.bt`));
	const [u, v] = readList("proofs/Ciphertexts02.bt");
	const quarter = inverse(4n, Q); // 1/μ
	const f = [1, 2].map((l) => read("DecryptionFactors", l).map(pointIn));
	f.forEach((list, l) => list.forEach((p, i) => {
		assert.deepEqual(p, multiply(-w.x[l] * quarter, u[i]));
		w.put(`f_${l + 1},${i}`, p);
	}));
	const files = (name) => node(...[1, 2].map((l) => file(`${PROOF}proofs/${name}${two(l)}.bt`)));
	const { e, v: c } = challenges(w, "dec", node(node(point(G), file(PROOF +
		"proofs/Ciphertexts02.bt")), node(file(`${PROOF}proofs/PolynomialInExponent.bt`),
		files("DecryptionFactors"))), files("DecrFactCommitment"));
	const A = w.put("dec.A", add(multiply(e[0], u[0]), multiply(e[1], u[1])));
	for (const l of [1, 2]) {
		const [y1, B1] = read("DecrFactCommitment", l).map(pointIn);
		const k = w.put(`dec.k_${l}`, numberOf(read("DecrFactReply", l)));
		const b = w.put(`dec.B_${l}`,
			add(multiply(e[0], f[l - 1][0]), multiply(e[1], f[l - 1][1])));
		w.equation(`dec.k_${l}·G`, multiply(k, G), add(multiply(-c * quarter, w.y[l - 1]), y1));
		w.equation(`dec.k_${l}·A`, multiply(k, A), add(multiply(c, b), B1));
	}
	// c_1 = 4 · 2/(2-1), c_2 = 4 · 1/(1-2)
	const coefficients = [8n, mod(-4n, Q)];
	const m = [0, 1].map((i) => w.put(`m_${i}`, sum(v[i], multiply(coefficients[0], f[0][i]),
		multiply(coefficients[1], f[1][i]))));
	assert.deepEqual(parse(file(`${PROOF}Plaintexts.bt`)).map(pointIn), m);
	w.votes = m.map(([x]) => x >> 24n);
	m.forEach((p, i) => {
		assert.deepEqual(encode(w.votes[i]), p);
		w.put(`N_${i}`, w.votes[i].toString());
	});
	freezes(w);
}

function freezes(w) {
	const digests = (name) => [1, 2].map((l) =>
		leaf(sha(file(`${PROOF}proofs/${name}${two(l)}.bt`))));
	const statements = { ready: [leaf(sha(file(`${PROOF}proofs/Ciphertexts02.bt`))),
		leaf(Buffer.of(1, 1))], factors: digests("DecryptionFactors"),
	commitments: digests("DecrFactCommitment") };
	for (const [kind, trees] of Object.entries(statements)) {
		const digest = w.H(kind, kind, leaf(w.EID), text("l1"), int(1), ...trees);
		for (const l of [1, 2])
			endorsed(w, `endorse/l1/${kind}-${two(l)}.bt`, digest, l);
	}
}

function result(w) {
	const json = file("result.json"), said = JSON.parse(json);
	assert.deepEqual([...w.votes].sort(), [2n, 4n]);
	assert.equal(said.questions[0].verdicts.valid, 2);
	assert.equal(said.eid, w.EID.toString("hex"));
	const digest = w.H("result", "result", leaf(w.EID), leaf(sha(file(`${PROOF}Plaintexts.bt`))),
		leaf(sha(json)));
	for (const l of [1, 2])
		endorsed(w, `endorse/result-${two(l)}.bt`, digest, l);
	const paths = [...below("endorse/l1"), ...below("proof/l1")].sort();
	const files = w.H("files", "files", ...paths.flatMap((p) => [text(p), leaf(sha(file(p)))]));
	assert.deepEqual(w.entries.slice(6), [node(text("tally"), leaf(w.EID), text("l1"), leaf(files)),
		node(text("result"), leaf(w.EID), leaf(sha(json)), u64(json.length))]);
	for (const from of [6, 4])
		w.put(`node.${from}-7`, merkle(w.hashes.slice(from)));
	w.put("root", merkle(w.hashes));
	checkpoint(w, "log/checkpoint", 8, merkle(w.hashes));
}

function below(folder) {
	return readdirSync(join(RECORD, folder)).flatMap((name) => {
		const path = `${folder}/${name}`;
		return statSync(join(RECORD, path)).isDirectory() ? below(path) : [path];
	});
}

/** name → value, all of them checked against the record on the way. */
export function walk() {
	const w = new Walk();
	const manifest = JSON.parse(file("manifest.json"));
	w.secrets = JSON.parse(readFileSync(SECRETS)).vectors[0];
	w.identities = manifest.authorities.map((a) => bytes(a.identity));
	w.board = bytes(manifest.board.key);
	w.D = w.H("D", "manifest", leaf(file("manifest.json")));
	ceremony(w);
	ballots(w);
	log(w);
	assert.deepEqual(file(`${PROOF}Ciphertexts.bt`), node(points(w.ballots.map((b) => b.u)),
		points(w.ballots.map((b) => b.v))));
	session(w);
	shuffle(w, 1, "Ciphertexts.bt");
	shuffle(w, 2, "proofs/Ciphertexts01.bt");
	decryption(w);
	result(w);
	return w.values;
}

/** The document with these values in its lines "    name = value". */
export function filled(document, values) {
	return document.replace(/^ {4}(\S+) = .*$/gmu, (line, name) => {
		assert.ok(Object.hasOwn(values, name), `the document names ${name}`);
		return `    ${name} = ${values[name]}`;
	});
}

/** Commands and what they print, block after block, in one shell: [command, output]. */
function run(commands) {
	const marked = commands.map((c, i) => `${c}\necho; echo "<${i}>"`).join("\n");
	const out = execFileSync("bash", ["-c", `exec 2>&1\n${marked}`],
		{ cwd: RECORD, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
	return commands.map((_, i) => {
		const from = i === 0 ? 0 : out.indexOf(`<${i - 1}>\n`) + `<${i - 1}>\n`.length;
		return out.slice(from, out.indexOf(`<${i}>\n`)).replace(/\n+$/, "");
	});
}

const has = (program) => spawnSync("bash", ["-c", `command -v ${program}`]).status === 0;

/** The document with what its commands print today; `missing` gets programs that are not here. */
export function ran(document, missing = new Set()) {
	const FENCE = /^```console\n([^]*?)^```$/gmu;
	const commands = [];
	for (const [, block] of document.matchAll(FENCE)) {
		const [, need] = /^\$ # needs (\S+)$/mu.exec(block) ?? [];
		const here = need === undefined || has(need);
		if (!here)
			missing.add(need);
		for (const [, command] of block.matchAll(/^\$ (.*)$/gmu))
			commands.push(here ? command : ":");
	}
	const outputs = run(commands);
	let at = 0;
	return document.replace(FENCE, (whole, block) => {
		const lines = [...block.matchAll(/^\$ (.*)$/gmu)].map(([line]) => ({ line, at: at++ }));
		const skipped = lines.some((l) => l.line !== `$ ${commands[l.at]}`);
		return skipped ? whole : "```console\n" + lines.map((l) => l.line + "\n" +
			(outputs[l.at] && `${outputs[l.at]}\n`)).join("") + "```";
	});
}

export function valuesFile(values) {
	const about = "The numbers of docs/protocol-walkthrough.md: a point is its two coordinates";
	const vectors = [{ kind: "walkthrough", name: "tiny-record", values }];
	return JSON.stringify({ urna_vectors: 1, about, vectors }, null, 1) + "\n";
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === "--write") {
	const values = walk();
	writeFileSync(VALUES, valuesFile(values)); // the commands read it
	writeFileSync(DOCUMENT, ran(filled(readFileSync(DOCUMENT, "utf8"), values)));
}
