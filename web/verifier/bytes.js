// SPDX-License-Identifier: Apache-2.0
// Byte strings: Uint8Array everywhere.
import { Rejected } from "./errors.js";

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

export function hex(bytes) {
	let s = "";
	for (const b of bytes)
		s += HEX[b];
	return s;
}

/** The bytes of lower-case hex digits; `digits` of them. */
export function unhex(text, digits, what = "hex") {
	if (typeof text !== "string" || text.length !== digits || !/^(?:[0-9a-f]{2})*$/.test(text))
		throw new Rejected(`${what}: expected ${digits} lower-case hex digits`);
	const out = new Uint8Array(digits / 2);
	for (let i = 0; i < out.length; i++)
		out[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
	return out;
}

export function concat(...parts) {
	return joined(parts);
}

export function joined(parts) {
	let length = 0;
	for (const p of parts)
		length += p.length;
	const out = new Uint8Array(length);
	let at = 0;
	for (const p of parts) {
		out.set(p, at);
		at += p.length;
	}
	return out;
}

export function equal(a, b) {
	if (a.length !== b.length)
		return false;
	for (let i = 0; i < a.length; i++)
		if (a[i] !== b[i])
			return false;
	return true;
}

/** Lexicographic order of bytes, a prefix first: negative, 0 or positive. */
export function compare(a, b) {
	const n = Math.min(a.length, b.length);
	for (let i = 0; i < n; i++)
		if (a[i] !== b[i])
			return a[i] - b[i];
	return a.length - b.length;
}

const encoder = new TextEncoder();
export function utf8(text) {
	return encoder.encode(text);
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** The text, or null where the bytes are no UTF-8. */
export function textOf(bytes) {
	try {
		return decoder.decode(bytes);
	} catch {
		return null;
	}
}

export function compareText(a, b) {
	return compare(utf8(a), utf8(b));
}

/** The unsigned number of the `length` bytes at `at`, most significant first. */
export function numberAt(bytes, at, length) {
	let s = "0x";
	for (let i = at; i < at + length; i++)
		s += HEX[bytes[i]];
	return length === 0 ? 0n : BigInt(s);
}

export function numberOf(bytes) {
	return numberAt(bytes, 0, bytes.length);
}

/** x in exactly `length` bytes. */
export function bytesOf(x, length) {
	const s = x.toString(16).padStart(2 * length, "0");
	if (x < 0n || s.length > 2 * length)
		throw new RangeError("number does not fit");
	const out = new Uint8Array(length);
	for (let i = 0; i < length; i++)
		out[i] = parseInt(s.slice(2 * i, 2 * i + 2), 16);
	return out;
}
