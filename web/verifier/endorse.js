// SPDX-License-Identifier: Apache-2.0
// Endorsements (docs/protocol.md 3): who signed what. Every one that is there must be right.
import { demand, reject } from "./errors.js";
import { readAll } from "./bytetree.js";
import { twoDigits } from "./record.js";
import { verify } from "./ed25519.js";

const ATTEMPTS_MAX = 1000;

/** The authorities that have a file PREFIX-NN.bt, ascending. */
export function signers(record, prefix, n) {
	const out = [];
	for (let l = 1; l <= n; l++)
		if (record.has(`${prefix}-${twoDigits(l)}.bt`))
			out.push(l);
	return out;
}

/** Checks PREFIX-NN.bt of every signer; digestFor(l) is what it must have signed. */
export async function checkEndorsements(record, prefix, manifest, digestFor) {
	const all = signers(record, prefix, manifest.n);
	for (const l of all) {
		const path = `${prefix}-${twoDigits(l)}.bt`;
		const signature = readAll(await record.read(path), path, (r) => r.leaf(64));
		demand(verify(signature, digestFor(l), manifest.authorities[l - 1].identity),
			`${path}: the signature of authority ${l} does not hold`);
	}
	return all;
}

/** The same, and at least t of them. */
export async function checkThreshold(record, prefix, manifest, digest) {
	const all = await checkEndorsements(record, prefix, manifest, () => digest);
	demand(all.length >= manifest.t,
		`${prefix}: ${all.length} authorities signed, ${manifest.t} are needed`);
	return all;
}

/**
 * Endorsements that name an attempt: node(int a, leaf(signature)). All must name the same one, and
 * every party of `needed` must have signed. digestFor(a) is the statement.
 */
export async function checkAttempt(record, prefix, manifest, needed, attempt, digestFor) {
	const all = signers(record, prefix, manifest.n);
	for (const l of needed)
		if (!all.includes(l))
			reject(`${prefix}-${twoDigits(l)}.bt is missing`);
	for (const l of all) {
		const path = `${prefix}-${twoDigits(l)}.bt`;
		readAll(await record.read(path), path, (r) => {
			r.node(2);
			const a = r.int();
			demand(a >= 1 && a <= ATTEMPTS_MAX, `${path}: attempts are 1 to ${ATTEMPTS_MAX}`);
			attempt ??= a;
			demand(a === attempt, `${path}: is of attempt ${a}, others are of ${attempt}`);
			demand(verify(r.leaf(64), digestFor(a), manifest.authorities[l - 1].identity),
				`${path}: the signature of authority ${l} does not hold`);
		});
	}
	return attempt;
}
