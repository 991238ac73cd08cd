// SPDX-License-Identifier: Apache-2.0
// relink.js: copies the modules of @noble that the verifier uses from node_modules/ to noble/, with
// import paths that a browser can follow: a Web Worker has no import map, so "@noble/hashes/utils"
// means nothing to it. Nothing but these paths is changed. `npm ci` runs this.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const entries = ["curves/nist.js", "curves/ed25519.js", "hashes/sha2.js"];

/** Where a module of noble/ (such as "curves/utils.js") lies in node_modules. */
function installed(module) {
	const [name, ...rest] = module.split("/");
	return join(here, "node_modules", "@noble", name, "esm", ...rest);
}

/** The module that `specifier` means when `module` imports it. */
function target(module, specifier) {
	if (specifier.startsWith("@noble/")) {
		const path = specifier.slice("@noble/".length);
		return path.endsWith(".js") ? path : path + ".js";
	}
	if (!specifier.startsWith("."))
		throw new Error(`${module} imports ${specifier}, which is not of @noble`);
	return posix.join(posix.dirname(module), specifier);
}

function relative(from, to) {
	const path = posix.relative(posix.dirname(from), to);
	return path.startsWith(".") ? path : "./" + path;
}

rmSync(join(here, "noble"), { recursive: true, force: true });
const done = new Set();
const waiting = [...entries];
while (waiting.length > 0) {
	const module = waiting.pop();
	if (done.has(module))
		continue;
	done.add(module);
	const text = readFileSync(installed(module), "utf8").replace(
		/^(import|export)([^;'"]*from )['"]([^'"]+)['"]/gm,
		(_, verb, names, specifier) => {
			const to = target(module, specifier);
			waiting.push(to);
			return `${verb}${names}'${relative(module, to)}'`;
		});
	if (/^(import|export)[^;'"]*from '@/m.test(text) || /^import '/m.test(text))
		throw new Error(`${module}: an import was not understood`);
	const out = join(here, "noble", ...module.split("/"));
	mkdirSync(dirname(out), { recursive: true });
	writeFileSync(out, text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
}
