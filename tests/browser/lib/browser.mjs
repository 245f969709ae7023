// SPDX-License-Identifier: EUPL-1.2
// A real browser in front of a real server.
//
//	const stage = await startStage();
//	const visit = await stage.visit("herne");
//	await visit.page.goto(visit.at("/map"));
//	await visit.end();	fails when anything was not as it has to be
//	await stage.stop();

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { cities } from "../../http/lib/city.mjs";
import { build, startWorld } from "../../http/lib/server.mjs";
import { startNetwork } from "./network.mjs";

// Nothing but names below localhost has an address here, so what wanted to go
// elsewhere fails, and is counted.
export const launch = { executablePath: "/usr/bin/chromium", args: [
    "--headless", "--no-sandbox", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost, " +
    "EXCLUDE 127.0.0.1"] };
export const startBrowser = () => chromium.launch(launch);

export const phone = { viewport: { width: 360, height: 740 }, hasTouch: true,
    locale: "de-DE", timezoneId: "Europe/Berlin", reducedMotion: "reduce" };
export const desk = { ...phone, viewport: { width: 1280, height: 800 },
    hasTouch: false };

// Everything that must not happen on any page, written down as it does.
async function watch(context, port) {
	const found = { requests: 0, foreign: [], errors: [] };
	context.on("request", (request) => {
		const url = new URL(request.url());
		if (!/^https?:$|^wss?:$/.test(url.protocol))
			return;
		found.requests++;
		if (!url.hostname.endsWith(".localhost") ||
		    url.port !== String(port))
			found.foreign.push(request.url());
	});
	context.on("console", (message) => {
		if (message.type() === "error")
			found.errors.push(`${message.text()} ${message.location().url}`);
	});
	context.on("weberror", (error) => found.errors.push(
	    String(error.error().stack ?? error.error())));
	await context.addInitScript(() => document.addEventListener(
	    "securitypolicyviolation", (event) => console.error(
	    `violation of ${event.violatedDirective}: ${event.blockedURI}`)));
	return found;
}

// What a browser says of a network that is bad on purpose.
const ofNetwork = /^Failed to load resource|ERR_INTERNET_DISCONNECTED/;

class Visit {
	constructor(stage, city, context, found, options) {
		Object.assign(this, { stage, city, context, found, options });
		this.at = (target) => stage.at(city, target);
	}

	async open(target = "/") {
		const page = await this.context.newPage();
		page.setDefaultTimeout(20_000);
		await page.goto(this.at(target));
		await settled(page);
		return page;
	}

	// Asserts in the end that nothing went elsewhere and nothing failed.
	async end() {
		await this.context.close();
		const { requests, foreign, errors } = this.found;
		assert.ok(requests > 0, "there were requests to look at");
		assert.deepEqual(foreign, [], "no request to another host");
		assert.deepEqual(errors.filter((error) => !(this.options.faults &&
		    ofNetwork.test(error))), [], "no error on the console");
	}
}

// The screen is drawn, and nothing on it is still being loaded.
export async function settled(page) {
	await page.waitForFunction(() => document.querySelector("h1") &&
	    !document.querySelector("[data-first], .sk-skeleton, .sk-tile--empty"));
}

// The service worker has the app and answers for this page.
export async function installed(page) {
	await page.evaluate(() => navigator.serviceWorker.ready);
	await page.waitForFunction(() => navigator.serviceWorker.controller);
}

// options: world: for startWorld; side: "office" for that server's pages.
export async function startStage({ world: wants = {}, side = "public" } = {}) {
	const world = await startWorld({ [side]: true, ...wants, env: {
	    STADTKERN_LIMITS: "0", STADTKERN_APP: path.join(build, "app"),
	    STADTKERN_OFFICE_APP: path.join(build, "office"), ...wants.env } });
	const network = await startNetwork(world[side].port);
	const browser = await startBrowser();
	const folders = [];
	const stage = { world, network, browser };
	stage.at = (city, target) =>
	    `http://${city}.localhost:${network.port}${target}`;
	stage.visit = async (city, { faults = false, ...options } = {}) => {
		const context = await browser.newContext({ ...phone, ...options });
		return new Visit(stage, city, context,
		    await watch(context, network.port), { faults });
	};
	// With a folder that outlives it: closed and opened again it is the same
	// browser of the same person.
	stage.reopen = async (city, folder, { faults = false, ...options } = {}) => {
		const context = await chromium.launchPersistentContext(folder,
		    { ...launch, ...phone, ...options });
		return new Visit(stage, city, context,
		    await watch(context, network.port), { faults });
	};
	stage.folder = () => {
		const folder = fs.mkdtempSync(path.join(os.tmpdir(), "browser-"));
		folders.push(folder);
		return folder;
	};
	stage.stop = async () => {
		await browser.close();
		await network.stop();
		await world.stop();
		for (const folder of folders)
			fs.rmSync(folder, { recursive: true, force: true });
	};
	return stage;
}

// The plugin's made-up reports, in every city.
export function fill(world) {
	const sql = fs.readFileSync(new URL(
	    "../../../plugins/defect-reporter/demo.sql", import.meta.url), "utf8");
	for (const city of Object.keys(cities))
		world.sql(`begin; select set_config('stadtkern.tenant', id::text,
		    true) from stadtkern.tenant where slug = '${city}'; ${sql}; commit`);
}
