// SPDX-License-Identifier: Apache-2.0
// For test_counts.c. Reads lines of JSON, a question and its ballots, each a list of weight,
// choices and points; answers with the count as result.json has it, or "refused" and why, or
// "fault" and where. To a line with a rule alone: "read", or "refused".
import { readSync, writeSync } from "node:fs";
import { Rejected } from "../../web/verifier/errors.js";
import { countQuestion } from "../../web/verifier/count.js";
import { readRule } from "../../web/verifier/rule.js";
import { write } from "../../web/verifier/json.js";

const room = Buffer.alloc(1 << 16);

function* lines() {
	let rest = "";
	for (let n; (n = readSync(0, room)) > 0;) {
		const parts = (rest + room.toString("latin1", 0, n)).split("\n");
		rest = parts.pop();
		for (const part of parts)
			yield Buffer.from(part, "latin1").toString();
	}
}

function answer({ rule, question, ballots }) {
	if (rule !== undefined) {
		readRule(rule);
		return "read";
	}
	return write(countQuestion(question, ballots.map(([weight, choices, points]) =>
		({ weight: BigInt(weight), choices, points }))));
}

for (const line of lines()) {
	let said;
	try {
		said = answer(JSON.parse(line));
	} catch (e) {
		said = e instanceof Rejected ? `refused: ${e.message}` : `fault: ${e.stack}`;
	}
	const bytes = Buffer.from(said.replaceAll("\n", " ") + "\n");
	for (let at = 0; at < bytes.length;)
		at += writeSync(1, bytes, at);
}
