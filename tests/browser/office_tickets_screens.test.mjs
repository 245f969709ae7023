// SPDX-License-Identifier: EUPL-1.2
// The office's screens of the defect reporter for everyone: light, dark and
// forced colours, on a tablet and at a desk, with the map.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { aReport, picture, release, sendPhoto, sendReport } from
    "../http/lib/city.mjs";
import { newDevice, newStaff, until } from "../http/lib/server.mjs";
import { fill } from "./lib/browser.mjs";
import { openOffice, settled } from "./lib/desk.mjs";
import { axeFinds, focusIsSeen, lookAt, modes, setMode, withAxe } from
    "./lib/examine.mjs";

const widths = [768, 1440];
let office, admin, ticket;
before(async () => {
	office = await openOffice({ map: true, world: { courier: true } });
	fill(office.world);
	admin = await newStaff(office.world, office.city, "admin@example.org",
	    "admin");
	const device = await newDevice(office.world.public, office.city);
	const { id } = await sendReport(device, aReport(office.city, {
	    contact: { name: "Toni Muster", email: "toni@example.org" },
	    category: "pothole", answers: { where: "Gehweg" },
	    text: "Ein tiefes Loch im Gehweg, gleich neben der Haltestelle." }));
	await sendPhoto(device, id, picture("plain.jpg"));
	const path = "/office/api/v1/defect-reporter";
	await until("the photo is ready", async () => (await admin.request("GET",
	    `${path}/tickets/${id}`)).json.photos[0].state === "waiting");
	await release(admin, id, { text: "Ein tiefes Loch im Gehweg." });
	await admin.request("POST", `${path}/reports/${id}/answers`,
	    { body: { text: "Wir kommen morgen." } });
	office.world.sql(`update defect_reporter.report set priority = 'urgent',
	    due_on = stadtkern.today() - 2 where id = '${id}'`);
	ticket = id;
}, { timeout: 240_000 });
after(() => office.stop());

// An address below the plugin's, and what is done there.
const screens = {
	"the list": ["/tickets?sort=received", async (page) => {
		await page.locator(".dt-row").first().waitFor();
		await page.locator(".dt-filters summary").click();
	}],
	"several at once": ["/tickets?sort=received", async (page) => {
		await page.locator(".dt-check").first().check();
		await page.locator(".dt-bulk").waitFor();
	}],
	"a ticket": ["/tickets/{ticket}", async (page) => {
		await page.locator(".dt-photo img").waitFor();
		await page.locator(".dt-more summary").click();
	}],
	"a step": ["/tickets/{ticket}", async (page) => {
		await page.locator(".dt-ticket").waitFor();
		await page.keyboard.press("s");
		await page.locator("dialog[open] #status").waitFor();
	}],
	"the map": ["/tickets/map", (page) => page.locator(".sk-pin").first()
	    .waitFor()],
	entering: ["/enter", (page) => page.locator("#category")
	    .selectOption("litter")],
};

for (const [name, [address, act]] of Object.entries(screens))
	test(`${name}: nothing in the way of anybody`, { timeout: 240_000 },
	    async () => {
		const desk = await office.sitDown(admin);
		const found = [];
		for (const width of widths) {
			const page = await desk.open("/defect-reporter" +
			    address.replace("{ticket}", ticket));
			await page.setViewportSize({ width, height: 900 });
			await act(page);
			await settled(page);
			await withAxe(page);
			for (const mode of Object.keys(modes)) {
				await setMode(page, mode);
				for (const one of await axeFinds(page, mode))
					found.push(`${width} ${mode}: ${one}`);
				if (mode !== "light")
					continue;
				for (const one of await lookAt(page))
					found.push(`${width}: ${one}`);
			}
			for (const one of await focusIsSeen(page))
				found.push(`${width}: ${one}`);
			await page.close();
		}
		await desk.end();
		assert.deepEqual([...new Set(found)], []);
	});

test("a ticket fits on 1440 × 900 without scrolling", async () => {
	const desk = await office.sitDown(admin);
	const page = await desk.open(`/defect-reporter/tickets/${ticket}`);
	await page.locator(".dt-photo img").waitFor();
	const bottoms = await page.evaluate(() => Object.fromEntries([".dt-photo img",
	    ".dt-place__words", ".dt-texts", ".dt-history li", ".dt-steps button"]
	    .map((one) => [one, document.querySelector(one)
	    .getBoundingClientRect().bottom])));
	for (const [what, bottom] of Object.entries(bottoms))
		assert.ok(bottom <= 900, `${what} ends at ${bottom}`);
	assert.equal(await page.locator(".dt-steps .kern-btn--primary").count(), 1,
	    "one filled button");
	await desk.end();
});
