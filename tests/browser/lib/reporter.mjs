// SPDX-License-Identifier: EUPL-1.2
// The way through the defect reporter's form, as a person goes it with a
// phone: one question a screen.

import { cities } from "../../http/lib/city.mjs";
import { photoAt } from "./photo.mjs";
import { words } from "./words.mjs";

const t = words("de");
export const text = "Ein dicker Ast hängt lose über dem Gehweg.";

export const heading = (page, key, values) => page.getByRole("heading",
    { level: 1, name: t(key, values), exact: true }).waitFor();
export const press = (page, key, values) => page.getByRole("button",
    { name: t(key, values), exact: true }).click();
export const follow = (page, key, values) => page.getByRole("link",
    { name: t(key, values), exact: true }).first().click();
export const says = (page, key, values) =>
    page.getByText(t(key, values)).first().waitFor();

export async function addPhoto(page, city) {
	const before = await page.locator(".dr-taken li").count();
	await page.locator("#photo-gallery").setInputFiles({ name: "baum.jpg",
	    mimeType: "image/jpeg", buffer: photoAt(cities[city].lat,
	    cities[city].lon) });
	await page.locator(".dr-taken li").nth(before).waitFor();
}

// From the first step to the last one; `place` is "photo", "gps" or "typed".
export async function writeReport(page, city, { photos = 1, place = "photo",
    category = "green", answer = async () => {}, email = "",
    name = "" } = {}) {
	await heading(page, "app.step.photos");
	for (let i = 0; i < photos; i++)
		await addPhoto(page, city);
	await press(page, photos > 0 ? "app.button.next" : "app.photo.without");
	await heading(page, "app.step.place");
	await choosePlace(page, city, place);
	await press(page, "app.button.next");
	await heading(page, "app.step.category");
	await page.locator(`input[name="category"][value="${category}"]`).check();
	await press(page, "app.button.next");
	await passUntil(page, "app.step.text", answer);
	await page.locator("#text").fill(text);
	await press(page, "app.button.next");
	await heading(page, "app.step.contact");
	if (name)
		await page.locator("#contact-name").fill(name);
	if (email)
		await page.locator("#contact-email").fill(email);
	await press(page, "app.button.next");
	await heading(page, "app.step.check");
}

export async function choosePlace(page, city, place) {
	if (place === "photo")
		await press(page, "app.place.photo");
	else if (place === "gps")
		await press(page, "app.place.here");
	else
		await typePlace(page, cities[city]);
	await says(page, `app.place.from.${place}`);
}

export async function typePlace(page, { lat, lon }) {
	if (!await page.locator("#place-typed").isVisible())
		await page.locator(".sk-details summary").click();
	await page.locator("#place-typed").fill(`${lat}, ${lon}`);
	await press(page, "app.place.take");
}

// What a category asks, and what is reported nearby, if there is any of it.
async function passUntil(page, key, answer) {
	const here = () => page.locator("h1").innerText();
	for (let title = await here(); title !== t(key); title = await here()) {
		if (title === t("app.step.details"))
			await answer(page);
		await page.locator("form.sk-form button[type=submit]").click();
		await page.waitForFunction((old) =>
		    document.querySelector("h1")?.innerText !== old, title);
	}
}

export const send = (page) => press(page, "app.check.send");

export async function sentNumber(page) {
	await heading(page, "app.sent.title");
	return Number(await page.locator(".dr-number strong").innerText());
}

// What the database has of a city.
export const count = (world, city, table = "report") => Number(world.sql(
    `select count(*) from defect_reporter.${table} r
    join stadtkern.tenant t on t.id = r.tenant_id where t.slug = '${city}'`));
