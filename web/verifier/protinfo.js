// SPDX-License-Identifier: Apache-2.0
// protInfo.xml: the one of a record is a function of manifest and key (docs/protocol.md 9.4); that
// of a bare proof directory is read, with the little XML that Verificatum allows.
import { HASHES } from "./hash.js";
import { Rejected, Undecided, demand } from "./errors.js";
import { PGROUP, VERSION } from "./params.js";
import { joined, textOf, utf8 } from "./bytes.js";
import { twoDigits } from "./record.js";

const BULLBOARD = "com.verificatum.protocol.com.BullBoardBasicHTTPW";
const NAME_MAX = 255;

/** The bytes of a list's protInfo.xml. */
export function protInfo(manifest, sid, width) {
	const parts = [];
	const line = (s) => parts.push(utf8(s + "\n"));
	const element = (name, value) => line(`  <${name}>${value}</${name}>`);
	line("<protocol>");
	for (const [name, value] of Object.entries({ version: VERSION, sid, name: "Urna", descr: "",
		nopart: manifest.n, statdist: 100, bullboard: BULLBOARD, thres: manifest.t,
		pgroup: PGROUP, keywidth: 1, vbitlen: 128, vbitlenro: 256, ebitlen: 128, ebitlenro: 256,
		prg: "SHA-256", rohash: "SHA-256", corr: "noninteractive", width, maxciph: 0 }))
		element(name, value);
	manifest.authorities.forEach(({ operator }, i) => {
		line("  <party>");
		element("name", partyName(i + 1, operator));
		element("srtbyrole", "anyrole");
		element("descr", "");
		element("pkey", "none");
		element("http", "http://localhost:8080");
		element("hint", "localhost:4040");
		line("  </party>");
	});
	line("</protocol>");
	return joined(parts);
}

function partyName(number, operator) {
	const plain = Array.from(utf8(operator), (b) => {
		const c = String.fromCharCode(b);
		return /[A-Za-z0-9_-]/.test(c) ? c : " ";
	}).join("");
	return `Authority${twoDigits(number)} ${plain}`.slice(0, NAME_MAX);
}

/** The document as [path, text] of its leaves; comments and a declaration are skipped. */
function leaves(xml, what) {
	const out = [];
	const open = [];
	let at = 0, text = "", opened = false;
	const refuse = (why) => {
		const line = xml.slice(0, at).split("\n").length;
		throw new Rejected(`${what}: line ${line}: ${why}`);
	};
	const token = /<!--(?:(?!--)[^])*-->|<\?xml [^?<>]*\?>|<(\/?)([A-Za-z]+)>|([^<&]+)/y;
	while (at < xml.length) {
		token.lastIndex = at;
		const [all, closing, name, characters] = token.exec(xml) ?? refuse("not understood");
		if (characters !== undefined) {
			text += characters;
		} else if (name !== undefined && closing === "") {
			if (text.trim() !== "" || (open.length === 0 && out.length > 0))
				refuse(`<${name}> has no place here`);
			open.push(name);
			[text, opened] = ["", true];
		} else if (name !== undefined) {
			if (open.pop() !== name)
				refuse(`</${name}> closes nothing`);
			// An element that was opened last has text; one that had elements has none.
			if (opened)
				out.push([[...open, name].join("/"), text]);
			else if (text.trim() !== "")
				refuse("text between elements");
			[text, opened] = ["", false];
		}
		at += all.length;
	}
	if (open.length > 0 || text.trim() !== "")
		refuse("the document ends too early or too late");
	return out;
}

const HEAD = ["version", "sid", "name", "descr", "nopart", "statdist", "bullboard", "thres",
	"pgroup", "keywidth", "vbitlen", "vbitlenro", "ebitlen", "ebitlenro", "prg", "rohash", "corr",
	"width", "maxciph"];
const PARTY = ["name", "srtbyrole", "descr", "pkey", "http", "hint"];

/** Reads the protInfo.xml of any Verificatum session. */
export function readProtInfo(bytes, what) {
	const xml = textOf(bytes);
	demand(xml !== null, `${what}: not UTF-8`);
	const all = leaves(xml, what);
	const value = {};
	HEAD.forEach((name, i) => {
		demand(all[i]?.[0] === `protocol/${name}`, `${what}: <${name}> is expected`);
		value[name] = all[i][1];
	});
	const number = (name, from, to) => {
		const s = value[name], n = Number(s);
		demand(/^(?:0|[1-9][0-9]{0,8})$/.test(s) && n >= from && n <= to,
			`${what}: <${name}> must be a number from ${from} to ${to}`);
		return n;
	};
	const n = number("nopart", 1, 25), t = number("thres", 1, n);
	demand(all.length === HEAD.length + n * PARTY.length, `${what}: there are not ${n} parties`);
	for (let i = HEAD.length; i < all.length; i++)
		demand(all[i][0] === `protocol/party/${PARTY[(i - HEAD.length) % PARTY.length]}`,
			`${what}: ${all[i][0]} has no place here`);
	demand(value.version === VERSION, `${what}: version ${value.version} instead of ${VERSION}`);
	demand(/^[A-Za-z][A-Za-z0-9]{1,1023}$/.test(value.sid), `${what}: malformed <sid>`);
	const settings = { version: value.version, prg: value.prg, rohash: value.rohash,
		pgroup: value.pgroup, statdist: number("statdist", 0, 256),
		vbitlenro: number("vbitlenro", 1, 4096), ebitlenro: number("ebitlenro", 1, 4096) };
	if (settings.pgroup.split("::").at(-1) !== PGROUP.split("::").at(-1))
		throw new Undecided(`${what}: only the group P-256 is supported`);
	for (const name of [settings.prg, settings.rohash])
		if (!Object.hasOwn(HASHES, name))
			throw new Undecided(`${what}: the hash ${name} is not supported`);
	if (number("keywidth", 1, 1000) !== 1)
		throw new Undecided(`${what}: only keys of width 1 are supported`);
	return { n, t, sid: value.sid, settings };
}
