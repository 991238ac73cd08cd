// SPDX-License-Identifier: Apache-2.0
// Ballots and bodies (docs/protocol.md 6.3): their form, and the terms of their equations.
import { C, H } from "./hash.js";
import { Reader, int, leaf } from "./bytetree.js";
import { encodePoint, readPoint, readPoints, readScalar, readScalars } from "./group.js";
import { hex } from "./bytes.js";

const MAGIC = "urna-body-1";
const SEQ_MAX = 2 ** 31 - 1;

/** Reads a body, in the shape of its style; an unknown style has none. */
function readBody(r, manifest) {
	const from = r.at;
	r.node(7);
	if (r.text() !== MAGIC)
		r.refuse(`does not begin with ${MAGIC}`, from);
	const body = { eid: r.leaf(32) };
	const pseudonymFrom = r.at;
	body.voter = manifest.credentials ? readPoint(r) : r.leaf(16);
	body.voterTree = r.bytes.subarray(pseudonymFrom, r.at);
	body.voterName = hex(body.voterTree);
	const styleFrom = r.at;
	body.styleName = r.text();
	const styleTree = r.bytes.subarray(styleFrom, r.at);
	body.style = manifest.styleOf.get(body.styleName);
	if (body.style === undefined)
		r.refuse("there is no such style", styleFrom);
	const CT = readCiphertexts(r, body);
	const AA = part(r, body, (width) => readPoints(r, width), (group, A) => (group.A = A));
	part(r, body, (width) => readScalars(r, width), (group, z) => (group.z = z));
	body.challenge = C("ballot", leaf(body.eid), body.voterTree, styleTree, CT, AA);
	body.id = H("body", leaf(r.bytes.subarray(from, r.at)));
	return body;
}

function readCiphertexts(r, body) {
	const from = r.at;
	const count = r.node(body.style.groups.length);
	body.groups = [];
	for (let g = 0; g < count; g++) {
		r.node(2);
		const uFrom = r.at;
		const u = readPoints(r, body.style.groups[g].width);
		const vFrom = r.at;
		const v = readPoints(r, u.length);
		body.groups.push({ u, v, uTree: r.bytes.subarray(uFrom, vFrom),
			vTree: r.bytes.subarray(vFrom, r.at) });
	}
	return r.bytes.subarray(from, r.at);
}

/** One of AA, ZZ: for each group a node of as many as it has chunks. */
function part(r, body, readGroup, put) {
	const from = r.at;
	r.node(body.groups.length);
	for (const group of body.groups)
		put(group, readGroup(group.u.length));
	return r.bytes.subarray(from, r.at);
}

/** A body alone, as an audited ballot leaves it in voids.bt. */
export function parseBody(bytes, what, manifest) {
	const r = new Reader(bytes, what);
	const body = readBody(r, manifest);
	r.end();
	return body;
}

export function parseBallot(bytes, what, manifest) {
	const r = new Reader(bytes, what);
	r.node(manifest.credentials ? 4 : 2);
	const ballot = readBody(r, manifest);
	ballot.seq = r.int();
	if (ballot.seq > SEQ_MAX)
		r.refuse("a negative seq");
	if (manifest.credentials) {
		ballot.R = readPoint(r);
		ballot.zs = readScalar(r);
		ballot.signatureChallenge = C("sig", ballot.voterTree, encodePoint(ballot.R),
			leaf(ballot.eid), int(ballot.seq), leaf(ballot.id));
	}
	r.end();
	return ballot;
}

/** z·G = A + c·u for every ciphertext of the ballot. */
export function addProof(sum, weight, ballot) {
	for (const { u, A, z } of ballot.groups)
		for (let j = 0; j < u.length; j++) {
			const w = weight();
			sum.addG(w * z[j]);
			sum.add(-w, A[j]);
			sum.add(-w * ballot.challenge, u[j]);
		}
}

/** z_s·G = R + c_s·S. */
export function addSignature(sum, weight, ballot) {
	const w = weight();
	sum.addG(w * ballot.zs);
	sum.add(-w, ballot.R);
	sum.add(-w * ballot.signatureChallenge, ballot.voter);
}

/** Every u of the ballot as a number: equal points have equal numbers. */
export function* firstComponents(ballot) {
	for (const { u } of ballot.groups)
		for (const { x, y } of u)
			yield 2n * x + (y & 1n);
}
