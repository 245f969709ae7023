// SPDX-License-Identifier: EUPL-1.2
// The office as staff use it: signing in by each factor, being slowed down, a
// session that ends in the middle, one's own account, the team.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { totp } from "../http/lib/factors.mjs";
import { until } from "../http/lib/server.mjs";
import { settled, startStage } from "./lib/browser.mjs";
import { authenticator, button, desktop, firstStep, heading, password, person,
    signedIn, t } from "./lib/office.mjs";

const city = "herne", strict = "waltrop";
let stage;

before(async () => {
	stage = await startStage({ side: "office", world: { office: true,
	    home: true } });
	const file = path.join(stage.world.home, `tenants/${strict}.yaml`);
	fs.appendFileSync(file, "\nsign_in: {second_factor: required}\n");
	assert.equal(stage.world.cli("tenant", "add", strict).status, 0);
}, { timeout: 180_000 });
after(() => stage?.stop());

// 401 is how the office learns that nobody is signed in; the browser writes
// it on the console.
const visit = (where = city, options = {}) => stage.visit(where,
    { ...desktop, faults: true, ...options });

const sql = (text) => stage.world.sql(text);
const enter = (page) => page.keyboard.press("Enter");
const shown = (page, key, values) =>
    page.getByText(t(key, values), { exact: true }).first().waitFor();

// Makes a code generator's secret in the account, as its owner would.
async function withApp(page) {
	await button(page, "office.totp.begin").click();
	const secret = (await page.locator("#totp-code").waitFor(),
	    await page.locator("code.of-secret").innerText()).replace(/\s/g, "");
	await page.locator(".of-qr svg[role=img]").waitFor();
	await page.locator("#totp-code").fill(totp(secret));
	await button(page, "office.totp.confirm").click();
	await page.locator("#totp-code").waitFor({ state: "detached" });
	return secret;
}

test("a password leads to where one wanted to go, and signing out ends it", async () => {
	const email = await person(stage.world, city);
	const one = await visit();
	const page = await one.open("/staff");
	await heading(page, t("office.sign-in.title")).waitFor();
	await firstStep(page, email);
	await heading(page, t("office.menu.staff")).waitFor();
	await page.getByRole("link", { name: t("office.menu.start"),
	    exact: true }).click();
	await page.waitForFunction(() => document.activeElement?.tagName === "H1");
	await button(page, "office.sign-out").click();
	await heading(page, t("office.sign-in.title")).waitFor();
	await page.goto(one.at("/staff"));
	await heading(page, t("office.sign-in.title")).waitFor();
	await one.end();
});

test("a wrong password is said once, and after some the person waits as long as it says", async () => {
	const email = await person(stage.world, city);
	const one = await visit();
	const page = await one.open("/");
	await enterNothing(page);
	for (let i = 0; i < 3; i++) {
		const answered = page.waitForResponse((response) =>
		    response.url().endsWith("/session"));
		await firstStep(page, email, "ein falsches Passwort");
		assert.equal((await answered).status(), 401);
		await page.getByRole("alert").waitFor();
	}
	// Long enough to be seen on a busy machine.
	sql("update sign_in_count set next_at = now() + interval '8 seconds'");
	await firstStep(page, email, "ein falsches Passwort");
	await shown(page, "office.sign-in.slow");
	assert.equal(await page.locator("button[type=submit]")
	    .getAttribute("aria-disabled"), "true");
	const before = stage.network.of("POST", "/session").length;
	await page.locator("#password").press("Enter");
	await page.waitForFunction(() => !document.querySelector(
	    "button[type=submit][aria-disabled]"));
	assert.equal(stage.network.of("POST", "/session").length, before,
	    "nothing was sent while waiting");
	await firstStep(page, email);
	await page.locator(".of-header__person").waitFor();
	await one.end();
});

async function enterNothing(page) {
	await button(page, "office.sign-in.go").click();
	await page.getByRole("alert").waitFor();
	assert.equal(await page.locator("[aria-invalid]").count(), 2);
	await page.getByRole("alert").getByRole("link").first().click();
	assert.equal(await page.evaluate(() => document.activeElement.id), "email");
}

test("an app's code, a recovery code and a passkey each are a second step", async () => {
	const email = await person(stage.world, city);
	const one = await visit();
	const page = await signedIn(one, email, "/account");
	await authenticator(page);
	const secret = await withApp(page);
	await button(page, "office.recovery.make").click();
	const code = await page.locator(".of-codes code").first().innerText();
	assert.match(code, /^\w{5}-\w{5}$/);
	await button(page, "office.recovery.kept").click();
	await page.locator("#passkey-name").fill("Diensthandy");
	await button(page, "office.passkey.add").click();
	await page.getByText("Diensthandy").first().waitFor();
	await page.getByRole("button", { name: t("office.passkey.rename") }).click();
	await page.getByLabel(t("office.passkey.name")).first().fill("Dienstgerät");
	await button(page, "app.button.save").first().click();
	await page.getByText("Dienstgerät", { exact: true }).first().waitFor();

	const again = async () => {
		await button(page, "office.sign-out").click();
		await heading(page, t("office.sign-in.title")).waitFor();
		await firstStep(page, email);
		await page.getByRole("heading", { level: 2,
		    name: t("office.sign-in.second") }).waitFor();
	};
	const inside = () => page.locator(".of-header__person").waitFor();

	await again();
	await button(page, "office.sign-in.instead-totp").click();
	await page.locator("#code").fill("12");
	await button(page, "office.sign-in.go").click();
	await page.getByRole("alert").waitFor();
	await page.locator("#code").fill(totp(secret, 1));
	await button(page, "office.sign-in.go").click();
	await inside();

	await again();
	await button(page, "office.sign-in.instead-recovery").click();
	await page.locator("#code").fill(code.toUpperCase());
	await button(page, "office.sign-in.go").click();
	await inside();

	await again();
	await button(page, "office.sign-in.by-passkey").click();
	await inside();

	// And alone it is both steps.
	await button(page, "office.sign-out").click();
	await heading(page, t("office.sign-in.title")).waitFor();
	await button(page, "office.sign-in.by-passkey").click();
	await inside();
	await one.end();
});

test("a session that ends while somebody types takes nothing away", async () => {
	const email = await person(stage.world, city);
	const one = await visit();
	const page = await signedIn(one, email, "/staff/new");
	await page.locator("#name").fill("Dana Muster");
	await page.locator("#email").fill("dana@example.org");
	await page.locator("#roles").check();
	sql("update staff_session set ended_at = now() where ended_at is null");
	await button(page, "office.staff.invite").click();
	const dialog = page.locator("dialog[open]");
	await dialog.waitFor();
	assert.equal(await dialog.locator("#email").inputValue(), email);
	assert.equal(await dialog.locator("#email").getAttribute("readonly"), "");
	await dialog.locator("#password").fill(password);
	await enter(page);
	await shown(page, "office.staff.invited", { email: "dana@example.org" });
	assert.equal(sql("select count(*) from staff where name = 'Dana Muster'"),
	    "1");
	await one.end();
});

test("a screen left alone does not keep the session open, and says when it ends", async () => {
	const email = await person(stage.world, city);
	const one = await visit();
	// The page believes what time the answers say it is. While somebody signs
	// in, they say 27 minutes ago.
	await one.context.addInitScript(() => {
		const get = Headers.prototype.get;
		window.minutesAgo = 27;
		Headers.prototype.get = function (name) {
			const value = get.call(this, name);
			return name.toLowerCase() !== "date" ? value : new Date(
			    Date.parse(value) - window.minutesAgo * 60_000).toUTCString();
		};
	});
	const page = await signedIn(one, email, "/defect-reporter/forwarded");
	await page.locator(".sk-empty").waitFor();
	await settled(page);
	sql(`update staff_session set last_seen_at = now() - interval '26 minutes',
	    created_at = now() - interval '1 hour' where ended_at is null`);
	await page.evaluate(() => { window.minutesAgo = 0; });
	const warning = page.getByRole("heading",
	    { name: t("office.expiry.title") });
	// Who comes back to the window makes it ask at once.
	await until("it says when the session ends", async () => {
		await page.evaluate(() =>
		    document.dispatchEvent(new Event("visibilitychange")));
		return warning.isVisible();
	});
	const seen = () => sql(`select count(*) from staff_session where
	    last_seen_at > now() - interval '5 minutes' and ended_at is null`);
	assert.equal(seen(), "0", "asking did not prolong it");
	await button(page, "office.expiry.stay").click();
	await until("it is prolonged", () => seen() === "1");
	await page.locator("dialog").waitFor({ state: "detached" });
	await one.end();
});

test("a new person opens the link, chooses a password, sets up a second step, and is in", async () => {
	const added = stage.world.cli("staff", "add", strict, "neu@example.org",
	    "--name", "Nila Neu", "--role", "admin");
	assert.equal(added.status, 0, added.stderr);
	const [, token] = /invitation#([\w-]+)/.exec(added.stdout);
	const one = await visit(strict);
	const page = await one.open(`/invitation#${token}`);
	await heading(page, t("office.invitation.title")).waitFor();
	await page.locator("#new-password").fill("kurz");
	await button(page, "office.invitation.go").click();
	await page.getByRole("alert").waitFor();
	await page.locator("#new-password").fill(password);
	await button(page, "office.invitation.go").click();
	await heading(page, t("office.enrol.title")).waitFor();
	assert.equal(await page.locator(".sk-bar").count(), 0,
	    "nothing else is open yet");
	await withApp(page);
	await heading(page, t("office.enrol.done")).waitFor();
	await button(page, "office.enrol.skip").click();
	await page.locator(".sk-bar").waitFor();
	assert.ok(!stage.network.seen.some((seen) => seen.path.includes(token)),
	    "the token stood in no address");

	// The link is good once.
	const other = await visit(strict);
	const again = await other.open(`/invitation#${token}`);
	await again.locator("#new-password").fill(password);
	await button(again, "office.invitation.go").click();
	await again.getByRole("alert").waitFor();
	await other.end();
	await one.end();
});

test("whoever is disabled is out at the next request, and undo lets them in again", async () => {
	const boss = await person(stage.world, city);
	const email = await person(stage.world, city, "clerk");
	const two = await visit();
	const theirs = await signedIn(two, email);
	assert.equal(await theirs.getByRole("link", { name: t("office.menu.staff"),
	    exact: true }).count(), 0);
	const one = await visit();
	const page = await signedIn(one, boss, "/staff");
	await page.locator("#search").fill(email);
	await page.locator("tbody a").first().click();
	await button(page, "office.staff.disable").click();
	await page.locator("dialog").getByRole("button",
	    { name: t("office.staff.disable"), exact: true }).click();
	await page.locator(".of-toast").waitFor();
	await theirs.getByRole("link", { name: /Alex Beispiel/ }).click();
	await theirs.locator("dialog[open]").waitFor();
	await page.keyboard.press("u");
	await until("enabled again", () => sql(`select count(*) from staff
	    where email = '${email}' and disabled_at is null`) === "1");
	await theirs.locator("dialog #password").fill(password);
	await enter(theirs);
	await theirs.locator("dialog").waitFor({ state: "detached" });
	await heading(theirs, t("office.account.title")).waitFor();
	await two.end();
	await one.end();
});

test("roles are changed for the next request", async () => {
	const boss = await person(stage.world, city);
	const email = await person(stage.world, city, "admin");
	const one = await visit();
	const page = await signedIn(one, boss, "/staff");
	await page.locator("#search").fill(email);
	await page.locator("tbody a").first().click();
	const all = page.getByRole("checkbox");
	await all.first().waitFor();
	await page.locator("#roles").uncheck();
	await button(page, "app.button.save").click();
	await page.getByRole("alert").waitFor();
	await all.nth(1).check();
	await button(page, "app.button.save").click();
	await page.locator(".of-toast").waitFor();
	assert.equal(sql(`select 'admin' = any (roles) from staff
	    where email = '${email}'`), "f");
	await one.end();
});

test("the factor of an old session is changed after signing in again", async () => {
	const email = await person(stage.world, city);
	const one = await visit();
	const page = await signedIn(one, email, "/account");
	sql("update staff_session set created_at = now() - interval '20 minutes'");
	await button(page, "office.totp.begin").click();
	const dialog = page.locator("dialog[open]");
	await dialog.waitFor();
	await dialog.locator("#password").fill(password);
	await enter(page);
	await page.locator("#totp-code").waitFor();
	await one.end();
});

test("the password is changed, and other sessions are ended one by one or at once", async () => {
	const email = await person(stage.world, city);
	const two = await visit();
	const there = await signedIn(two, email);
	const one = await visit();
	const page = await signedIn(one, email, "/account");
	await page.locator("#old-password").fill(password);
	await page.locator("#new-password").fill("Noch ein langer Satz 2026");
	await button(page, "office.password.go").click();
	await shown(page, "office.password.changed");
	await there.getByRole("link", { name: /Alex Beispiel/ }).click();
	await there.locator("dialog[open]").waitFor();
	await two.end();
	await one.end();
});

test("keys are listed, work where nobody types, and can be turned off", async () => {
	const email = await person(stage.world, city);
	const one = await visit();
	const page = await signedIn(one, email, "/staff");
	await page.locator("#search").press("?");
	assert.equal(await page.locator("#search").inputValue(), "?");
	await page.locator("#main").focus();
	await page.keyboard.press("?");
	await page.locator("dialog .of-keys").waitFor();
	await page.getByRole("link", { name: t("office.keys.change") }).click();
	await page.waitForFunction(() => document.activeElement.id === "keys");
	await page.locator("#keys").uncheck();
	await page.locator("#main").focus();
	await page.keyboard.press("?");
	await page.reload();
	await settled(page);
	await page.locator("#main").focus();
	await page.keyboard.press("?");
	assert.equal(await page.locator("dialog").count(), 0);
	await one.end();
});

test("English and dark are kept on the device, and everything is reached by keyboard", async () => {
	const email = await person(stage.world, city);
	const one = await visit();
	const page = await signedIn(one, email, "/account");
	await page.getByRole("radio", { name: "English" }).check();
	await page.getByRole("heading", { level: 1, name: "My account" }).waitFor();
	await page.getByRole("radio", { name: "Dark" }).check();
	await page.reload();
	await page.getByRole("heading", { level: 1, name: "My account" }).waitFor();
	assert.equal(await page.evaluate(() => document.documentElement.lang +
	    document.documentElement.dataset.mode), "endark");
	await page.keyboard.press("Tab");
	assert.match(await page.evaluate(() => document.activeElement.className),
	    /sk-skip/);
	await enter(page);
	assert.equal(await page.evaluate(() => document.activeElement.id), "main");
	await one.end();
});
