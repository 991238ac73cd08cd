// SPDX-License-Identifier: Apache-2.0
// The lists of a record, one after another: proof folder, shuffles, decryption and who signed them
// (docs/protocol.md 8.4, 9, 10).
import { H } from "./hash.js";
import { Params, URNA, VERSION } from "./params.js";
import { checkAttempt, checkEndorsements, checkThreshold, signers } from "./endorse.js";
import { checkParties, checkPlaintexts } from "./decryption.js";
import { checkShuffles, expectedFiles, loadDecryption, readNumber, readWord, shufflers,
	subfolder } from "./proofdir.js";
import { ciphertextsFile } from "./lists.js";
import { demand } from "./errors.js";
import { equal } from "./bytes.js";
import { flags, int, leaf, text } from "./bytetree.js";
import { protInfo } from "./protinfo.js";
import { readCiphertexts, readColumns } from "./ciphertexts.js";
import { twoDigits } from "./record.js";

export class Tally {
	constructor(record, manifest, ceremony, list, progress) {
		Object.assign(this, { record, manifest, ceremony, list, progress });
		this.base = `proof/${list.auxsid}`;
		this.folder = subfolder(record, `${this.base}/nizkp/${list.auxsid}`);
		this.endorse = `endorse/${list.auxsid}`;
		this.eid = leaf(ceremony.eid);
		this.auxsid = text(list.auxsid);
	}

	path(name) {
		return `${this.folder.what}/${name}`;
	}

	async digestLeaf(name) {
		return leaf(await this.record.digest(this.path(name)));
	}

	/** 8.5: a list without ballots has no proof; t authorities say that it is empty. */
	async checkEmpty() {
		const prefix = `${this.endorse}/empty`;
		demand(this.record.under(this.base).length === 0, `${this.base}: the list has no ballots`);
		await checkThreshold(this.record, prefix, this.manifest,
			H("empty", this.eid, this.auxsid));
		this.record.exactly(this.endorse, signers(this.record, prefix, this.manifest.n)
			.map((l) => `empty-${twoDigits(l)}.bt`));
	}

	/** 8.1 */
	async checkProtInfo() {
		const path = `${this.base}/protInfo.xml`;
		const expected = protInfo(this.manifest, this.ceremony.sid, this.list.width);
		demand(equal(await this.record.read(path), expected), `${path} is another`);
	}

	/**
	 * 8.2: exactly the files, each of its form; the key; the list that the ballots give; the
	 * shuffles. Answers who shuffled, the last list and what the decryption's files say.
	 */
	async checkMixing() {
		const { folder, list } = this;
		const parties = await this.checkFolder();
		const bytes = await folder.read("Ciphertexts.bt");
		demand(equal(bytes, ciphertextsFile(list)),
			`${this.path("Ciphertexts.bt")} is not the list that the ballots give`);
		const input = readCiphertexts(bytes, this.path("Ciphertexts.bt"), list.width, list.count);
		this.params = new Params(URNA, this.ceremony.sid, list.auxsid);
		const last = await checkShuffles({ folder, params: this.params, Y: this.ceremony.Y,
			parties, split: false }, input, this.progress);
		if (this.stray !== null)
			demand(equal(await folder.read(this.stray), last.bytes),
				`${this.path(this.stray)} is not the last list`);
		const decryption = await loadDecryption({ folder, params: this.params,
			n: this.manifest.n }, last, this.ceremony.polynomialTree);
		const columns = await this.readPlaintexts();
		return { parties, decryption, columns };
	}

	async checkFolder() {
		const { folder, manifest, ceremony, list } = this;
		const { n, t } = manifest;
		const parties = shufflers(folder, n);
		// Verificatum leaves the last list under the number t where party t did not shuffle.
		const stray = `proofs/Ciphertexts${twoDigits(t)}.bt`;
		this.stray = parties.length > 0 && !parties.includes(t) && folder.has(stray) ? stray : null;
		this.record.exactly(folder.what, [...expectedFiles({ type: "mixing", parties, n,
			split: false }), ...(this.stray === null ? [] : [stray])]);
		for (const [name, word] of [["version", VERSION], ["type", "mixing"],
			["auxsid", list.auxsid], ["width", String(list.width)]])
			demand(await readWord(folder, name) === word, `${this.path(name)}: is not ${word}`);
		for (const [name, tree] of [["FullPublicKey.bt", ceremony.keyTree],
			["proofs/PolynomialInExponent.bt", ceremony.polynomialTree]])
			demand(equal(await folder.read(name), tree),
				`${this.path(name)} is not that of the ceremony`);
		demand(parties.length >= t, `${parties.length} parties shuffled, ${t} are needed`);
		demand(await readNumber(folder, "proofs/activethreshold") === parties.at(-1),
			`${this.path("proofs/activethreshold")} is not ${parties.at(-1)}`);
		return parties;
	}

	async readPlaintexts() {
		const path = this.path("Plaintexts.bt");
		return readColumns(await this.record.read(path), path, this.list.width, this.list.count);
	}

	/** 8.3 */
	async checkMixers(parties) {
		demand(this.stray === null, `${this.path(this.stray)}: a list that no shuffle made`);
		const statements = new Map();
		let input = await this.digestLeaf("Ciphertexts.bt");
		for (const l of parties) {
			const file = (name) => this.digestLeaf(`proofs/${name}${twoDigits(l)}.bt`);
			const output = await file("Ciphertexts");
			statements.set(l, H("mix", this.eid, this.auxsid, int(l), input, output,
				await file("PermutationCommitment"), await file("PoSCommitment"),
				await file("PoSReply")));
			input = output;
		}
		const prefix = `${this.endorse}/mix`;
		const signed = signers(this.record, prefix, this.manifest.n);
		for (const l of parties)
			demand(signed.includes(l), `${prefix}-${twoDigits(l)}.bt is missing`);
		for (const l of signed)
			demand(parties.includes(l), `${prefix}-${twoDigits(l)}.bt: this party did not shuffle`);
		await checkEndorsements(this.record, prefix, this.manifest, (l) => statements.get(l));
		const [empty] = signers(this.record, `${this.endorse}/empty`, this.manifest.n);
		demand(empty === undefined, `${this.endorse}: authority ${empty} signed that the list is ` +
			"empty");
	}

	/** 9.1 */
	async checkDecryption({ decryption, columns }) {
		this.progress(`${this.base}: decryption`);
		const { manifest, ceremony } = this;
		checkParties(decryption, ceremony.shares, manifest.t, this.base);
		checkPlaintexts(decryption, columns, manifest.t, this.base);
	}

	/** 9.2: who is marked signed readiness and both freezes, all of one attempt. */
	async checkFreezes({ decryption, parties }) {
		const { record, manifest, eid, auxsid } = this;
		const all = Array.from({ length: manifest.n }, (_, i) => i + 1);
		const digests = (name) => Promise.all(all.map((l) =>
			this.digestLeaf(`proofs/${name}${twoDigits(l)}.bt`)));
		const last = await this.digestLeaf(`proofs/Ciphertexts${twoDigits(parties.at(-1))}.bt`);
		// Nothing else in the record says who was active: those who signed that they were ready.
		const active = signers(record, `${this.endorse}/ready`, manifest.n);
		demand(active.length >= manifest.t, `${this.endorse}: ${active.length} authorities were ` +
			`ready, ${manifest.t} are needed`);
		const marked = decryption.marked.map((p) => p.l);
		for (const { l, absent } of decryption.parties)
			demand(active.includes(l) || (absent && !marked.includes(l)),
				`${this.base}: party ${l} was not ready, and has left something`);
		let attempt;
		for (const [name, ...statement] of [
			["ready", last, flags(all.map((l) => active.includes(l)))],
			["factors", ...await digests("DecryptionFactors")],
			["commitments", ...await digests("DecrFactCommitment")]]) {
			const prefix = `${this.endorse}/${name}`;
			for (const l of signers(record, prefix, manifest.n))
				demand(active.includes(l), `${prefix}-${twoDigits(l)}.bt: takes no part`);
			attempt = await checkAttempt(record, prefix, manifest, marked, attempt,
				(a) => H(name, eid, auxsid, int(a), ...statement));
		}
	}
}
