// SPDX-License-Identifier: Apache-2.0
// The record as a set of named files. A source is { paths, read(path) }: see source-node.js and
// source-files.js.
import { Rejected, Undecided } from "./errors.js";
import { hashOf, sha256 } from "./hash.js";
import { compareText, utf8 } from "./bytes.js";
import { leaf, text } from "./bytetree.js";

const FILES_MAX = 20000;
const PATH_MAX = 127, NAMES_MAX = 9;

export class Record {
	constructor(source) {
		this.source = source;
		this.paths = [...source.paths].sort(compareText);
		this.known = new Set(this.paths);
		this.digests = new Map();
	}

	has(path) {
		return this.known.has(path);
	}

	/** All files below a folder, in ascending order of the bytes of their paths. */
	under(folder) {
		return this.paths.filter((p) => p.startsWith(folder + "/"));
	}

	async read(path) {
		if (!this.has(path))
			throw new Rejected(`${path} is missing`);
		try {
			return await this.source.read(path);
		} catch (e) {
			throw new Undecided(`${path} cannot be read: ${e.message}`);
		}
	}

	async digest(path) {
		if (!this.digests.has(path))
			this.digests.set(path, sha256(await this.read(path)));
		return this.digests.get(path);
	}

	/** H_files of everything below the folders. */
	async digestOf(...folders) {
		const trees = [];
		const paths = this.paths.filter((p) => folders.some((f) => p.startsWith(f + "/")));
		if (paths.length > FILES_MAX)
			throw new Rejected(`${folders.join(", ")}: more than ${FILES_MAX} files`);
		for (const path of paths) {
			if (utf8(path).length > PATH_MAX || path.split("/").length > NAMES_MAX)
				throw new Rejected(`${path}: a path has at most ${PATH_MAX} bytes and ` +
					`${NAMES_MAX} names`);
			trees.push(text(path), leaf(await this.digest(path)));
		}
		return hashOf("files", trees);
	}

	/** Rejects unless exactly the files of `expected` are below the folder. */
	exactly(folder, expected) {
		const wanted = new Set(expected.map((name) => `${folder}/${name}`));
		for (const path of wanted)
			if (!this.has(path))
				throw new Rejected(`${path} is missing`);
		for (const path of this.under(folder))
			if (!wanted.has(path))
				throw new Rejected(`${path} does not belong there`);
	}
}

export function twoDigits(n) {
	return String(n).padStart(2, "0");
}
