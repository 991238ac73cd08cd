#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// node cli.js RECORD [--fingerprint WORDS] [--json]
// node cli.js proof DIR --protinfo FILE [--json]
// Exit codes: 0 verified, 1 rejected, 2 wrong usage, 3 consistent with itself only, or undecided.
const USAGE = `Usage: node cli.js RECORD [--fingerprint WORDS] [--json]
       node cli.js proof DIR --protinfo FILE [--json]

Checks the record of an election, or a proof directory of Verificatum's by itself.

  --fingerprint WORDS   the election's 16 words (or 64 hex digits), from outside the record
  --authority KEY       instead: the identity.json of an authority, or its key as 16 words or 64
                        hex digits; once for each, in the manifest's order
  --threshold T         with --authority: at least so many of them must have made the election's
                        key; from where the keys are from, not from the record (default: all)
  --protinfo FILE       the protInfo.xml of the session
  --json                one JSON object instead of text

Exit codes: 0 verified; 1 rejected; 2 wrong usage;
3 consistent with itself only (no fingerprint was given), or it could not be decided.
`;

const MARKS = { passed: "ok", failed: "FAILED", undecided: "?", skipped: "-", note: "note" };
function usage(why) {
	process.stderr.write(`${why}\n${USAGE}`);
	process.exit(2);
}

function readArguments(args) {
	const out = { json: false, words: [], authorities: [] };
	for (let i = 0; i < args.length; i++) {
		const arg = args[i];
		if (arg === "--json")
			out.json = true;
		else if (arg === "--fingerprint" || arg === "--protinfo" || arg === "--threshold")
			out[arg.slice(2)] = args[++i] ?? usage(`${arg} needs a value`);
		else if (arg === "--authority")
			out.authorities.push(args[++i] ?? usage(`${arg} needs a value`));
		else if (arg === "--help")
			out.help = true;
		else if (arg.startsWith("-"))
			usage(`unknown option ${arg}`);
		else
			out.words.push(arg);
	}
	return out;
}

function show(check) {
	const lines = `${MARKS[check.outcome].padEnd(7)} ${check.code.padEnd(5)} ${check.sentence}\n`;
	process.stdout.write(lines + (check.detail ? `${" ".repeat(14)}${check.detail}\n` : ""));
}

async function main() {
	const args = readArguments(process.argv.slice(2));
	if (args.help) {
		process.stdout.write(USAGE);
		return 0;
	}
	const bare = args.words[0] === "proof" && args.words.length === 2;
	if (!bare && args.words.length !== 1)
		usage("one RECORD is expected, or: proof DIR");
	const anchors = (args.fingerprint === undefined ? 0 : 1) + Math.min(args.authorities.length, 1);
	if (bare !== (args.protinfo !== undefined) || (bare && anchors > 0))
		usage("--protinfo belongs to proof, --fingerprint and --authority to a record");
	if (anchors > 1)
		usage("either --fingerprint or --authority, not both");
	if (args.threshold !== undefined && !(/^[1-9][0-9]?$/.test(args.threshold) &&
		Number(args.threshold) <= args.authorities.length))
		usage("--threshold: a number, at most that of the keys given with --authority");
	const { existsSync } = await import("node:fs");
	const { readFile } = await import("node:fs/promises");
	const { openFolder } = await import("./source-node.js");
	const { EXIT, SENTENCES } = await import("./report.js");
	const { authorityDigest, readFingerprint, verifyRecord } = await import("./verify.js");
	const { verifyProof } = await import("./bareproof.js");
	let authorities;
	try {
		if (args.fingerprint !== undefined)
			readFingerprint(args.fingerprint);
		if (args.authorities.length > 0)
			authorities = await Promise.all(args.authorities.map(async (key) =>
				authorityDigest(existsSync(key) ? await readFile(key) : key)));
	} catch (e) {
		usage(e.message);
	}
	const source = await openFolder(args.words.at(-1));
	const options = { fingerprint: args.fingerprint, authorities,
		threshold: args.threshold === undefined ? undefined : Number(args.threshold),
		tell: args.json ? undefined : show };
	const report = bare
		? await verifyProof(source, new Uint8Array(await readFile(args.protinfo)), options)
		: await verifyRecord(source, options);
	const { verdict } = report;
	if (args.json) {
		process.stdout.write(JSON.stringify(report, null, "\t") + "\n");
	} else {
		const sentence = SENTENCES[bare && verdict === "verified" ? "valid" : verdict];
		process.stdout.write(`\n${sentence}\n`);
		if (verdict === "self-consistent")
			process.stdout.write("Compare this with the fingerprint that was published, or give " +
				"that one with --fingerprint:\n");
		if (verdict === "verified" && authorities !== undefined)
			process.stdout.write("It is an election of these authorities; their keys do not say " +
				`which of theirs. Is it the one you mean?\n  ${report.title}\n`);
		if (report.fingerprint !== null)
			process.stdout.write(`  ${report.fingerprint.words}\n  ${report.fingerprint.hex}\n`);
	}
	return EXIT[verdict] ?? 3;
}

try {
	process.exitCode = await main();
} catch (e) {
	process.stderr.write(e.code === "ERR_MODULE_NOT_FOUND" && /noble/.test(e.message)
		? "The curve arithmetic is not installed: run npm ci in web/verifier.\n"
		: `Undecided: ${e.message}\n`);
	process.exitCode = 3;
}
