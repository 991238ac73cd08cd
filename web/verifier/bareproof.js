// SPDX-License-Identifier: Apache-2.0
// A proof directory by itself: valid or not, and tied to no election. Stricter than Verificatum's
// own verifier where that one says yes to what proves nothing.
import { BARE_CODES } from "./codes.js";
import { Params, VERSION } from "./params.js";
import { Record } from "./record.js";
import { Report } from "./report.js";
import { checkParties, checkPlaintexts } from "./decryption.js";
import { checkShuffles, expectedFiles, loadDecryption, readKey, readNumber, readPolynomial,
	readWord, shufflers, subfolder } from "./proofdir.js";
import { demand } from "./errors.js";
import { equal } from "./bytes.js";
import { readCiphertexts, readColumns } from "./ciphertexts.js";
import { readProtInfo } from "./protinfo.js";
import { shareOf } from "./sharing.js";

const ROOT = "proof";

/** Verifies the directory `source` with the protInfo.xml given as bytes; answers the report. */
export async function verifyProof(source, protInfoBytes, { tell, progress } = {}) {
	const report = new Report(tell, BARE_CODES);
	report.anchored = true;
	const record = new Record({ paths: source.paths.map((p) => `${ROOT}/${p}`),
		read: (path) => source.read(path.slice(ROOT.length + 1)) });
	const folder = subfolder(record, ROOT);
	const info = await report.check("8.1", [], () => readProtInfo(protInfoBytes, "protInfo.xml"));
	const d = await report.check("8.2", [info], () => readFrame(record, folder, info));
	const mixes = d?.type !== "decryption", opens = d?.type !== "shuffling";
	const list = mixes
		? await report.check("8.3", [d], () => checkChain(d, progress))
		: d.input;
	if (!mixes)
		report.note("8.3", "a decryption only: nothing was shuffled");
	if (!opens) {
		report.note("9.1", "a shuffle only: nothing was decrypted");
		report.note("9.2", "a shuffle only: nothing was decrypted");
		return report;
	}
	const decryption = await report.check("9.1", [list], () => checkOpening(d, list));
	await report.check("9.2", [decryption], async () => {
		const plaintexts = readColumns(await folder.read("Plaintexts.bt"), "Plaintexts.bt",
			d.width, list.count);
		checkPlaintexts(decryption, plaintexts, d.t, "decryption");
	});
	return report;
}

async function readFrame(record, folder, info) {
	const { n, t } = info;
	demand(await readWord(folder, "version") === VERSION, `version: not ${VERSION}`);
	const type = await readWord(folder, "type");
	demand(["mixing", "shuffling", "decryption"].includes(type), `type: "${type}" is unknown`);
	const auxsid = await readWord(folder, "auxsid");
	demand(/^[A-Za-z0-9_]+$/.test(auxsid), "auxsid: letters, digits and '_' are expected");
	const width = await readNumber(folder, "width");
	const split = folder.has("proofs/maxciph");
	const parties = shufflers(folder, n, split ? "CCPoSCommitment" : "PoSCommitment");
	const expected = expectedFiles({ type, parties, n, split });
	// Verificatum 3.1.0 leaves the last list under the number t where party t did not shuffle.
	const left = `proofs/Ciphertexts0${t}.bt`;
	if (type !== "decryption" && !parties.includes(t) && folder.has(left))
		expected.push(left);
	record.exactly(ROOT, expected);
	const active = await readNumber(folder, "proofs/activethreshold");
	demand(active >= t && active <= n, `proofs/activethreshold: ${active} is not in ${t} … ${n}`);
	if (type !== "decryption") {
		demand(parties.length === t, `${parties.length} shuffles, ${t} are needed`);
		demand(parties[t - 1] === active, "proofs/activethreshold: not the last that shuffled");
	}
	const Y = readKey(await folder.read("FullPublicKey.bt"), "FullPublicKey.bt");
	const polynomialBytes = await folder.read("proofs/PolynomialInExponent.bt");
	const polynomial = readPolynomial(polynomialBytes, "proofs/PolynomialInExponent.bt", t, Y);
	const input = readCiphertexts(await folder.read("Ciphertexts.bt"), "Ciphertexts.bt", width);
	return { folder, type, split, parties, width, Y, polynomial, polynomialBytes, input, n, t,
		params: new Params(info.settings, info.sid, auxsid), detail: `type ${type}, ` +
			`${input.count} ciphertexts of width ${width}, threshold ${t} of ${n}` };
}

async function checkChain(d, progress) {
	const last = await checkShuffles(d, d.input, progress);
	if (d.type === "shuffling")
		demand(equal(await d.folder.read("ShuffledCiphertexts.bt"), last.bytes),
			"ShuffledCiphertexts.bt is not the output of the last shuffle");
	return last;
}

async function checkOpening(d, list) {
	const decryption = await loadDecryption(d, list, d.polynomialBytes);
	const shares = Array.from({ length: d.n }, (_, i) => shareOf(d.polynomial, i + 1));
	checkParties(decryption, shares, d.t, "decryption");
	return decryption;
}
