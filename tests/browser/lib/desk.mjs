// SPDX-License-Identifier: EUPL-1.2
// A member of staff at a desk: a browser with a session, in front of the
// office's server.
//
//	const office = await openOffice();
//	const desk = await office.sitDown(person);	as newStaff() gives it;
//	    options of its context and a browser of its own may follow
//	const page = await desk.open("/defect-reporter/tickets");
//	await desk.end();	fails when anything was not as it has to be

import assert from "node:assert/strict";
import { startWorld } from "../../http/lib/server.mjs";
import { chromium } from "playwright-core";
import { launch } from "./browser.mjs";

export const desk = { viewport: { width: 1440, height: 900 }, locale: "de-DE",
    timezoneId: "Europe/Berlin", reducedMotion: "reduce" };

// Nothing on the screen is still being loaded.
export const settled = (page) => page.waitForFunction(() =>
    document.querySelector("h1") && !document.querySelector(".sk-skeleton"));

// Without a map unless it is asked for: drawing one without a graphics card is
// most of the time that a screen takes, and everything has to work without.
export async function openOffice({ city = "castrop-rauxel", map = false,
    world: wants = {} } = {}) {
	const world = await startWorld({ public: true, office: true, ...wants,
	    env: { STADTKERN_LIMITS: "0", ...wants.env } });
	const browser = await chromium.launch(map ? launch : { ...launch,
	    args: [...launch.args, "--disable-3d-apis"] });
	const base = `http://${city}.localhost:${world.office.port}`;
	const sitDown = async (person, options = {}, own = browser) => {
		const context = await own.newContext({ ...desk, ...options });
		const [name, value] = person.cookie.split(/=(.*)/s);
		await context.addCookies([{ name, value, url: base.replace("http:", "https:"),
		    secure: true,
		    httpOnly: true, sameSite: "Strict" }]);
		const found = { requests: 0, foreign: [], errors: [] };
		context.on("request", (request) => {
			if (!/^https?:/.test(request.url()))
				return;
			found.requests++;
			if (!request.url().startsWith(`${base}/`))
				found.foreign.push(request.url());
		});
		context.on("console", (message) => {
			// A refusal is an answer; the screen says it.
			if (message.type() === "error" && !/status of 4\d\d/
			    .test(message.text()))
				found.errors.push(message.text());
		});
		context.on("weberror", (error) => found.errors.push(
		    String(error.error().stack ?? error.error())));
		return { context, base,
		    open: async (target) => {
			const page = await context.newPage();
			page.setDefaultTimeout(20_000);
			await page.goto(base + target);
			await settled(page);
			return page;
		    },
		    end: async () => {
			await context.close();
			assert.ok(found.requests > 0);
			assert.deepEqual(found.foreign, [],
			    "no request to another host");
			assert.deepEqual(found.errors, [],
			    "no error on the console");
		    } };
	};
	return { world, browser, city, base, sitDown, stop: async () => {
		await browser.close();
		await world.stop();
	} };
}
