// SPDX-License-Identifier: Apache-2.0
// The text of a counting rule (docs/counting.md): NAME or NAME:OPTION=VALUE,OPTION=VALUE…
import { METHODS } from "./methods/methods.js";
import { reject } from "./errors.js";
import { utf8 } from "./bytes.js";

const TEXT_MAX = 255, LIST_MAX = 64;
const INTEGER = /^(?:0|-?[1-9][0-9]{0,16})$/;

/** { method, options }: of every option of the method its value: a number, a word, a list. */
export function readRule(text) {
	if (utf8(text).length > TEXT_MAX)
		reject(`rule: more than ${TEXT_MAX} bytes`);
	const [name, rest] = cut(text, ":");
	const method = METHODS.find((m) => m.name === name);
	if (method === undefined)
		reject(`unknown counting rule "${name}": the rules are ` +
			METHODS.map((m) => m.name).join(", "));
	const options = {};
	for (const o of method.options)
		options[o.name] = o.otherwise;
	const seen = new Set();
	for (const part of rest === null ? [] : rest.split(",")) {
		const [option, value] = cut(part, "=");
		if (value === null)
			reject(`rule "${text}": it is not NAME or NAME:OPTION=VALUE,OPTION=VALUE`);
		const known = method.options.find((o) => o.name === option);
		if (known === undefined)
			reject(`${method.name} has no option "${option}"`);
		if (seen.has(option))
			reject(`rule "${text}": "${option}" stands twice`);
		seen.add(option);
		options[option] = readValue(known, value);
	}
	return { method, options };
}

/** What is before the first such character, and what is behind it: null where there is none. */
function cut(text, character) {
	const at = text.indexOf(character);
	return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function readValue(option, value) {
	if (option.words !== undefined) {
		if (!option.words.includes(value))
			reject(`${option.name}=${value}: one of ${option.words.join(", ")}`);
		return value;
	}
	if (!option.list)
		return readInteger(option, value);
	const items = value.split("/");
	if (items.length > LIST_MAX)
		reject(`${option.name}: more than ${LIST_MAX} numbers`);
	return items.map((item) => readInteger(option, item));
}

function readInteger(option, value) {
	const n = INTEGER.test(value) ? BigInt(value) : null;
	if (n === null || n < option.min || n > option.max)
		reject(`${option.name}=${value}: integers from ${option.min} to ${option.max}`);
	return Number(n);
}
