// SPDX-License-Identifier: Apache-2.0
// Checkpoints: C2SP signed notes with a tlog-checkpoint text (docs/protocol.md 7.3).
import { Rejected } from "./errors.js";
import { concat, equal, hex, numberAt, textOf, utf8 } from "./bytes.js";
import { sha256 } from "./hash.js";
import { verify } from "./ed25519.js";

const ED25519 = 1, COSIGNATURE = 4;
// More than 64 signature lines cannot be: witnesses are 32 at most, and nobody signs twice.
const NOTE_MAX = 32 << 10;

function keyId(name, type, key) {
	return sha256(concat(utf8(name), Uint8Array.of(0x0a, type), key)).subarray(0, 4);
}

/** The bytes of canonical base 64, or null. */
export function unbase64(s) {
	if (s.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(s))
		return null;
	const raw = atob(s);
	// Bits behind the last byte must be zero: one signature has one spelling.
	return btoa(raw) === s ? Uint8Array.from(raw, (c) => c.charCodeAt(0)) : null;
}

export function base64(bytes) {
	return btoa(String.fromCharCode(...bytes));
}

/** The signed text of the checkpoint of a tree. */
export function checkpointText(board, size, root, eid) {
	return `${board}\n${size}\n${base64(root)}\neid ${hex(eid)}\n`;
}

/**
 * Checks a checkpoint against the tree that was computed from the entries; answers how many
 * different witnesses cosigned it. Every line must be right: no other signature may be there.
 */
export function checkCheckpoint(bytes, what, expected, manifest) {
	const refuse = (why) => {
		throw new Rejected(`${what}: ${why}`);
	};
	const text = bytes.length > NOTE_MAX ? null : textOf(bytes);
	if (text === null)
		refuse(`not UTF-8, or more than ${NOTE_MAX} bytes`);
	const cut = text.indexOf("\n\n");
	if (cut < 0 || !text.endsWith("\n"))
		refuse("a text, an empty line and signature lines are expected");
	const signed = text.slice(0, cut + 1);
	checkText(signed, expected, manifest, refuse);
	const lines = text.slice(cut + 2, -1).split("\n");
	const signers = new Set();
	lines.forEach((line, i) => {
		const match = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line);
		const raw = match && unbase64(match[2]);
		if (!raw)
			refuse(`signature line ${i + 1} is malformed`);
		const name = match[1];
		if (signers.has(name))
			refuse(`${name} signed twice`);
		signers.add(name);
		if (i === 0)
			checkBoard(name, raw, signed, manifest.board, refuse);
		else
			checkWitness(name, raw, signed, manifest.witnesses, refuse);
	});
	return signers.size - 1;
}

function checkText(signed, { size, root, eid }, manifest, refuse) {
	const [name, sizeLine, rootLine, eidLine, ...rest] = signed.split("\n");
	if (rest.length !== 1)
		refuse("four lines are expected before the empty one");
	if (name !== manifest.board.name)
		refuse(`the first line is not the board's name "${manifest.board.name}"`);
	if (eidLine !== `eid ${hex(eid)}`)
		refuse("it is of another election (line eid)");
	if (sizeLine !== String(size))
		refuse(`it is for ${sizeLine} entries, the tree has ${size}`);
	if (rootLine !== base64(root))
		refuse("its root is not that of the entries");
}

function checkBoard(name, raw, signed, board, refuse) {
	if (name !== board.name)
		refuse("the first signature is not the board's");
	if (raw.length !== 68 || !equal(raw.subarray(0, 4), keyId(name, ED25519, board.key)))
		refuse("the board's signature has another form or key id");
	if (!verify(raw.subarray(4), utf8(signed), board.key))
		refuse("the board's signature does not hold");
}

function checkWitness(name, raw, signed, witnesses, refuse) {
	const witness = witnesses?.keys.find((w) => w.name === name);
	if (witness === undefined)
		refuse(`${name} is no witness of the manifest`);
	if (raw.length !== 76 || !equal(raw.subarray(0, 4), keyId(name, COSIGNATURE, witness.key)))
		refuse(`the cosignature of ${name} has another form or key id`);
	const seconds = numberAt(raw, 4, 8);
	const message = utf8(`cosignature/v1\ntime ${seconds}\n${signed}`);
	if (!verify(raw.subarray(12), message, witness.key))
		refuse(`the cosignature of ${name} does not hold`);
}
