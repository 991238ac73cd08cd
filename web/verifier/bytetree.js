// SPDX-License-Identifier: Apache-2.0
// Byte trees (docs/protocol.md 2). The reader is told the shape it has to find and refuses any
// other; it never builds a tree of its own accord, except `tree()`, which only measures one.
import { Rejected } from "./errors.js";
import { bytesOf, concat, textOf, utf8 } from "./bytes.js";

const DEPTH_MAX = 32;

function header(tag, n) {
	return Uint8Array.of(tag, n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
}

export function leaf(bytes) {
	return concat(header(1, bytes.length), bytes);
}

export function node(...children) {
	return concat(header(0, children.length), ...children);
}

/** A node of many children whose encodings follow one another in `body`. */
export function nodeOf(count, body) {
	return concat(header(0, count), body);
}

export function text(s) {
	return leaf(utf8(s));
}

export function int(n) {
	if (!Number.isInteger(n) || n < 0 || n > 0xffffffff)
		throw new RangeError("not an int");
	return leaf(bytesOf(BigInt(n), 4));
}

export function u64(n) {
	return leaf(bytesOf(BigInt(n), 8));
}

export function flags(list) {
	return leaf(Uint8Array.from(list, (b) => (b ? 1 : 0)));
}

export class Reader {
	/** Reads `bytes`, which are called `what` where they are refused. */
	constructor(bytes, what) {
		this.bytes = bytes;
		this.what = what;
		this.at = 0;
	}

	refuse(why, at = this.at) {
		throw new Rejected(`${this.what}: ${why} (byte ${at})`);
	}

	head() {
		const { bytes, at } = this;
		if (bytes.length - at < 5)
			this.refuse("the byte tree ends too early");
		const n = bytes[at + 1] * 0x1000000 + (bytes[at + 2] << 16) + (bytes[at + 3] << 8) +
			bytes[at + 4];
		this.at = at + 5;
		return { tag: bytes[at], n };
	}

	/** A leaf of `length` bytes, or of any number of them. */
	leaf(length) {
		const at = this.at;
		const { tag, n } = this.head();
		if (tag !== 1)
			this.refuse("a leaf is expected", at);
		if (length !== undefined && n !== length)
			this.refuse(`a leaf of ${length} bytes is expected, found ${n}`, at);
		if (n > this.bytes.length - this.at)
			this.refuse("the leaf is longer than what is there", at);
		const out = this.bytes.subarray(this.at, this.at + n);
		this.at += n;
		return out;
	}

	/** The head of a node of `count` children, or of any number; answers how many. */
	node(count) {
		const at = this.at;
		const { tag, n } = this.head();
		if (tag !== 0)
			this.refuse("a node is expected", at);
		if (count !== undefined && n !== count)
			this.refuse(`a node of ${count} children is expected, found ${n}`, at);
		// Every child needs five bytes, so a count beyond that is a lie told to make us loop.
		if (n > (this.bytes.length - this.at) / 5)
			this.refuse("the node has more children than bytes", at);
		return n;
	}

	int() {
		const b = this.leaf(4);
		return b[0] * 0x1000000 + (b[1] << 16) + (b[2] << 8) + b[3];
	}

	u64() {
		let n = 0n;
		for (const b of this.leaf(8))
			n = n * 256n + BigInt(b);
		return n;
	}

	text() {
		const at = this.at;
		const s = textOf(this.leaf());
		if (s === null)
			this.refuse("text is not UTF-8", at);
		return s;
	}

	flags(count) {
		const at = this.at;
		return Array.from(this.leaf(count), (b) => {
			if (b > 1)
				this.refuse("a flag is neither 0 nor 1", at);
			return b === 1;
		});
	}

	/** The bytes of one tree of any shape. */
	tree() {
		const from = this.at;
		this.skip(0);
		return this.bytes.subarray(from, this.at);
	}

	skip(depth) {
		if (depth > DEPTH_MAX)
			this.refuse(`the byte tree is deeper than ${DEPTH_MAX}`);
		const tag = this.bytes[this.at];
		if (tag === 1) {
			this.leaf();
		} else if (tag === 0) {
			for (let n = this.node(); n > 0; n--)
				this.skip(depth + 1);
		} else {
			this.refuse("neither a leaf nor a node");
		}
	}

	/** Refuses anything behind what was read. */
	end() {
		if (this.at !== this.bytes.length)
			this.refuse(`${this.bytes.length - this.at} bytes behind the end`);
	}
}

/** Reads all of `bytes` with `f(reader)`. */
export function readAll(bytes, what, f) {
	const r = new Reader(bytes, what);
	const value = f(r);
	r.end();
	return value;
}

