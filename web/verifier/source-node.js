// SPDX-License-Identifier: Apache-2.0
// A folder on disk as a source: { paths, read(path) }.
import { lstat, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Undecided } from "./errors.js";

const DEPTH_MAX = 16;

export async function openFolder(folder) {
	const paths = [];
	const walk = async (below, depth) => {
		for (const name of await readdir(join(folder, below))) {
			const path = below === "" ? name : `${below}/${name}`;
			const info = await lstat(join(folder, path));
			if (info.isDirectory() && depth < DEPTH_MAX)
				await walk(path, depth + 1);
			else if (info.isFile())
				paths.push(path);
			else
				// A link may lead anywhere, and elsewhere tomorrow.
				throw new Undecided(`${path} is no file; a record has files and folders only`);
		}
	};
	await walk("", 0);
	return { paths, read: async (path) => new Uint8Array(await readFile(join(folder, path))) };
}
