// SPDX-License-Identifier: EUPL-1.2
// What comes from outside and what is out there: mail to a ticket, the place
// that it lacks, and what outside bodies have not settled.

import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { aReport, officeReports, picture, release, sendReport } from
    "../http/lib/city.mjs";
import { attached, letter, startMailbox } from "../http/lib/mailbox.mjs";
import { newDevice, newStaff, until } from "../http/lib/server.mjs";
import { openOffice, settled } from "./lib/desk.mjs";
import { axeFinds, lookAt, modes, setMode, withAxe } from "./lib/examine.mjs";
import { words } from "./lib/words.mjs";

const t = words("de", "defect-reporter", "office");
const city = "castrop-rauxel";
const api = "/office/api/v1/defect-reporter";
let office, staff, device, box;
before(async () => {
	office = await openOffice({ city, world: { home: true } });
	staff = await newStaff(office.world, city, "amt@example.org", "admin");
	device = await newDevice(office.world.public, city);
}, { timeout: 180_000 });
after(async () => {
	await office?.stop();
	await box?.stop();
});

const show = async (id) => (await staff.request("GET", `${api}/tickets/${id}`))
    .json;

// As the courier takes it.
function mail(thread, more = {}) {
	const quoted = (value) => `'${String(value).replaceAll("'", "''")}'`;
	const letter = { kind: "message", known: true, subject: "Nachfrage",
	    text: "Guten Tag,\n> zitiert", shown: "Guten Tag,", ...more };
	office.world.sql(`begin; select set_config('stadtkern.tenant', id::text,
	    true) from stadtkern.tenant where slug = '${city}';
	    select defect_reporter.mail_take(${thread ? quoted(thread) : "null"},
	    ${quoted(JSON.stringify(letter))}, null, null, false,
	    ${quoted(JSON.stringify({ category: "other",
	    department: "buergermeister", initial: "received", deadlines: {},
	    photos_max: 5 }))}); commit`);
}

async function nothingWrong(page, where) {
	await withAxe(page);
	for (const mode of Object.keys(modes)) {
		await setMode(page, mode);
		assert.deepEqual(await axeFinds(page, mode), [], `${where} ${mode}`);
	}
	await setMode(page, "light");
	assert.deepEqual(await lookAt(page), [], where);
}

test("mail is read beside its ticket: new, whole, returned, and marked as read",
    async () => {
	const { id } = await sendReport(device, aReport(city));
	mail(id, { party: "sender", subject: "Wann kommt jemand?",
	    files: [] });
	mail(id, { party: "sender", kind: "bounce", status: "5.1.1",
	    subject: "Undelivered", shown: "No such user" });
	mail(id, { party: "body", known: false, dropped: 2, cut: true });
	const desk = await office.sitDown(staff);
	const page = await desk.open("/defect-reporter/tickets?mail=true");
	await page.locator(`#ticket-${id}`).click();
	const letters = page.locator(".dt-mail");
	await letters.nth(2).waitFor();
	assert.equal(await page.locator(".dt-mail--new").count(), 3);
	const [body, bounce, sender] = await letters.allInnerTexts();
	assert.match(body, /anderen Adresse/);
	assert.match(body, /2 Anhänge/);
	assert.ok(body.includes(t("office.mail.party.body")));
	assert.match(bounce, /5\.1\.1/);
	assert.match(sender, /Wann kommt jemand\?/);
	assert.ok(!/zitiert/.test(sender), "quotes are folded away");
	await letters.nth(2).getByRole("button", { name: t("office.mail.whole") })
	    .click();
	await letters.nth(2).getByText("> zitiert").waitFor();
	await nothingWrong(page, "mail");
	await page.getByRole("button", { name: t("office.mail.mark.other",
	    { count: 3 }) }).click();
	await page.waitForFunction(() => !document.querySelector(".dt-mail--new"));
	assert.ok((await show(id)).correspondence.every((one) => one.read_at));
	await desk.end();
});

test("what came with a mail: pictures are seen, a document is saved as it was, " +
    "and what could run does not run here", async () => {
	box = await startMailbox(office.world, city);
	const ran = "fetch('/office/api/v1/ran'); document.title = 'ran';";
	const files = {
		"plan.pdf": ["application/pdf", Buffer.from("%PDF-1.4\nPlan")],
		"seite.html": ["text/html",
		    Buffer.from(`<title>Seite</title><script>${ran}</script>`)],
		"bild.svg": ["image/svg+xml", Buffer.from("<svg xmlns=" +
		    `"http://www.w3.org/2000/svg"><script>${ran}</script></svg>`)],
		"skript.js": ["text/javascript", Buffer.from(ran)],
		"rechnung.exe": ["application/x-msdownload", Buffer.from("MZ")],
	};
	box.imap.deliver(letter({ subject: "Mit Anhang", head: attached([
	    ["image/jpeg", "loch.jpg", picture("plain.jpg")],
	    ...Object.entries(files).map(([name, [type, content]]) =>
	    [type, name, content])]), text: "" }));
	assert.equal(await box.turn(), "");
	await box.quiet();
	const { json: { items: [{ id }] } } = await staff.request("GET",
	    `${api}/tickets?sort=received&limit=1`);

	const desk = await office.sitDown(staff);
	const asked = [];
	desk.context.on("request", (request) => asked.push(request.url()));
	const page = await desk.open(`/defect-reporter/tickets/${id}`);
	const photo = page.locator(".dt-photo img");
	await photo.waitFor();
	await until("it is drawn", () => photo.evaluate((img) => img.naturalWidth));

	const list = page.getByRole("list", { name: t("office.mail.files") });
	assert.equal(await list.getByRole("link").count(), 5);
	const saved = async (act) => {
		const [download] = await Promise.all([
		    page.waitForEvent("download"), act()]);
		return { name: download.suggestedFilename(),
		    content: fs.readFileSync(await download.path()) };
	};
	for (const [name, [, content]] of Object.entries(files)) {
		const link = list.getByRole("link", { name });
		assert.deepEqual(await saved(() => link.click()),
		    { name, content }, "from the list");
		// Whoever opens its address saves it all the same.
		await link.evaluate((a) => a.removeAttribute("download"));
		assert.deepEqual(await saved(() => link.click()),
		    { name, content }, "opened");
	}
	assert.match(page.url(), new RegExp(`/tickets/${id}$`));
	await nothingWrong(page, "files");
	await desk.end();

	// Nor does it as part of a page of ours, which the console tells of; and of
	// the style that the browser gives to a picture in a tab of its own.
	const other = await office.sitDown(staff);
	other.context.on("request", (request) => asked.push(request.url()));
	const ours = await other.open(`/defect-reporter/tickets/${id}`);
	await ours.locator(".dt-mail").waitFor();
	const [large] = await Promise.all([other.context.waitForEvent("page"),
	    ours.locator(".dt-photo a").click()]);
	await large.locator("img").waitFor();
	await until("it is drawn large", () => large.locator("img").evaluate(
	    (img) => img.naturalWidth));
	const script = await ours.getByRole("link", { name: "skript.js" })
	    .getAttribute("href");
	assert.notEqual(await ours.evaluate((url) => import(url).then(() => "ran",
	    (error) => error.name), script), "ran");
	for (const name of ["seite.html", "bild.svg"])
		await ours.evaluate((url) => {
			const frame = document.createElement("iframe");
			frame.src = url;
			document.body.append(frame);
		}, await ours.getByRole("link", { name }).getAttribute("href"));
	await ours.waitForLoadState("networkidle");
	assert.notEqual(await ours.title(), "ran");
	assert.ok(!asked.some((url) => url.endsWith("/ran")), asked.join("\n"));
	await other.context.close();
});

test("a ticket that came by mail gets its place by the street list, and back, " +
    "and is released then", async () => {
	mail(null, { subject: "Schlagloch", shown: "Vor Haus 12." });
	const { json: { items: [{ id }] } } = await staff.request("GET",
	    `${api}/tickets?sort=received&limit=1`);
	const desk = await office.sitDown(staff);
	const page = await desk.open(`/defect-reporter/tickets/${id}`);
	const next = page.locator(".dt-steps .kern-btn--primary");
	await next.waitFor();
	assert.equal((await next.innerText()).trim(), t("office.step.place"));
	await next.click();
	await page.locator("#address:focus").waitFor();
	await page.keyboard.type("thomasstr. 12");
	const street = page.locator(".dt-street", { hasText: "Thomasstraße 12" });
	await street.waitFor();
	await nothingWrong(page, "place");
	await page.keyboard.press("Tab");
	await page.keyboard.press("Enter");
	assert.equal(await page.locator("#address").inputValue(),
	    "Thomasstraße 12");
	await page.keyboard.press("Control+Enter");
	await until("it has a place", async () =>
	    (await show(id)).position !== null);
	const placed = await show(id);
	assert.equal(placed.address, "Thomasstraße 12");
	assert.ok(placed.position.lat > 51.5 && placed.position.lon > 7.2);
	await page.locator("dialog").waitFor({ state: "detached" });
	await page.getByText(t("office.said.place")).first().waitFor();
	await page.keyboard.press("u");
	await until("it has none again", async () => {
		const { position, address } = await show(id);
		return position === null && address === null;
	});
	await page.locator(".dt-history").getByText("zurückgenommen: Ort: bisher " +
	    "Thomasstraße 12").waitFor();
	await staff.request("PATCH", `${api}/tickets/${id}`, { body: {
	    address: "Thomasstraße 12" } });
	const release = page.getByRole("button", { name: t("office.step.release") })
	    .first();
	await page.locator(".dt-steps .kern-btn--primary",
	    { hasText: t("office.step.release") }).waitFor();
	await release.click();
	await until("it is released", async () =>
	    (await show(id)).release === "released");
	await desk.end();
});

test("the history says from where to where a place was moved, and what else " +
    "was what", async () => {
	const { id } = await sendReport(device, aReport(city));
	const change = async (body) => assert.equal((await staff.request("PATCH",
	    `${api}/tickets/${id}`, { body })).status, 200);
	await change({ address: "Am Markt 1" });
	const { position: { lat, lon } } = await show(id);
	const to = { lat: lat + 0.001, lon };
	const desk = await office.sitDown(staff);
	const page = await desk.open(`/defect-reporter/tickets/${id}`);
	await page.locator(".dt-ticket").waitFor();
	await change({ position: to, address: "Am Markt 2", priority: "high" });
	const says = (at) => [at.lat, at.lon].map((one) => one.toFixed(5))
	    .join(", ");
	await page.locator(".dt-history").getByText("Geändert: Ort: bisher " +
	    `Am Markt 1, ${says({ lat, lon })}, jetzt Am Markt 2, ${says(to)}; ` +
	    "Dringlichkeit: bisher normal, jetzt hoch").waitFor();
	await nothingWrong(page, "a place that was moved");
	await desk.end();
});

test("a report from the telephone gets its place by the street list", async () => {
	const desk = await office.sitDown(staff);
	const page = await desk.open("/defect-reporter/enter");
	await page.locator("#category").selectOption("litter");
	await page.locator("#answer-sort").selectOption("Reifen");
	await page.locator("#text").fill("Reifen am Straßenrand.");
	await page.locator("#address").fill("Thomasstraße");
	await page.locator(".dt-street").first().click();
	await page.getByRole("button", { name: t("office.enter.send") }).click();
	await page.locator(".dt-ticket").waitFor();
	const its = await show(page.url().split("/").at(-1));
	assert.equal(its.address, "Thomasstraße");
	assert.ok(its.position.lat > 51.5);
	await desk.end();
});

test("what outside bodies have not settled stands in one list, what ends first " +
    "on top", async () => {
	const { json: app } = await staff.request("GET", "/office/api/v1/app");
	const [one, other] = app.outside_bodies;
	const made = [];
	for (const [i, { code }] of [one, one, other ?? one].entries()) {
		const { id } = await sendReport(device, aReport(city, {}, 10 + i));
		await release(staff, id);
		const { status, json, text } = await staff.request("POST",
		    `${officeReports}/${id}/forward`, { body: { body: code,
		    days: 10 + i } });
		assert.equal(status, 201, text);
		made.push({ id, forwarding: json.forwarding.id,
		    number: (await show(id)).number });
	}
	office.world.sql(`update defect_reporter.forwarding set expires_at =
	    now() - interval '1 hour' where id = '${made[2].forwarding}';
	    update defect_reporter.forwarding set expires_at =
	    now() + interval '1 day' where id = '${made[1].forwarding}'`);
	const desk = await office.sitDown(staff);
	const page = await desk.open("/defect-reporter/forwarded");
	assert.deepEqual(await page.locator(".sk-bar__link").evaluateAll((list) =>
	    list.filter((one) => one.scrollWidth > one.clientWidth)
	    .map((one) => one.innerText)), [], "words wider than the menu");
	const rows = page.locator("tbody tr");
	await rows.nth(2).waitFor();
	const texts = await rows.allInnerTexts();
	assert.deepEqual(texts.map((text) => Number(/Nr\. (\d+)/.exec(text)[1])),
	    [made[2], made[1], made[0]].map(({ number }) => number));
	assert.ok(texts[0].includes(t("office.forwarded.expired")));
	assert.ok(texts[1].includes(t("office.forwarded.soon")));
	await nothingWrong(page, "forwarded");
	if (other) {
		await page.locator("#body").selectOption(other.code);
		await page.waitForURL(/body=/);
		await page.waitForFunction(() => document.querySelectorAll(
		    "tbody tr").length === 1);
	}
	await rows.first().getByRole("link").click();
	await page.locator(".dt-ticket").waitFor();
	await desk.end();
});

test("a list that is longer than a page goes on", async () => {
	for (let i = 0; i < 52; i++)
		await sendReport(device, aReport(city, { text:
		    `Eine Eidechse sonnt sich, Nummer ${i}.` }, 100 + i));
	const desk = await office.sitDown(staff);
	const page = await desk.open(
	    "/defect-reporter/tickets?q=Eidechse&sort=received");
	await page.locator(".dt-row").nth(49).waitFor();
	await page.getByRole("button", { name: t("app.more") }).click();
	await page.locator(".dt-row").nth(51).waitFor();
	await settled(page);
	await desk.end();
});
