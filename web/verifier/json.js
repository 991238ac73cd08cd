// SPDX-License-Identifier: Apache-2.0
// JSON read strictly: UTF-8, no duplicate keys, integers only (no -0), nothing behind. Objects
// become Maps, so that a key such as "__proto__" is a key like any other.
import { Rejected } from "./errors.js";
import { textOf } from "./bytes.js";

const DEPTH_MAX = 32;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

export function parse(bytes, what) {
	const text = textOf(bytes);
	if (text === null)
		throw new Rejected(`${what}: not UTF-8`);
	const p = new Parser(text, what);
	const value = p.value(0);
	p.space();
	if (p.at !== text.length)
		p.refuse("something follows the value");
	return value;
}

class Parser {
	constructor(text, what) {
		this.text = text;
		this.what = what;
		this.at = 0;
	}

	refuse(why) {
		const before = this.text.slice(0, this.at).split("\n");
		const column = before[before.length - 1].length + 1;
		throw new Rejected(`${this.what}: line ${before.length}, column ${column}: ${why}`);
	}

	space() {
		while (" \t\n\r".includes(this.text[this.at] ?? "x"))
			this.at++;
	}

	take(c) {
		if (this.text[this.at] !== c)
			this.refuse(`'${c}' is expected`);
		this.at++;
	}

	value(depth) {
		if (depth > DEPTH_MAX)
			this.refuse(`nested deeper than ${DEPTH_MAX}`);
		this.space();
		const c = this.text[this.at];
		if (c === "{")
			return this.object(depth);
		if (c === "[")
			return this.array(depth);
		if (c === '"')
			return this.string();
		for (const [word, value] of [["true", true], ["false", false], ["null", null]])
			if (this.text.startsWith(word, this.at)) {
				this.at += word.length;
				return value;
			}
		return this.number();
	}

	object(depth) {
		const out = new Map();
		this.take("{");
		this.space();
		if (this.text[this.at] === "}") {
			this.at++;
			return out;
		}
		for (;;) {
			this.space();
			const key = this.string();
			if (out.has(key))
				this.refuse(`the key "${key}" is there twice`);
			this.space();
			this.take(":");
			out.set(key, this.value(depth + 1));
			this.space();
			if (this.text[this.at] !== ",")
				break;
			this.at++;
		}
		this.take("}");
		return out;
	}

	array(depth) {
		const out = [];
		this.take("[");
		this.space();
		if (this.text[this.at] === "]") {
			this.at++;
			return out;
		}
		for (;;) {
			out.push(this.value(depth + 1));
			this.space();
			if (this.text[this.at] !== ",")
				break;
			this.at++;
		}
		this.take("]");
		return out;
	}

	string() {
		this.take('"');
		let out = "";
		for (;;) {
			const c = this.text[this.at];
			if (c === undefined)
				this.refuse("the string does not end");
			if (c < " ")
				this.refuse("a control character in a string");
			this.at++;
			if (c === '"')
				break;
			out += c === "\\" ? this.escape() : c;
		}
		// Half of a surrogate pair can only come from an escape; it is no character.
		if (/[\ud800-\udfff]/u.test(out))
			this.refuse("half a surrogate pair in a string");
		return out;
	}

	escape() {
		const c = this.text[this.at++];
		if (c === "u") {
			const digits = this.text.slice(this.at, this.at + 4);
			if (!/^[0-9a-fA-F]{4}$/.test(digits))
				this.refuse("\\u needs four hex digits");
			this.at += 4;
			return String.fromCharCode(parseInt(digits, 16));
		}
		if (c === undefined || !Object.hasOwn(ESCAPES, c))
			this.refuse("unknown escape");
		return ESCAPES[c];
	}

	number() {
		const [digits] = /^-?(?:0|[1-9][0-9]*)/.exec(this.text.slice(this.at, this.at + 40)) ?? [];
		if (digits === undefined)
			this.refuse("a value is expected");
		const behind = this.text[this.at + digits.length] ?? "";
		const n = Number(digits);
		if (digits === "-0" || /[.eE0-9]/.test(behind) || !Number.isSafeInteger(n))
			this.refuse("only integers below 2^53, without fraction, exponent or -0");
		this.at += digits.length;
		return n;
	}
}

const SHORT = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r",
	'"': '\\"', "\\": "\\\\" };

/** A number as it can be read and written exactly: of JavaScript's own kind where that does. */
export function exact(n) {
	return n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n;
}

/** A string as canonical JSON writes it. */
export function writeString(s) {
	return '"' + s.replace(/["\\\u0000-\u001f]/g, (c) => SHORT[c] ??
		"\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")) + '"';
}

/** JSON without white space; the keys of an object in the order in which it has them. */
export function write(value) {
	if (typeof value === "string")
		return writeString(value);
	if (Array.isArray(value))
		return "[" + value.map(write).join(",") + "]";
	if (value !== null && typeof value === "object")
		return "{" + Object.entries(value).map(([k, v]) => writeString(k) + ":" + write(v))
			.join(",") + "}";
	if (value === null || ["boolean", "bigint"].includes(typeof value) ||
		Number.isSafeInteger(value))
		return String(value);
	throw new RangeError("not to be written as JSON");
}
