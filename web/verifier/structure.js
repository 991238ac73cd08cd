// SPDX-License-Identifier: Apache-2.0
// Which names a record may have (docs/protocol.md 3). What must be there is said by the checks
// that read it; here nothing is let in that no check would ever look at.
import { demand } from "./errors.js";

const NAMES = [
	/^manifest\.json$/,
	/^result\.json$/,
	/^log\/(?:entries|checkpoint|checkpoint-close)$/,
	/^(?:ballots|voids)\.bt$/,
	// The ceremony and the proofs say themselves which files they have (checks 3.1, 8.2, 8.5).
	/^ceremony\/./,
	/^endorse\/(?:close|result)-(?<party>[0-9]{2})\.bt$/,
	/^endorse\/(?<list>l[1-9][0-9]*)\/(?:mix|empty)-(?<party>[0-9]{2})\.bt$/,
	/^endorse\/(?<list>l[1-9][0-9]*)\/(?:ready|factors|commitments)-(?<party>[0-9]{2})\.bt$/,
	/^proof\/(?<list>l[1-9][0-9]*)\/protInfo\.xml$/,
	/^proof\/(?<list>l[1-9][0-9]*)\/nizkp\/\k<list>\/./,
	/^evidence\/./,
];

export function checkNames(record, manifest) {
	const lists = new Set(manifest.lists.map((list) => list.auxsid));
	for (const path of record.paths) {
		const match = NAMES.map((name) => name.exec(path)).find((m) => m !== null) ??
			(manifest.credentials && /^credentials(?:-signature)?\.bt$/.exec(path));
		const { party, list } = match?.groups ?? {};
		demand(Boolean(match) && (list === undefined || lists.has(list)) &&
			(party === undefined || (Number(party) >= 1 && Number(party) <= manifest.n)),
			`${path} does not belong there`);
	}
}
