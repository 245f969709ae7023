// SPDX-License-Identifier: EUPL-1.2
// Every page of every city asks its own host for everything, keeps to the
// page's policy, and says nothing on the console.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { cities, map } from "../http/lib/city.mjs";
import { fill, installed, settled, startStage } from "./lib/browser.mjs";

const reporter = "/defect-reporter";
let stage;
before(async () => {
	stage = await startStage();
	fill(stage.world);
}, { timeout: 180_000 });
after(() => stage.stop());

describe("every request goes to the city's own host", () => {
	for (const city of Object.keys(cities))
		test(`on every page of ${city}`, async (context) => {
			const { json } = await stage.world.public.request("GET", city,
			    map);
			const [{ id }] = json.features;
			const visit = await stage.visit(city);
			const hosts = new Map();
			visit.context.on("request", (request) => {
				const { host, protocol } = new URL(request.url());
				if (protocol.startsWith("http"))
					hosts.set(host, (hosts.get(host) ?? 0) + 1);
			});
			const page = await visit.open("/");
			await installed(page);
			for (const target of ["/", "/map", "/report", "/mine", "/more",
			    "/data", "/outbox", "/settings", "/legal/imprint",
			    "/legal/privacy", "/legal/accessibility",
			    "/legal/licences", "/no/such/page", `${reporter}/list`,
			    `${reporter}/map?at=${id}`, `${reporter}/show/${id}`,
			    "/bulky-waste/book", "/bulky-waste/mine",
			    ...["place", "category", "text", "contact", "check"]
			    .map((step) => `${reporter}/new/${step}`)]) {
				await page.goto(visit.at(target));
				await settled(page);
				await page.waitForLoadState("networkidle");
			}
			const own = new URL(visit.at("/")).host;
			assert.deepEqual([...hosts.keys()], [own]);
			assert.ok(hosts.get(own) > 100);
			context.diagnostic(`${hosts.get(own)} requests, all to ${own}`);
			await visit.end();
		});
});

test("a violation of the policy, and an error, would be seen", async () => {
	const visit = await stage.visit("herne");
	const page = await visit.open("/");
	await page.evaluate(() => {
		const image = document.createElement("img");
		image.src = "http://elsewhere.example/pixel.png";
		document.body.append(image);
	});
	await assert.rejects(async () => {
		await page.waitForFunction(() => [...document.images].at(-1).complete);
		await visit.end();
	}, /no error on the console|no request to another host/);
});
