// SPDX-License-Identifier: EUPL-1.2
// How quickly the citizens' app is there: the first visit to a city's start
// page, with an empty cache, in Chromium with the network and the processor of
// a cheap phone.

import path from "node:path";
import { cities } from "../http/lib/city.mjs";
import { build, startWorld } from "../http/lib/server.mjs";
import { phone, startBrowser } from "../browser/lib/browser.mjs";
import { median } from "./measure.mjs";

// "Slow 4G" as Lighthouse and the browsers' tools have it.
const slow4g = { offline: false, latency: 150,
    downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const SLOWER = 4;
const VISITS = Number(process.env.BENCH_VISITS ?? 3);

// In the page, from its beginning.
function observe() {
	globalThis.seen = { lcp: 0, shift: 0, what: "" };
	new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
		globalThis.seen.lcp = entry.startTime;
		globalThis.seen.what = entry.element?.className ?? "";
	})).observe({ type: "largest-contentful-paint", buffered: true });
	new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
		if (!entry.hadRecentInput)
			globalThis.seen.shift += entry.value;
	})).observe({ type: "layout-shift", buffered: true });
}

async function visit(browser, url) {
	const context = await browser.newContext(phone);
	const page = await context.newPage();
	const session = await context.newCDPSession(page);
	await session.send("Network.enable");
	await session.send("Network.emulateNetworkConditions", slow4g);
	await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
	const got = new Map();
	session.on("Network.responseReceived", ({ requestId, type, response }) =>
	    got.set(requestId, { type, url: response.url, bytes: 0 }));
	session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
		if (got.has(requestId))
			got.get(requestId).bytes = encodedDataLength;
	});
	const bytes = (wanted) => [...got.values()].filter(wanted)
	    .reduce((sum, one) => sum + one.bytes, 0) / 1000;
	await page.addInitScript(observe);
	await page.goto(url, { waitUntil: "networkidle" });
	// What the document names; a card's own script is everything's alone.
	const startUp = new Set(await page.evaluate(() => [...document
	    .querySelectorAll("script[src], link[rel=modulepreload]")]
	    .map((one) => one.src || one.href)));
	await page.waitForFunction(() => document.querySelector("h1") &&
	    !document.querySelector("[data-first], .sk-skeleton, .sk-tile--empty"));
	// Two pictures later the observers have been told.
	const seen = await page.evaluate(() => new Promise((done) =>
	    requestAnimationFrame(() => requestAnimationFrame(() =>
	    setTimeout(() => done(globalThis.seen), 100)))));
	await context.close();
	return { lcp: seen.lcp / 1000, shift: seen.shift, what: seen.what,
	    all: bytes(() => true), script: bytes(({ url }) => startUp.has(url)),
	    style: bytes(({ type }) => type === "Stylesheet") };
}

// Of each city the median of its visits; of those the worst.
export async function startApp() {
	const world = await startWorld({ public: true, env: {
	    STADTKERN_LIMITS: "0", STADTKERN_APP: path.join(build, "app") } });
	const browser = await startBrowser();
	const visits = {};
	for (const city of Object.keys(cities)) {
		visits[city] = [];
		for (let i = 0; i < VISITS; i++)
			visits[city].push(await visit(browser,
			    `http://${city}.localhost:${world.public.port}/`));
	}
	await browser.close();
	return { world, worst(part) {
		const all = Object.entries(visits).map(([city, list]) => ({ city,
		    value: median(list.map((one) => one[part])),
		    what: list[0].what }));
		all.sort((a, b) => b.value - a.value);
		return { ratio: all[0].value, low: all.at(-1).value,
		    high: all[0].value, note: part === "lcp" ?
		    `${all[0].city}: ${all[0].what}` : all[0].city };
	} };
}
