// SPDX-License-Identifier: Apache-2.0
// For test_verifiers.c. Reads lines "FOLDER FINGERPRINT" (or "-" for none); says of each record its
// verdict, the codes of the checks that failed, and after a tab which ballots do not count.
import { createInterface } from "node:readline";
import { openFolder } from "../../web/verifier/source-node.js";
import { verifyRecord } from "../../web/verifier/verify.js";

const orders = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

for await (const line of createInterface({ input: process.stdin })) {
	const [folder, fingerprint] = line.split(" ");
	const report = await verifyRecord(await openFolder(folder),
		fingerprint === "-" ? {} : { fingerprint });
	const failed = [...new Set(report.checks.filter((c) => c.outcome === "failed")
		.map((c) => c.code))].sort(orders);
	const faults = report.checks.filter((c) => c.code === "6.6").map((c) => c.detail).sort(orders);
	const why = report.checks.filter((c) => c.outcome === "failed" || c.outcome === "undecided")
		.map((c) => `${c.code} ${c.detail}`.replaceAll(/\s+/g, " ")).join("; ");
	console.log(`${[report.verdict, ...failed].join(" ")}\t${faults.join(", ")}\t${why}`);
}
