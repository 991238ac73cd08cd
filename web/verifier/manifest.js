// SPDX-License-Identifier: Apache-2.0
// The manifest (docs/protocol.md 4): read, every rule checked, and what follows from it: the digits
// and widths of the groups (6.1) and the lists.
import { H } from "./hash.js";
import { isKey } from "./ed25519.js";
import { leaf } from "./bytetree.js";
import { parse } from "./json.js";
import { readRule } from "./rule.js";
import { reject } from "./errors.js";
import { unhex, utf8 } from "./bytes.js";
import { CHUNK_BYTES, questionBases, widthOf } from "./digits.js";

const MANIFEST_MAX = 2 ** 20, TEXT_MAX = 4096, LAYOUT_MAX = 64;
const AUTHORITIES_MAX = 25, WITNESSES_MAX = 32, QUESTIONS_MAX = 64, GROUPS_MAX = 64;
const ANSWERS_MAX = 1000, STYLES_MAX = 256, AREAS_MAX = 256, LISTS_MAX = 256, WIDTH_MAX = 16;
const POINTS_MAX = 1000;
const PRODUCT_MAX = 1n << BigInt(8 * CHUNK_BYTES * WIDTH_MAX);
const BALLOTS_MAX = 50000000, OBJECT_MAX = 128 << 10;
const FIXED = { urna: 1, group: "P-256", rohash: "SHA-256", prg: "SHA-256", statdist: 100,
	vbitlenro: 256, ebitlenro: 256 };

/** Reads one object: every key is asked for once, what was not asked for is refused. */
class Fields {
	constructor(value, where) {
		this.where = where;
		if (!(value instanceof Map))
			reject(`${where}: an object is expected`);
		this.left = new Map(value);
	}

	refuse(key, why) {
		reject(`${this.where}: "${key}": ${why}`);
	}

	has(key) {
		return this.left.has(key);
	}

	any(key) {
		if (!this.left.has(key))
			reject(`${this.where}: "${key}" is missing`);
		const value = this.left.get(key);
		this.left.delete(key);
		return value;
	}

	string(key) {
		const s = this.any(key);
		if (typeof s !== "string")
			this.refuse(key, "text is expected");
		return s;
	}

	/** A text of one line that people can see. */
	line(key, most = TEXT_MAX) {
		return lineIn(this.string(key), `${this.where}: "${key}"`, most);
	}

	/** A text that may have several lines, and may be absent. */
	lines(key) {
		return this.has(key) ? checked(this.string(key), `${this.where}: "${key}"`, TEXT_MAX,
			/[^\P{Cc}\t\n\r]|[\u2028\u2029]/u) : "";
	}

	name(key) {
		return nameIn(this.any(key), `${this.where}: "${key}"`);
	}

	int(key, from, to) {
		const n = this.any(key);
		if (!Number.isSafeInteger(n) || n < from || n > to)
			this.refuse(key, `an integer from ${from} to ${to} is expected`);
		return n;
	}

	key(key) {
		const bytes = unhex(this.string(key).toLowerCase(), 64, `${this.where}: "${key}"`);
		if (!isKey(bytes))
			this.refuse(key, "no public key: not canonical, or not of the group of prime order");
		return bytes;
	}

	/** A list of 1 … most items, each read by f(item, where). */
	list(key, most, f) {
		const items = this.any(key);
		if (!Array.isArray(items) || items.length === 0 || items.length > most)
			this.refuse(key, `a list of 1 to ${most} is expected`);
		return items.map((item, i) => f(item, `${this.where}: "${key}"[${i}]`));
	}

	end() {
		for (const key of this.left.keys())
			this.refuse(key, "unknown key");
	}
}

function distinct(values, what) {
	const seen = new Set();
	for (const v of values) {
		const s = v instanceof Uint8Array ? v.join() : v;
		if (seen.has(s))
			reject(`${what} is there twice`);
		seen.add(s);
	}
}

function nameIn(value, where) {
	if (typeof value !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(value))
		reject(`${where}: a name has 1 to 64 letters, digits, '-' and '_'`);
	return value;
}

const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/u;
const INVISIBLE = new RegExp("[\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u2060-\\u206f" +
	"\\ufe00-\\ufe0f\\ufeff\\u{e0000}-\\u{e0fff}]", "gu");
const BLANKS = /[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164]+/gu;

function checked(s, where, most, control) {
	if (utf8(s).length > most)
		reject(`${where}: more than ${most} bytes`);
	if (control.test(s))
		reject(`${where}: a control character`);
	if (DIRECTIONS.test(s))
		reject(`${where}: a character that turns the direction of text`);
	return s;
}

function lineIn(s, where, most) {
	if (typeof s !== "string")
		reject(`${where}: text is expected`);
	if (asSeen(s) === "")
		reject(`${where}: it is empty or blank`);
	return checked(s, where, most, /[\p{Cc}\u2028\u2029]/u);
}

/** What people see of a text: blanks are one blank, and what nobody sees is not there. */
function asSeen(s) {
	return s.replace(INVISIBLE, "").replace(BLANKS, " ").trim();
}

export function readManifest(bytes) {
	if (bytes.length > MANIFEST_MAX)
		reject(`manifest.json: more than ${MANIFEST_MAX} bytes`);
	const f = new Fields(parse(bytes, "manifest.json"), "manifest.json");
	for (const [key, expected] of Object.entries(FIXED))
		if (f.any(key) !== expected)
			f.refuse(key, `must be ${JSON.stringify(expected)}`);
	const m = { bytes, D: H("manifest", leaf(bytes)) };
	m.title = f.line("title");
	m.description = f.lines("description");
	m.mode = f.string("mode");
	if (m.mode !== "server" && m.mode !== "credentials")
		f.refuse("mode", 'must be "server" or "credentials"');
	m.credentials = m.mode === "credentials";
	m.registrar = m.credentials ? f.key("registrar") : null;
	readSigners(f, m);
	m.promiseDelay = f.has("promise_delay") ? f.int("promise_delay", 1, 86400) : 60;
	m.minList = f.int("min_list", 0, BALLOTS_MAX);
	m.acceptSmallLists = f.any("accept_small_lists");
	if (typeof m.acceptSmallLists !== "boolean")
		f.refuse("accept_small_lists", "true or false is expected");
	m.weightMax = f.has("weight_max") ? f.int("weight_max", 1, 2 ** 31 - 1) : 1;
	readBallots(f, m);
	f.end();
	return m;
}

function readSigners(f, m) {
	m.board = readNamedKey(f.any("board"), 'manifest.json: "board"');
	m.witnesses = f.has("witnesses") ? readWitnesses(f.any("witnesses")) : null;
	const signers = [m.board, ...(m.witnesses?.keys ?? [])];
	distinct(signers.map((s) => s.name), "manifest.json: a name of board and witnesses");
	distinct(signers.map((s) => s.key), "manifest.json: a key of board and witnesses");
	m.authorities = f.list("authorities", AUTHORITIES_MAX, (item, where) => {
		const a = new Fields(item, where);
		const authority = { operator: a.line("operator"), identity: a.key("identity") };
		a.end();
		return authority;
	});
	m.n = m.authorities.length;
	distinct(m.authorities.map((a) => a.identity), "manifest.json: an authority's identity");
	m.t = f.int("threshold", 1, m.n);
}

function readNamedKey(value, where) {
	const f = new Fields(value, where);
	const name = f.string("name");
	if (!/^[A-Za-z0-9._/-]{1,64}$/.test(name))
		f.refuse("name", "the name of a note's key has 1 to 64 letters, digits and . - _ /");
	const key = f.key("key");
	f.end();
	return { name, key };
}

function readWitnesses(value) {
	const where = 'manifest.json: "witnesses"';
	const f = new Fields(value, where);
	const keys = f.list("keys", WITNESSES_MAX, readNamedKey);
	const count = keys.length;
	const lying = f.int("lying", 0, count - 1);
	const quorum = f.int("quorum", 1, count);
	f.end();
	if (2 * quorum <= count + lying)
		reject(`${where}: 2·${quorum} is not more than ${count} + ${lying}: ` +
			"two histories could both have a quorum");
	return { keys, lying, quorum };
}

function readBallots(f, m) {
	m.areas = f.has("areas") ? f.list("areas", AREAS_MAX, nameIn) : null;
	if (m.areas !== null)
		distinct(m.areas, 'manifest.json: a name in "areas"');
	const votes = BigInt(m.weightMax) * BigInt(BALLOTS_MAX);
	m.questions = f.list("questions", QUESTIONS_MAX, (q, where) => readQuestion(q, where, votes));
	distinct(m.questions.map((q) => q.id), "manifest.json: a question's id");
	const unused = new Map(m.questions.map((q) => [q.id, q]));
	m.groups = f.list("groups", GROUPS_MAX, (item, where) => readGroup(item, where, unused));
	distinct(m.groups.map((g) => g.name), "manifest.json: a group's name");
	for (const id of unused.keys())
		reject(`manifest.json: the question "${id}" is in no group`);
	m.styles = f.list("styles", STYLES_MAX, (item, where) => readStyle(item, where, m));
	distinct(m.styles.map((s) => s.name), "manifest.json: a style's name");
	m.styleOf = new Map(m.styles.map((s) => [s.name, s]));
	for (const g of m.groups)
		if (!m.styles.some((s) => s.groups.includes(g)))
			reject(`manifest.json: no style has the group "${g.name}"`);
	for (const area of m.areas ?? [])
		if (!m.styles.some((s) => s.area === area))
			reject(`manifest.json: no style has the area "${area}"`);
	for (const s of m.styles)
		if (ballotBytes(s, m.credentials) > OBJECT_MAX)
			reject(`manifest.json: a ballot of "${s.name}" has more than ${OBJECT_MAX} bytes`);
	m.lists = listsOf(m);
	if (m.lists.length > LISTS_MAX)
		reject(`manifest.json: ${m.lists.length} lists; there may be ${LISTS_MAX}`);
}

/** How long a ballot of a style is: u, v, A and z of every chunk, and what is around them. */
function ballotBytes(style, credentials) {
	const around = 5 + 16 + 37 + (credentials ? 81 : 21) + 5 + style.name.length + 3 * 5;
	const end = 5 + 9 + (credentials ? 81 + 38 : 0);
	return style.groups.reduce((sum, g) => sum + 25 + g.width * (3 * 81 + 38), around + end);
}

/** votes: the most that there can be. */
function readQuestion(value, where, votes) {
	const f = new Fields(value, where);
	const q = { id: f.name("id"), title: f.line("title"), rule: f.string("rule") };
	f.lines("description");
	for (const key of ["layout", "group_layout"])
		if (f.has(key))
			f.line(key, LAYOUT_MAX);
	const { method, options } = readRule(q.rule);
	q.gives = method.gives;
	q.answers = f.list("answers", ANSWERS_MAX, (item, at) => lineIn(item, at, TEXT_MAX));
	distinct(q.answers.map(asSeen), `${where}: an answer`);
	const m = q.answers.length;
	q.writeIns = f.has("write_ins") ? f.int("write_ins", 0, ANSWERS_MAX - m) : 0;
	q.seats = f.int("seats", 1, m + q.writeIns);
	q.max = f.int("max", 1, m + q.writeIns);
	q.min = f.int("min", 0, q.max);
	q.points = q.gives === "points" ? f.int("points", 1, POINTS_MAX) : null;
	q.total = q.gives === "points" && f.has("total") ?
		f.int("total", 1, q.points * (m + q.writeIns)) : null;
	q.withdrawn = f.has("withdrawn") ? candidates(f, "withdrawn", m) : [];
	q.lot = f.has("lot") ? candidates(f, "lot", m) : null;
	if (q.lot !== null && q.lot.length !== m)
		f.refuse("lot", "a lot orders every answer");
	if (method.votesMost !== undefined && votes > method.votesMost(options))
		f.refuse("rule", `${q.rule} cannot count so many votes as weights allow`);
	if (q.max > (method.ranksMost ?? ANSWERS_MAX))
		f.refuse("max", `${q.rule} counts no ballots with more than ${method.ranksMost} ranks`);
	if (q.points > (method.pointsMost?.(options) ?? Infinity))
		f.refuse("points", `${q.rule} counts no ballots with so many points for one`);
	if (Math.min(q.total ?? Infinity, q.points * Math.min(q.max, m)) >
		(method.totalMost?.(options) ?? Infinity))
		f.refuse("total", `${q.rule} counts no ballots with so many points`);
	method.check?.(q, options);
	f.end();
	return q;
}

/** Numbers of answers, counted from 1; the list may be empty. */
function candidates(f, key, m) {
	const list = f.any(key);
	if (!Array.isArray(list))
		f.refuse(key, "a list is expected");
	for (const c of list)
		if (!Number.isSafeInteger(c) || c < 1 || c > m)
			f.refuse(key, `numbers of answers, 1 to ${m}, are expected`);
	distinct(list, `${f.where}: "${key}": a number`);
	return list;
}

function readGroup(value, where, unused) {
	const f = new Fields(value, where);
	const g = { name: f.name("name") };
	g.questions = f.list("questions", QUESTIONS_MAX, (id) => {
		const q = unused.get(id);
		if (q === undefined)
			f.refuse("questions", `"${id}" is no question, or in two groups`);
		unused.delete(id);
		return q;
	});
	f.end();
	g.bases = g.questions.flatMap(questionBases);
	g.product = 1n;
	// Left as soon as it is too much: a line of a manifest can ask for millions of digits.
	for (const base of g.bases) {
		g.product *= BigInt(base);
		if (g.product > PRODUCT_MAX)
			reject(`${where}: too many answers and write-ins for one ciphertext`);
	}
	g.width = widthOf(g.product);
	return g;
}

function readStyle(value, where, m) {
	const f = new Fields(value, where);
	const s = { name: f.name("name"), area: null };
	s.groups = f.list("groups", GROUPS_MAX, (name) => {
		const g = m.groups.find((g) => g.name === name);
		if (g === undefined)
			f.refuse("groups", `there is no group "${name}"`);
		return g;
	});
	distinct(s.groups.map((g) => g.name), `${where}: a group`);
	if (m.areas !== null) {
		s.area = f.string("area");
		if (!m.areas.includes(s.area))
			f.refuse("area", `there is no area "${s.area}"`);
	}
	f.end();
	s.bytes = utf8(s.name);
	return s;
}

/** The lists l1, l2, … in order, each with the group, area and bit it is for. */
function listsOf(m) {
	const bits = m.weightMax.toString(2).length;
	const lists = [];
	for (const group of m.groups)
		for (const area of m.areas ?? [null]) {
			if (!m.styles.some((s) => s.area === area && s.groups.includes(group)))
				continue;
			for (let bit = 0; bit < bits; bit++)
				lists.push({ auxsid: `l${lists.length + 1}`, group, area, bit });
		}
	return lists;
}
