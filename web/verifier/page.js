// SPDX-License-Identifier: Apache-2.0
// The page: takes a folder and a fingerprint, has a worker verify them, shows each check.
import { chosenFiles, droppedFiles } from "./source-files.js";
import { fromWords } from "./proquint.js";

const OUTCOMES = { passed: "holds", failed: "FAILED", undecided: "undecided",
	skipped: "not checked", note: "note" };
const at = (id) => document.getElementById(id);
let files = [];
let worker = null;

function element(name, text, className = "") {
	const e = document.createElement(name);
	e.textContent = text;
	e.className = className;
	return e;
}

function choose(list) {
	files = list;
	at("chosen").textContent = files.length === 0 ? "No files are chosen." :
		`${files.length} files are chosen.`;
	at("wrong").textContent = "";
}

at("folder").addEventListener("change", (event) => choose(chosenFiles(event.target.files)));

for (const type of ["dragover", "dragenter"])
	at("drop").addEventListener(type, (event) => {
		event.preventDefault();
		at("drop").classList.add("over");
	});
at("drop").addEventListener("dragleave", () => at("drop").classList.remove("over"));
at("drop").addEventListener("drop", async (event) => {
	event.preventDefault();
	at("drop").classList.remove("over");
	try {
		choose(await droppedFiles(event.dataTransfer.items));
	} catch (e) {
		at("wrong").textContent = `The dropped files cannot be read: ${e.message}`;
	}
});

/** What is wrong with the input, "" where nothing is. */
function complaint(words) {
	if (files.length === 0)
		return "Choose the folder of the record first.";
	if (!files.some(([path]) => path === "manifest.json"))
		return "This is no record: there is no manifest.json in the folder.";
	try {
		if (words !== "")
			fromWords(words);
		return "";
	} catch (e) {
		return e.message;
	}
}

at("form").addEventListener("submit", (event) => {
	event.preventDefault();
	const words = at("fingerprint").value.trim();
	at("wrong").textContent = complaint(words);
	if (at("wrong").textContent === "")
		start(words);
});

at("stop").addEventListener("click", () => finish("Stopped: nothing was decided.", "undecided"));

function running(is) {
	at("inputs").disabled = is;
	at("start").hidden = is;
	at("stop").hidden = !is;
}

function start(words) {
	running(true);
	at("outcome").hidden = false;
	at("verdict").className = "";
	for (const id of ["verdict", "words", "checks", "result"])
		at(id).replaceChildren();
	at("step").textContent = "Reading …";
	at("outcome-title").focus();
	worker = new Worker("worker.js", { type: "module" });
	worker.addEventListener("error", () =>
		finish("Undecided: the verifier could not run in this browser.", "undecided"));
	worker.addEventListener("message", ({ data }) => {
		if (data.ready)
			worker.postMessage({ files, fingerprint: words === "" ? undefined : words });
		else if (data.step)
			at("step").textContent = `Checking: ${data.step} …`;
		else if (data.check)
			showCheck(data.check);
		else if (data.done)
			showDone(data.done);
		else
			finish(`Undecided: ${data.broken}`, "undecided");
	});
}

function finish(sentence, verdict) {
	worker?.terminate();
	worker = null;
	at("step").textContent = "";
	at("verdict").textContent = sentence;
	at("verdict").className = verdict;
	running(false);
}

function showCheck({ code, sentence, outcome, detail }) {
	const row = element("tr", "", outcome);
	const what = element("td", sentence);
	if (detail)
		what.append(element("small", detail));
	row.append(element("td", OUTCOMES[outcome]), element("td", code), what);
	at("checks").append(row);
}

function showDone({ verdict, sentence, fingerprint, result }) {
	finish(sentence, verdict);
	if (fingerprint !== null)
		at("words").textContent = (verdict === "self-consistent" ?
			"Compare this with the fingerprint that was published: " :
			"Fingerprint of this record: ") + fingerprint.words;
	if (result === null || verdict === "rejected" || verdict === "undecided")
		return;
	for (const { count, id } of result.questions) {
		const names = count?.elected.map((e) => count.candidates[e.candidate - 1].name);
		at("result").append(element("h3", count?.title ?? id), element("p",
			names ? `Elected: ${names.join(", ")}. ${count.valid} valid ballots.` :
				"No valid ballot."));
	}
}
