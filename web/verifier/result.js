// SPDX-License-Identifier: Apache-2.0
// result.json recomputed from the plaintexts (docs/protocol.md 11, docs/counting.md).
import { VERDICTS, judgePlaintext } from "./plaintext.js";
import { compareText, hex, utf8 } from "./bytes.js";
import { countQuestion } from "./count.js";
import { exact, write } from "./json.js";

/**
 * The bytes of result.json. opened: for each list of the manifest that has plaintexts
 * { list, columns }; lists: all lists with their counts.
 */
export function resultFile(manifest, eid, lists, opened) {
	const boxes = new Map(manifest.questions.map((q) => [q, { verdicts: new Map(), ballots: [],
		texts: new Map() }]));
	for (const { list, columns } of opened)
		for (let i = 0; i < list.count; i++) {
			const judged = judgePlaintext(columns.map((column) => column[i]), list.group);
			judged.forEach((j, k) => put(boxes.get(list.group.questions[k]), j,
				2n ** BigInt(list.bit)));
		}
	const result = {
		eid: hex(eid),
		lists: lists.map((list) => ({
			...(list.area === null ? {} : { area: list.area }),
			auxsid: list.auxsid,
			ballots: list.count,
			group: list.group.name,
			weight: 2 ** list.bit,
		})),
		questions: manifest.questions.map((q) => questionResult(q, boxes.get(q),
			lists.filter((list) => list.group.questions.includes(q)))),
		urna_result: 1,
	};
	return { bytes: utf8(write(result) + "\n"), result };
}

function put(box, { verdict, choices, points, texts }, weight) {
	box.verdicts.set(verdict, (box.verdicts.get(verdict) ?? 0n) + weight);
	if (verdict !== "valid")
		return;
	box.ballots.push({ choices, points, weight });
	for (const text of texts)
		box.texts.set(text, (box.texts.get(text) ?? 0n) + weight);
}

function questionResult(q, box, lists) {
	const verdicts = {};
	for (const verdict of VERDICTS)
		verdicts[verdict] = exact(box.verdicts.get(verdict) ?? 0n);
	const out = { count: verdicts.valid > 0 ? countQuestion(q, box.ballots) : null, id: q.id,
		lists: lists.map((list) => list.auxsid), verdicts };
	if (q.writeIns > 0)
		out.write_ins = [...box.texts].sort(([a], [b]) => compareText(a, b))
			.map(([text, weight]) => ({ text, weight: exact(weight) }));
	return out;
}
