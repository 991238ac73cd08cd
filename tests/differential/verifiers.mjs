// SPDX-License-Identifier: Apache-2.0
// For test_verifiers*.c. Reads lines "FOLDER FINGERPRINT" ("-": none), or "FOLDER THRESHOLD,KEY,…"
// with digests of the authorities' keys (threshold 0: all of them); says of each record its
// verdict, the codes of the checks that failed, and after a tab which ballots do not count.
import { createInterface } from "node:readline";
import { openFolder } from "../../web/verifier/source-node.js";
import { unhex } from "../../web/verifier/bytes.js";
import { verifyRecord } from "../../web/verifier/verify.js";

const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** "4.7" before "10.1", "ballot 9" before "ballot 10": numbers as numbers. */
function orders(a, b) {
	const [p, q] = [a, b].map((s) => s.split(/(\d+)/));
	for (let i = 0; i < Math.min(p.length, q.length); i++)
		if (p[i] !== q[i])
			return i % 2 === 1 ? Number(p[i]) - Number(q[i]) : byText(p[i], q[i]);
	return p.length - q.length;
}

function anchorOf(said) {
	if (said === "-")
		return {};
	if (!said.includes(","))
		return { fingerprint: said };
	const [threshold, ...keys] = said.split(",");
	return { threshold: Number(threshold) || undefined,
		authorities: keys.map((key) => unhex(key, 64)) };
}

for await (const line of createInterface({ input: process.stdin })) {
	const [folder, fingerprint] = line.split(" ");
	const report = await verifyRecord(await openFolder(folder), anchorOf(fingerprint));
	const failed = [...new Set(report.checks.filter((c) => c.outcome === "failed")
		.map((c) => c.code))].sort(orders);
	const faults = report.checks.filter((c) => c.code === "6.6").map((c) => c.detail).sort(byText);
	const why = report.checks.filter((c) => c.outcome === "failed" || c.outcome === "undecided")
		.map((c) => `${c.code} ${c.detail}`.replaceAll(/\s+/g, " ")).join("; ");
	console.log(`${[report.verdict, ...failed].join(" ")}\t${faults.join(", ")}\t${why}`);
}
