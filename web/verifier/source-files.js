// SPDX-License-Identifier: Apache-2.0
// Files that a person chose or dropped in a browser as a source: { paths, read(path) }.

/** [[path, File]…] of a chosen folder; the folder's own name is cut off. */
export function chosenFiles(list) {
	return Array.from(list, (file) => [withoutFirst(file.webkitRelativePath || file.name), file]);
}

function withoutFirst(path) {
	return path.includes("/") ? path.slice(path.indexOf("/") + 1) : path;
}

/** The same of what was dropped: one folder, or what was in it. */
export async function droppedFiles(items) {
	const entries = Array.from(items, (item) => item.webkitGetAsEntry?.()).filter(Boolean);
	const out = [];
	for (const entry of entries)
		await walk(entry, "", out);
	const [only] = entries;
	return entries.length === 1 && only.isDirectory
		? out.map(([path, file]) => [withoutFirst(path), file]) : out;
}

async function walk(entry, above, out) {
	const path = above === "" ? entry.name : `${above}/${entry.name}`;
	if (entry.isFile) {
		out.push([path, await new Promise((done, failed) => entry.file(done, failed))]);
		return;
	}
	const reader = entry.createReader();
	// A reader answers in portions, and with an empty one at the end.
	for (;;) {
		const portion = await new Promise((done, failed) => reader.readEntries(done, failed));
		if (portion.length === 0)
			return;
		for (const below of portion)
			await walk(below, path, out);
	}
}

export function sourceOfFiles(files) {
	const byPath = new Map(files);
	return { paths: [...byPath.keys()],
		read: async (path) => new Uint8Array(await byPath.get(path).arrayBuffer()) };
}
