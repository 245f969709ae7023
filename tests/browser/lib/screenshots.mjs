// SPDX-License-Identifier: EUPL-1.2
// `make screenshots`: the four cities' start pages, light and dark, and the way
// of a report, into var/screenshots/. What the README shows is made from it.

import fs from "node:fs";
import path from "node:path";
import { cities } from "../../http/lib/city.mjs";
import { startCluster, top } from "../../http/lib/server.mjs";
import { desk, fill, settled, startStage } from "./browser.mjs";
import { photoAt } from "./photo.mjs";
import { desktop, firstStep, person } from "./office.mjs";
import { heading, press, send, sentNumber, text, says } from "./reporter.mjs";

const folder = path.resolve(top, process.argv[2] ?? "var/screenshots");

// As it is at every visit but the first: with the theme's font, for which a
// page waits no longer than it must, and here as long as it takes.
async function comeBack(stage, city, options = {}) {
	const visit = await stage.visit(city, options);
	await visit.context.addInitScript(() => {
		delete Navigator.prototype.serviceWorker;
	});
	await visit.context.route("**/theme/*.css", async (route) => {
		const server = stage.world.public ?? stage.world.office;
		const { text } = await server.request("GET", city,
		    new URL(route.request().url()).pathname);
		await route.fulfill({ contentType: "text/css", body:
		    text.replaceAll("font-display:optional",
		    "font-display:block") });
	});
	return visit;
}

// Nothing is being loaded or moved any more.
async function still(page) {
	await settled(page);
	await page.waitForLoadState("networkidle");
	await page.evaluate(() => document.fonts.ready);
}

// A picture that looks like one: drawn here, as no photo may be in the project.
async function drawn(browser) {
	const page = await browser.newPage({ viewport: { width: 800,
	    height: 600 } });
	await page.setContent(`<svg xmlns="http://www.w3.org/2000/svg" width="800"
	    height="600" style="position:fixed;inset:0"><rect width="800"
	    height="600" fill="#b9d3e6"/><rect y="380" width="800" height="220"
	    fill="#7d8288"/><rect y="360" width="800" height="30" fill="#a9adb1"/>
	    <circle cx="560" cy="190" r="150" fill="#4e7f43"/><circle cx="470"
	    cy="240" r="100" fill="#5d9150"/><rect x="545" y="300" width="34"
	    height="90" fill="#6b4a2f"/><path d="M180 470L520 400L530 420L190 492Z"
	    fill="#6b4a2f"/><circle cx="200" cy="470" r="60" fill="#5d9150"/>
	    </svg>`);
	const jpeg = await page.screenshot({ type: "jpeg", quality: 80 });
	await page.close();
	return jpeg;
}

async function startPages(stage, shot) {
	for (const city of Object.keys(cities))
		for (const colorScheme of ["light", "dark"]) {
			const visit = await comeBack(stage, city, { colorScheme });
			const page = await visit.open("/");
			await still(page);
			await page.reload();
			await shot(page, `start-${city}-${colorScheme}`);
			await visit.end();
		}
	const visit = await comeBack(stage, "herne", { ...desk,
	    viewport: { width: 1440, height: 900 } });
	await still(await visit.open("/"));
	await shot(await visit.open("/"), "start-herne-wide");
	await shot(await visit.open("/report"), "report-wide");
	const map = await visit.open("/map");
	await map.locator(".sk-pin").first().waitFor();
	await shot(map, "map-wide");
	await visit.end();
}

async function journey(stage, shot) {
	const { lat, lon } = cities["castrop-rauxel"];
	const visit = await comeBack(stage, "castrop-rauxel");
	const page = await visit.open("/report");
	await still(page);
	await page.reload();
	await shot(page, "report-1-begin");
	await page.locator("#photo-gallery").setInputFiles({ name: "baum.jpg",
	    mimeType: "image/jpeg", buffer: photoAt(lat, lon,
	    await drawn(stage.browser)) });
	await page.locator(".dr-taken li").waitFor();
	await shot(page, "report-2-photo");
	await press(page, "app.button.next");
	await press(page, "app.place.photo");
	await says(page, "app.place.from.photo");
	await page.locator(".dr-picker canvas").waitFor();
	await shot(page, "report-3-place");
	await press(page, "app.button.next");
	await page.locator("input[name=category][value=green]").check();
	await shot(page, "report-4-category");
	await press(page, "app.button.next");
	await heading(page, "app.step.details");
	await shot(page, "report-5-details");
	await press(page, "app.button.next");
	await page.locator("#text").fill(text);
	await shot(page, "report-6-text");
	await press(page, "app.button.next");
	await heading(page, "app.step.contact");
	await shot(page, "report-7-contact");
	await press(page, "app.button.next");
	await heading(page, "app.step.check");
	await shot(page, "report-8-check");
	await send(page);
	await sentNumber(page);
	await shot(page, "report-9-sent");
	await page.goto(visit.at("/mine"));
	await shot(page, "report-10-mine");
	await page.goto(visit.at("/"));
	await shot(page, "report-11-start");
	await page.goto(visit.at("/map"));
	await page.locator(".sk-pin").first().waitFor();
	await shot(page, "map");
	await page.goto(visit.at("/defect-reporter/list"));
	await shot(page, "list");
	await visit.end();
}

async function office(shot) {
	const stage = await startStage({ side: "office",
	    world: { office: true } });
	try {
		fill(stage.world);
		const email = await person(stage.world, "castrop-rauxel");
		for (const colorScheme of ["light", "dark"])
			for (const [name, viewport] of [["wide", desktop.viewport],
			    ["tablet", { width: 768, height: 1024 }]]) {
				const visit = await comeBack(stage, "castrop-rauxel",
				    { ...desktop, viewport, colorScheme, faults: true });
				const page = await visit.open("/");
				const as = (what) => `office-${what}-${name}-${colorScheme}`;
				await shot(page, as("sign-in"));
				await firstStep(page, email);
				await page.locator(".of-header__person").waitFor();
				for (const [what, target] of [["start", "/"],
				    ["account", "/account"], ["team", "/staff"]]) {
					await page.goto(visit.at(target));
					await shot(page, as(what));
				}
				await visit.end();
			}
	} finally {
		await stage.stop();
	}
}

const cluster = startCluster();
process.env.STADTKERN_TEST_PG = cluster.pg;
process.env.STADTKERN_TEST_VAR = cluster.dir;
try {
	const stage = await startStage();
	try {
		fill(stage.world);
		fs.mkdirSync(folder, { recursive: true });
		let count = 0;
		const shot = async (page, name) => {
			await still(page);
			await page.screenshot({ path: path.join(folder,
			    `${name}.png`) });
			count++;
		};
		await startPages(stage, shot);
		await journey(stage, shot);
		await office(shot);
		console.log(`${count} screenshots in ${folder}`);
	} finally {
		await stage.stop();
	}
} finally {
	cluster.stop();
}
