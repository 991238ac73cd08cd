// SPDX-License-Identifier: Apache-2.0
// node measure.mjs BALLOTS: makes an election of that many ballots with two shuffles, and says how
// long its verification takes. A measurement, no test.
import { makeElection, sourceOf } from "./election.mjs";
import { verifyRecord } from "../../../../../web/verifier/verify.js";

const ballots = Number(process.argv[2] ?? 1000);
const voters = Array.from({ length: ballots }, (_, i) => ({ name: `v${i}` }));
const seconds = (since) => {
	const { user, system } = process.cpuUsage(since);
	return ((user + system) / 1e6).toFixed(1);
};

let start = process.cpuUsage();
const { files, fingerprint } = makeElection({ n: 2, t: 2, voters, script: voters.map((v, i) =>
	({ ballot: v.name, choices: { q1: { marks: i % 3 === 1 ? [0, 1, 0] : [1, 0, 0] } } })) });
console.log(`${ballots} ballots made in ${seconds(start)} s of CPU`);

start = process.cpuUsage();
let last = process.cpuUsage();
const report = await verifyRecord(sourceOf(files), { fingerprint,
	progress: (step) => {
		console.log(`   ${seconds(last)} s`);
		last = process.cpuUsage();
		process.stdout.write(step);
	} });
console.log(`   ${seconds(last)} s`);
console.log(`${report.verdict} in ${seconds(start)} s of CPU, ` +
	`${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`);
