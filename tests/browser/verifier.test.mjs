// SPDX-License-Identifier: Apache-2.0
// The second verifier as a page, in a real browser: a folder is chosen, the fingerprint typed in,
// and the page says what the program in a terminal says. Skipped where there is no Chromium.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { tmpdir } from "node:os";
import { CHROMIUM, Chromium } from "./chromium.mjs";
import { makeElection } from "../unit/web/verifier/support/election.mjs";

const site = fileURLToPath(new URL("../../web/verifier/", import.meta.url));
const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript" };
const skip = CHROMIUM ? false : "there is no Chromium";
const folder = mkdtempSync(join(tmpdir(), "urna-browser-"));
const asked = [];
let browser, server, url;

/** The files of the page and nothing else; what was asked for is remembered. */
function answer(request, response) {
	const path = normalize(new URL(request.url, "http://localhost").pathname);
	const type = TYPES[extname(path)];
	asked.push(path);
	try {
		const body = readFileSync(join(site, path));
		response.writeHead(type ? 200 : 404, { "Content-Type": type ?? "text/plain" });
		response.end(type ? body : "");
	} catch {
		response.writeHead(404);
		response.end();
	}
}

before(async () => {
	if (skip)
		return;
	server = createServer(answer);
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	url = `http://127.0.0.1:${server.address().port}/index.html`;
	browser = new Chromium();
});

after(async () => {
	await browser?.close();
	server?.close();
	rmSync(folder, { recursive: true });
});

function writeRecord(name, files) {
	for (const [path, bytes] of files) {
		mkdirSync(dirname(join(folder, name, path)), { recursive: true });
		writeFileSync(join(folder, name, path), bytes);
	}
	return join(folder, name);
}

const AT = `globalThis.at = (id) => document.getElementById(id)`;

/** A promise of the value, as soon as the condition holds and the page has done what it was at. */
function when(condition, value) {
	return `${AT}; new Promise((done) => {
		const look = () => (${condition}) && done(${value});
		new MutationObserver(() => setTimeout(look)).observe(document.body,
			{ subtree: true, childList: true, characterData: true });
		look();
	})`;
}

/** What the page says of a record: its verdict, the words, the codes of the checks by outcome. */
async function judged(record, words) {
	const page = await browser.open(url);
	await page.choose("#folder", record);
	await page.value(when(`at("chosen").textContent !== ""`, "true"));
	await page.value(`${AT}; at("fingerprint").value = ${JSON.stringify(words)};
		at("start").click()`);
	return page.value(when(`at("verdict").textContent + at("wrong").textContent !== ""`, `(() => {
			const codes = (outcome) => [...document.querySelectorAll("#checks tr." + outcome)]
				.map((row) => row.cells[1].textContent);
			return { verdict: at("verdict").className, sentence: at("verdict").textContent,
				words: at("words").textContent, wrong: at("wrong").textContent,
				result: at("result").textContent, passed: codes("passed"),
				failed: codes("failed"), chosen: at("chosen").textContent };
		})()`));
}

const election = makeElection({ n: 2, t: 2, mode: "credentials",
	voters: [{ name: "v0" }, { name: "v1" }],
	script: [{ ballot: "v0", choices: { q1: { marks: [0, 1, 0] } } },
		{ ballot: "v1", choices: { q1: { marks: [0, 1, 0] } } }] });

test("a record is verified in the browser, with its fingerprint", { skip }, async () => {
	const record = writeRecord("record", election.files);
	const said = await judged(record, election.fingerprint.replaceAll("-", " "));
	assert.equal(said.verdict, "verified", JSON.stringify(said));
	assert.match(said.sentence, /^Verified/);
	assert.equal(said.chosen, `${election.files.size} files are chosen.`);
	assert.ok(said.words.endsWith(election.fingerprint));
	assert.match(said.result, /Elected: Bert\. 2 valid ballots\./);
	assert.deepEqual(said.failed, []);
	assert.ok(["2.1", "3.1", "3.2", "8.2", "9.1", "10.3"].every((c) => said.passed.includes(c)));
});

test("without a fingerprint it is consistent with itself only", { skip }, async () => {
	const said = await judged(writeRecord("record", election.files), "");
	assert.equal(said.verdict, "self-consistent");
	assert.ok(said.words.endsWith(election.fingerprint));
});

test("an altered record is rejected in the browser, with the code of the check", { skip },
	async () => {
		const files = new Map(election.files);
		const bytes = files.get("endorse/close-01.bt").slice();
		bytes[20] ^= 1;
		files.set("endorse/close-01.bt", bytes);
		const said = await judged(writeRecord("altered", files), election.fingerprint);
		assert.equal(said.verdict, "rejected");
		assert.deepEqual(said.failed, ["6.3"]);
		assert.equal(said.result, "");
	});

test("another election's fingerprint is rejected, and words that are none are not taken", { skip },
	async () => {
		const record = writeRecord("record", election.files);
		const other = election.fingerprint.split("-").reverse().join("-");
		const said = await judged(record, other);
		assert.deepEqual([said.verdict, ...said.failed], ["rejected", "3.2"]);
		const wrong = await judged(record, "babab");
		assert.match(wrong.wrong, /16 words/);
		assert.equal(wrong.verdict, "");
	});

test("the page asks its server for its own files only", { skip }, () => {
	assert.ok(asked.length > 20);
	const own = /^\/(index\.html|style\.css|favicon\.ico|(methods\/)?[a-z0-9-]+\.js|noble\/.+)$/;
	for (const path of asked)
		assert.match(path, own);
});
