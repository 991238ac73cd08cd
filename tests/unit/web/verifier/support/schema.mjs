// SPDX-License-Identifier: Apache-2.0
// As much of JSON Schema as tests/vectors/protocol/schema.json uses. A word it does not know is a
// mistake in the schema: it would be thought checked.
const KNOWN = new Set(["$schema", "$defs", "title", "description", "$ref", "type", "const", "enum",
	"pattern", "minimum", "required", "properties", "additionalProperties", "items", "oneOf"]);

const typeOf = (v) => Array.isArray(v) ? "array" : v === null ? "null" :
	Number.isInteger(v) ? "integer" : typeof v;

/** What is wrong with a value: a list of texts, each with its place. */
export function faults(root, value) {
	return check(root, root, value, "");
}

function check(root, schema, value, at) {
	for (const word of Object.keys(schema))
		if (!KNOWN.has(word))
			throw new Error(`the schema has the word "${word}"`);
	if (schema.$ref)
		return check(root, schema.$ref.slice(2).split("/").reduce((s, k) => s[k], root), value, at);
	const out = [];
	const wrong = (text) => out.push(`${at || "/"}: ${text}`);
	if (schema.type && typeOf(value) !== schema.type)
		return [`${at || "/"}: ${schema.type} is expected, not ${typeOf(value)}`];
	if ("const" in schema && value !== schema.const)
		wrong(`must be ${schema.const}`);
	if (schema.enum && !schema.enum.includes(value))
		wrong(`"${value}" is none of ${schema.enum}`);
	if (schema.pattern && !new RegExp(schema.pattern, "u").test(value))
		wrong(`does not match ${schema.pattern}`);
	if (value < schema.minimum)
		wrong(`less than ${schema.minimum}`);
	if (schema.type === "object")
		out.push(...checkObject(root, schema, value, at));
	if (schema.items)
		value.forEach((v, i) => out.push(...check(root, schema.items, v, `${at}/${i}`)));
	if (schema.oneOf) {
		const tries = schema.oneOf.map((s) => check(root, s, value, at));
		const fits = tries.filter((t) => t.length === 0).length;
		if (fits !== 1)
			wrong(`fits ${fits} of the kinds: ` +
				tries.reduce((a, b) => a.length <= b.length ? a : b).join("; "));
	}
	return out;
}

function checkObject(root, { required = [], properties = {}, additionalProperties }, value, at) {
	const out = [];
	for (const key of required)
		if (!Object.hasOwn(value, key))
			out.push(`${at || "/"}: "${key}" is missing`);
	for (const [key, v] of Object.entries(value)) {
		const schema = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
		if (schema === false)
			out.push(`${at || "/"}: "${key}" is unknown`);
		else if (schema !== undefined)
			out.push(...check(root, schema, v, `${at}/${key}`));
	}
	return out;
}
