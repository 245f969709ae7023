// SPDX-License-Identifier: EUPL-1.2
// What an outside body finds behind its link: on a telephone, by keyboard, for
// everyone, and without anything of it being kept.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { aReport, officeReports, picture, release, sendPhoto, sendReport } from
    "../http/lib/city.mjs";
import { readMails } from "../http/lib/mail.mjs";
import { newDevice, newStaff, until } from "../http/lib/server.mjs";
import { desk, startStage } from "./lib/browser.mjs";
import { examine } from "./lib/sweep.mjs";
import { words } from "./lib/words.mjs";

const CITY = "herne";
let stage, device, staff;
before(async () => {
	stage = await startStage({ world: { office: true, courier: true } });
	device = await newDevice(stage.world.public, CITY);
	staff = await newStaff(stage.world, CITY, "amt@example.org", "admin");
}, { timeout: 180_000 });
after(() => stage.stop());

const post = async (target, body, status = 200) => {
	const answer = await staff.request("POST", target, { body });
	assert.equal(answer.status, status, answer.text);
	return answer.json;
};

// A report with a photo, in a body's hands: { id, number, token }.
async function handed() {
	const { id, number } = await sendReport(device, aReport(CITY));
	const photo = (await sendPhoto(device, id, picture("plain.jpg"))).json.id;
	await until("the photo is ready", async () => (await staff.request("GET",
	    `${officeReports}/${id}`)).json.photos[0].state === "waiting");
	await release(staff, id);
	await post(`${officeReports}/${id}/photos/${photo}/release`);
	await post(`${officeReports}/${id}/forward`, { body: "strassen-nrw",
	    note: "Bitte bis Freitag." }, 201);
	const mail = await until("the mail", () => readMails(stage.world).find(
	    (one) => one.body.includes("/forwarded#") &&
	    new RegExp(`^Nummer: +${number}$`, "m").test(one.body)));
	return { id, number, token: /\/forwarded#(\S{43})\s/.exec(mail.body)[1] };
}
const link = ({ token }) => `/defect-reporter/forwarded#${token}`;
const history = async (id) => (await staff.request("GET",
    `${officeReports}/${id}`)).json.history;

test("on a telephone a body accepts, answers, and closes", async () => {
	const it = await handed();
	const visit = await stage.visit(CITY);
	const asked = [];
	visit.context.on("request", (request) => asked.push(
	    `${request.method()} ${request.url()} ${request.headers().referer ??
	    ""} ${request.headers().authorization ?? ""}`));
	const page = await visit.open(link(it));
	await page.getByText("Bitte bis Freitag.").waitFor();
	await page.locator(".dr-photos img").waitFor();
	assert.match(await page.locator(".sk-title").innerText(),
	    /Straßen\.NRW/);
	await page.getByRole("button", { name: "Annehmen" }).tap();
	await page.getByText("Sie haben die Meldung angenommen.").first()
	    .waitFor();
	// It is accepted once.
	await page.getByRole("radio", { name: /Annehmen/ })
	    .waitFor({ state: "detached" });
	await page.getByRole("radio", { name: /Antworten/ }).check();
	await page.getByRole("button", { name: "Antwort senden" }).tap();
	await page.getByRole("alert").getByText("Bitte schreiben Sie eine Antwort.")
	    .waitFor();
	await page.getByLabel("Ihre Antwort").fill("Wir kommen am Montag.");
	await page.getByRole("button", { name: "Antwort senden" }).tap();
	await page.getByText("Ihre Antwort ist angekommen.").waitFor();
	await page.getByRole("radio", { name: /Als erledigt melden/ }).check();
	await page.getByLabel(/Was wurde gemacht/).fill("Abgesägt.");
	await page.getByRole("button", { name: "Als erledigt melden" }).tap();
	await page.getByText("Der Link ist damit verbraucht.").waitFor();
	assert.deepEqual((await history(it.id)).map((event) => event.kind)
	    .filter((kind) => kind.startsWith("forward-")), ["forward-accepted",
	    "forward-answered", "forward-closed"]);
	await page.reload();
	await page.getByText("Dieser Link führt zu nichts.").waitFor();
	assert.ok(asked.length > 5);
	for (const one of asked) {
		assert.ok(!one.includes(it.token), one);
		assert.ok(!/POST .*\/devices|Bearer/.test(one), one);
	}
	const kept = await page.evaluate(async () => JSON.stringify([
	    { ...localStorage }, { ...sessionStorage }, (await Promise.all(
	    (await caches.keys()).map(async (name) => (await (await
	    caches.open(name)).keys()).map(({ url }) => url))))]));
	assert.ok(!kept.includes(it.token));
	visit.found.errors = visit.found.errors.filter((error) =>
	    !/404 .*\/forwarded$/.test(error));
	await visit.end();
});

test("by keyboard a body refuses, with a reason", async () => {
	const it = await handed();
	const visit = await stage.visit(CITY, desk);
	const page = await visit.open(link(it));
	await page.getByRole("radio", { name: /Annehmen/ }).focus();
	for (let i = 0; i < 3; i++)
		await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Tab");
	await page.keyboard.type("Das ist eine Gemeindestraße.");
	await page.keyboard.press("Tab");
	await page.keyboard.press("Enter");
	await page.getByText("Sie haben die Meldung abgelehnt.").waitFor();
	const event = (await history(it.id)).at(-1);
	assert.equal(event.kind, "forward-refused");
	assert.equal(event.text, "Das ist eine Gemeindestraße.");
	await visit.end();
});

test("nothing is lost, or done twice, where the network is", async () => {
	const it = await handed();
	const visit = await stage.visit(CITY, { faults: true });
	const page = await visit.open(link(it));
	await page.getByRole("radio", { name: /Antworten/ }).check();
	await page.getByLabel("Ihre Antwort").fill("Wir kommen am Montag.");
	// It arrives, and its answer does not.
	stage.network.fault = (one) =>
	    one.path.endsWith("/forwarded/act") ? "lost" : null;
	await page.getByRole("button", { name: "Antwort senden" }).tap();
	await page.getByText("Das ist nicht angekommen.").first().waitFor();
	assert.equal(await page.getByLabel("Ihre Antwort").inputValue(),
	    "Wir kommen am Montag.");
	stage.network.fault = null;
	await page.getByRole("button", { name: "Antwort senden" }).tap();
	await page.getByText("Ihre Antwort ist angekommen.").waitFor();
	assert.equal((await history(it.id)).filter((event) =>
	    event.kind === "forward-answered").length, 1);
	await visit.end();
});

for (const language of ["de", "uk"])
	test(`the page keeps nobody out, in ${language}`, async () => {
		const it = await handed();
		const visit = await stage.visit(CITY, { viewport: { width: 320,
		    height: 720 } });
		await visit.context.addInitScript((language) => {
			if (location.hostname.endsWith(".localhost"))
				localStorage.setItem("stadtkern-preferences",
				    JSON.stringify({ language }));
		}, language);
		const page = await visit.open(link(it));
		const t = words(language);
		const found = [];
		const note = (list, where) => found.push(...list.map((what) =>
		    `${what} ${where}`));
		await page.locator("#handed-action").waitFor();
		await page.locator("input[value=answer]").check();
		await page.getByRole("button", { name:
		    t("app.handed.send.answer") }).click();
		// Everything of the page, and an error besides; what is used up is a
		// title and a notice, as the sweep's link that opens nothing.
		await page.locator("[role=alert]").waitFor();
		await examine(page, "the link", note);
		assert.deepEqual(found.slice(0, 25), []);
		await visit.end();
	});
