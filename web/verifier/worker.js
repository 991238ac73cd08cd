// SPDX-License-Identifier: Apache-2.0
// Verifies a record away from the page, so that the page stays alive.
import { SENTENCES, sentenceOf } from "./report.js";
import { sourceOfFiles } from "./source-files.js";
import { verifyRecord } from "./verify.js";

self.addEventListener("message", async ({ data }) => {
	try {
		const report = await verifyRecord(sourceOfFiles(data.files), {
			fingerprint: data.fingerprint,
			tell: (check) => self.postMessage({ check }),
			progress: (step) => self.postMessage({ step }),
		});
		const { verdict, fingerprint, result } = report;
		self.postMessage({ done: { verdict, sentence: SENTENCES[verdict], fingerprint,
			result: result ?? null } });
	} catch (e) {
		self.postMessage({ broken: sentenceOf(e) });
	}
});
self.postMessage({ ready: true });
