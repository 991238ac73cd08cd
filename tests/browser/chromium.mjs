// SPDX-License-Identifier: Apache-2.0
// Chromium without a window, driven through a pipe by its DevTools protocol: what tests of pages
// need of it, and no package more than the browser itself.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { spawn, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";

export const CHROMIUM = ["chromium", "chromium-browser", "google-chrome"].find((name) =>
	spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);

/** A browser; close() ends it. Messages end with a byte 0, both ways. */
export class Chromium {
	constructor() {
		this.profile = mkdtempSync(join(tmpdir(), "urna-chromium-"));
		const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
		this.process = spawn(CHROMIUM, ["--headless", "--disable-gpu", "--no-first-run",
			"--disable-dev-shm-usage", "--disable-background-networking", "--remote-debugging-pipe",
			`--user-data-dir=${this.profile}`, ...root, "about:blank"],
		{ stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
		this.waiting = new Map();
		this.listeners = [];
		this.next = 1;
		this.rest = Buffer.alloc(0);
		this.ended = new Promise((done) => this.process.on("close", done));
		this.process.on("error", (e) => this.fail(e));
		this.process.on("close", () => this.fail(new Error("Chromium ended")));
		this.process.stdio[3].on("error", (e) => this.fail(e));
		this.process.stdio[4].on("data", (data) => this.take(data));
	}

	fail(error) {
		for (const { failed } of this.waiting.values())
			failed(error);
		this.waiting.clear();
	}

	take(data) {
		this.rest = Buffer.concat([this.rest, data]);
		for (let end; (end = this.rest.indexOf(0)) >= 0;) {
			const message = JSON.parse(this.rest.subarray(0, end).toString());
			this.rest = this.rest.subarray(end + 1);
			const call = this.waiting.get(message.id);
			this.waiting.delete(message.id);
			if (message.error)
				call?.failed(new Error(`${call.method}: ${message.error.message}`));
			else
				call?.done(message.result);
			for (const listener of this.listeners)
				listener(message);
		}
	}

	send(method, params = {}, sessionId = undefined) {
		const id = this.next++;
		return new Promise((done, failed) => {
			this.waiting.set(id, { method, done, failed });
			this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
		});
	}

	/** A page, loaded. */
	async open(url) {
		const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
		const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
		const page = new Page(this, sessionId);
		await page.send("Page.enable");
		const loaded = new Promise((done) => this.listeners.push((m) =>
			m.sessionId === sessionId && m.method === "Page.loadEventFired" && done()));
		await page.send("Page.navigate", { url });
		await loaded;
		return page;
	}

	async close() {
		await this.send("Browser.close").catch(() => this.process.kill());
		await this.ended;
		rmSync(this.profile, { recursive: true, force: true });
	}
}

class Page {
	constructor(browser, session) {
		this.browser = browser;
		this.session = session;
	}

	send(method, params) {
		return this.browser.send(method, params, this.session);
	}

	/** The value of an expression of JavaScript in the page; promises are awaited. */
	async value(expression) {
		const { result, exceptionDetails } = await this.send("Runtime.evaluate",
			{ expression, awaitPromise: true, returnByValue: true });
		if (exceptionDetails)
			throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
		return result.value;
	}

	/** Chooses files or a folder in an input, as a person would. */
	async choose(selector, ...files) {
		const { root } = await this.send("DOM.getDocument");
		const { nodeId } = await this.send("DOM.querySelector",
			{ nodeId: root.nodeId, selector });
		await this.send("DOM.setFileInputFiles", { nodeId, files });
	}
}
