// SPDX-License-Identifier: EUPL-1.2
// docs/plugins.md says that its plugin is complete. Here its files are taken
// out of the page, word for word, built with the Makefile's own rules, served,
// and its screens are looked at in a browser.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { launch } from "../browser/lib/browser.mjs";
import { refused } from "../http/lib/city.mjs";
import { build, newDevice, newStaff, run, startWorld, top, until }
    from "../http/lib/server.mjs";

const page = fs.readFileSync(path.join(top, "docs/plugins.md"), "utf8");
const files = [...page.matchAll(
    /^\*\*([\w./-]+)\*\*\n\n```\w+\n([\s\S]*?)^```$/gm)]
    .map(([, name, content]) => ({ name, content }));
const base = "/api/v1/lost-property";
const office = "/office/api/v1/lost-property";
const nobody = "00000000-0000-4000-8000-000000000000";

function write(root) {
	for (const { name, content } of files) {
		const file = path.join(root, name);
		fs.mkdirSync(path.dirname(file), { recursive: true });
		fs.writeFileSync(file, content);
	}
}

// What the rule for plugins needs of the tree, and nothing else.
function buildPlugin(root) {
	for (const part of ["Makefile", "platform/include",
	    "platform/web/kore/kore.mk", "tests/tests.mk", "tests/bench/bench.mk"])
		fs.cpSync(path.join(top, part), path.join(root, part),
		    { recursive: true });
	write(root);
	run("make", ["-s", "BUILD=out", "out/plugins/lost-property.so"],
	    { cwd: root });
	fs.cpSync(path.join(build, "plugins"), path.join(root, "out/plugins"),
	    { recursive: true });
	return path.join(root, "out/plugins");
}

// The app and the office with its screens alone, and what tsc says of them.
function buildScreens(root) {
	for (const part of ["LICENSE", "platform/app", "platform/office",
	    "platform/cli/skeleton"])
		fs.cpSync(path.join(top, part), path.join(root, part),
		    { recursive: true, filter: (name) =>
		    path.basename(name) !== "node_modules" });
	fs.symlinkSync(path.join(top, "platform/app/node_modules"),
	    path.join(root, "platform/app/node_modules"));
	run("platform/app/node_modules/.bin/tsc", ["-p", "platform/app"],
	    { cwd: root });
	for (const side of ["app", "office"])
		run("node", ["platform/app/build.mjs", "--out", `out/${side}`,
		    "--side", side], { cwd: root });
}

let tree, world, staff, citizen, stranger;

async function confirm(device, email) {
	const asked = await device.request("POST", "/api/v1/account",
	    { body: { email } });
	assert.equal(asked.status, 200, asked.text);
	const code = await until(`a code for ${email}`, () => mail().map((text) =>
	    text.includes(email) && /^\s+(\d{6})\s*$/m.exec(text)?.[1])
	    .find(Boolean));
	const confirmed = await device.request("POST",
	    "/api/v1/account/confirm", { body: { code } });
	assert.equal(confirmed.status, 200, confirmed.text);
	return device;
}

function mail() {
	const dir = path.join(world.dir, "mail");
	return fs.existsSync(dir) ? fs.readdirSync(dir)
	    .filter((name) => name.endsWith(".eml"))
	    .map((name) => fs.readFileSync(path.join(dir, name), "utf8")) : [];
}

before(async () => {
	tree = fs.mkdtempSync(path.join(os.tmpdir(), "stadtkern-docs-"));
	const objects = buildPlugin(tree);
	buildScreens(tree);
	world = await startWorld({ home: true, env: { STADTKERN_LIMITS: "0",
	    STADTKERN_OBJECTS: objects, STADTKERN_APP: path.join(tree, "out/app"),
	    STADTKERN_OFFICE_APP: path.join(tree, "out/office") } });
	write(world.home);
	for (const command of [["migrate"], ["tenant", "check", "musterstadt"],
	    ["tenant", "add", "musterstadt"]]) {
		const done = world.cli(...command);
		assert.equal(done.status, 0, done.stderr);
	}
	await world.startServer("public");
	await world.startServer("office");
	world.startCourier();
	staff = await newStaff(world, "musterstadt", "kim@example.org", "admin");
	citizen = await confirm(await newDevice(world.public, "musterstadt"),
	    "alex.beispiel@example.org");
	stranger = await newDevice(world.public, "musterstadt");
}, { timeout: 180_000 });

after(async () => {
	await world?.stop();
	fs.rmSync(tree, { recursive: true, force: true });
});

const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString()
    .slice(0, 10);
const aFind = { title: "Schlüsselbund mit rotem Band", place: "Marktplatz",
    found_on: day(0) };
const aClaim = { proof: "Am Band hängt ein kleiner Anker.",
    contact: { name: "Alex Beispiel", email: "alex.beispiel@example.org" } };

async function enter(find = {}) {
	const answer = await staff.request("POST", `${office}/finds`,
	    { body: { ...aFind, ...find } });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}

const finds = async () => {
	const answer = await world.public.request("GET", "musterstadt",
	    `${base}/finds`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json.items;
};
const claim = (id, body = aClaim, headers = {}, device = citizen) =>
    device.request("POST", `${base}/finds/${id}/claims`, { body, headers });

test("the page holds every file that the plugin needs", () => {
	assert.deepEqual(files.map((file) => file.name).sort(), [
	    "migrations/0412_lost-property_finds.sql",
	    "plugins/lost-property/app/entries.yaml",
	    "plugins/lost-property/app/index.tsx",
	    "plugins/lost-property/messages/de.yaml",
	    "plugins/lost-property/messages/en.yaml",
	    "plugins/lost-property/office/entries.yaml",
	    "plugins/lost-property/office/index.tsx",
	    "plugins/lost-property/plugin.c",
	    "plugins/lost-property/queries.sql",
	    "tenants/musterstadt.yaml",
	    "tenants/musterstadt/boundary.geojson"]);
});

test("every statement can be prepared on both sides", async () => {
	for (const server of [world.public, world.office]) {
		const ready = await server.request("GET", "any", "/readyz");
		assert.equal(ready.json.broken_statement, undefined, ready.text);
		assert.deepEqual(ready.json.problems, []);
	}
});

test("the app is told of the plugin and of the shown setting only",
    async () => {
	const { json } = await world.public.request("GET", "musterstadt",
	    "/api/v1/app", { headers: { "accept-language": "de" } });
	const [plugin] = json.plugins;
	assert.equal(plugin.title, "Fundbüro");
	assert.deepEqual(plugin.settings, { counter:
	    "Bürgerbüro, Markt 1, Montag bis Freitag 8 bis 12 Uhr" });
});

test("the interface's description names the routes and says", async () => {
	const open = await world.public.request("GET", "musterstadt",
	    "/api/v1/openapi.json");
	assert.ok(open.json.paths[`${base}/finds/{id}/claims`].post);
	assert.match(open.text, /what only the owner can know/);
	const closed = await world.office.request("GET", "musterstadt",
	    "/office/api/v1/openapi.json");
	assert.ok(closed.json.paths[`${office}/claims/{id}`].get);
});

describe("a find", () => {
	test("is in the public list as soon as staff entered it", async () => {
		const before = await finds();
		const { id } = await enter();
		await until("the find is public", async () =>
		    (await finds()).some((find) => find.id === id));
		assert.equal((await finds()).length, before.length + 1);
		const shown = await world.public.request("GET", "musterstadt",
		    `${base}/finds/${id}`);
		assert.equal(shown.status, 200);
		assert.equal(shown.json.title, aFind.title);
		assert.equal(Date.parse(shown.json.until) -
		    Date.parse(shown.json.found_on), 180 * 86_400_000);
	});

	test("is paged, newest first, without a gap", async () => {
		for (let i = 0; i < 5; i++)
			await enter({ title: `Regenschirm ${i}` });
		await until("five umbrellas", async () => (await finds())
		    .filter((find) => find.title.startsWith("Regen")).length === 5);
		const want = (await finds()).map((find) => find.id);
		const seen = [];
		for (let cursor = "";;) {
			const { status, json, text } = await world.public.request(
			    "GET", "musterstadt", `${base}/finds?limit=2${cursor}`);
			assert.equal(status, 200, text);
			seen.push(...json.items.map((find) => find.id));
			if (json.next === null)
				break;
			cursor = `&cursor=${json.next}`;
		}
		assert.deepEqual(seen, want);
	});

	test("is not in the list of another city, which lacks the plugin",
	    async () => {
		refused(await world.public.request("GET", "herne",
		    `${base}/finds`), 404, "not-found");
	});

	test("with errors is refused with all of them, and not stored",
	    async () => {
		const before = world.sql("select count(*) from lost_property.find");
		refused(await staff.request("POST", `${office}/finds`, { body:
		    { title: "A", found_on: "2026-02-30", colour: "red" } }), 422,
		    "fields", [["/title", "too-short"], ["/place", "required"],
		    ["/found_on", "format"], ["/colour", "unknown"]]);
		assert.equal(world.sql("select count(*) from lost_property.find"),
		    before);
	});

	test("is entered by nobody but staff", async () => {
		refused(await world.office.request("POST", "musterstadt",
		    `${office}/finds`, { body: aFind }), 401, "session-unknown");
	});
});

describe("a claim", () => {
	test("is made by an account and read, opened, in the office",
	    async () => {
		const { id } = await enter({ title: "Blaue Mütze" });
		const made = await claim(id);
		assert.equal(made.status, 201, made.text);
		const list = await staff.request("GET", `${office}/claims`);
		assert.equal(list.status, 200, list.text);
		assert.equal(list.json.items[0].id, made.json.id);
		assert.doesNotMatch(list.text, /Alex/);
		const shown = await staff.request("GET",
		    `${office}/claims/${made.json.id}`);
		assert.equal(shown.status, 200, shown.text);
		assert.equal(shown.json.proof, aClaim.proof);
		assert.deepEqual(shown.json.contact, aClaim.contact);
		const row = world.sql("select encode(contact, 'escape') " +
		    `from lost_property.claim where id = '${made.json.id}'`);
		assert.ok(row);
		assert.doesNotMatch(row, /Alex/, "the contact is sealed");
	});

	test("tells the city's department by mail", async () => {
		const { id } = await enter({ title: "Kinderwagen" });
		assert.equal((await claim(id)).status, 201);
		const text = await until("the mail", () => mail().find((text) =>
		    text.includes("To: ") && text.includes("Kinderwagen")));
		assert.match(text, /stadt@musterstadt\.example\.org/);
		assert.doesNotMatch(text, /Alex|Anker/);
	});

	test("sent twice with one key is made once", async () => {
		const { id } = await enter();
		const key = { "idempotency-key": "claim-of-2026-11-20" };
		const first = await claim(id, aClaim, key);
		const again = await claim(id, aClaim, key);
		assert.deepEqual([again.status, again.json],
		    [201, first.json]);
		assert.equal(again.headers["idempotency-replayed"], "true");
		refused(await claim(id, { ...aClaim, proof: "Etwas ganz anderes." },
		    key), 409, "idempotency-key-reused");
		refused(await claim(id), 409, "claimed-before");
	});

	test("on what is not there, or with errors, is refused", async () => {
		const { id } = await enter();
		refused(await claim(nobody), 404, "not-found");
		refused(await claim("seventeen"), 404, "not-found");
		refused(await claim(id, { proof: "kurz", contact: {} }), 422,
		    "fields", [["/proof", "too-short"], ["/contact", "required"]]);
		refused(await claim(id, { ...aClaim,
		    contact: { email: "no address" } }), 422, "fields",
		    [["/contact/email", "format"]]);
	});

	test("needs a device and a confirmed account", async () => {
		const { id } = await enter();
		refused(await claim(id, aClaim, {}, stranger), 403,
		    "account-required");
		refused(await world.public.request("POST", "musterstadt",
		    `${base}/finds/${id}/claims`, { body: aClaim }), 401,
		    "device-unknown");
	});
});

test("a find that was handed out is gone for everybody", async () => {
	const { id } = await enter({ title: "Fahrradhelm" });
	const made = (await claim(id)).json;
	const out = (body) => staff.request("POST",
	    `${office}/finds/${id}/hand-out`, { body });
	refused(await out({ claim: nobody }), 422, "claim-unknown");
	assert.equal((await out({ claim: made.id })).status, 200);
	refused(await out({ claim: made.id }), 409, "find-gone");
	await until("it is gone from the list", async () =>
	    !(await finds()).some((find) => find.id === id));
	refused(await world.public.request("GET", "musterstadt",
	    `${base}/finds/${id}`), 404, "not-found");
	refused(await claim(id), 409, "find-gone");
});

test("a find's and a claim's time ends by schedule", async () => {
	const { id } = await enter({ title: "Regenjacke" });
	const made = (await claim(id)).json;
	const state = () => world.sql("select state || coalesce(gone_on::text, " +
	    `'') from lost_property.find where id = '${id}'`);
	const later = (what, name) => world.sql(`begin; ${what};
	    delete from stadtkern.schedule_run where name = '${name}'; commit`);
	later("update lost_property.find set found_on = current_date - 200, " +
	    `until = current_date - 1 where id = '${id}'`,
	    "lost-property/give-away");
	await until("it is given away", () => state().startsWith("gone"));
	later(`update lost_property.find set gone_on = current_date - 91 ` +
	    `where id = '${id}'`, "lost-property/erase-claim");
	await until("the claim is erased", () => world.sql("select count(*) " +
	    `from lost_property.claim where id = '${made.id}'`) === "0");
});

test("its screens: staff enter a find, everybody sees it, it is handed out",
    async () => {
	const browser = await chromium.launch(launch);
	try {
		const context = await browser.newContext({ locale: "de-DE" });
		const at = (server, target) => `http://musterstadt.localhost:` +
		    `${server.port}${target}`;
		const [name, value] = staff.cookie.split(/=(.*)/s);
		await context.addCookies([{ name, value, secure: true,
		    httpOnly: true, sameSite: "Strict", url: at(world.office, "/")
		    .replace("http:", "https:") }]);
		const desk = await context.newPage();
		await desk.goto(at(world.office, "/"));
		await desk.locator("nav").getByRole("link", { name: "Funde",
		    exact: true }).first().click();
		await desk.locator("#find-title").fill("Rote Laterne");
		await desk.locator("#find-place").fill("Am Stadtgarten");
		await desk.locator("#find-day").fill(day(0));
		await desk.getByRole("button", { name: "Veröffentlichen" }).click();
		const find = await until("it is entered", async () => (await finds())
		    .find(({ title }) => title === "Rote Laterne"));

		const phone = await context.newPage();
		await phone.goto(at(world.public, "/"));
		await phone.getByRole("link", { name: "Fundbüro" }).first().click();
		await phone.getByRole("heading", { name: "Rote Laterne" }).waitFor();
		await phone.getByText("Abholen: Bürgerbüro, Markt 1").waitFor();

		assert.equal((await claim(find.id)).status, 201);
		await desk.goto(at(world.office, "/lost-property/claims"));
		await desk.getByText(aClaim.proof).first().waitFor();
		await desk.getByRole("button",
		    { name: "Herausgeben: Rote Laterne" }).click();
		await until("it is gone", async () => !(await finds())
		    .some(({ id }) => id === find.id));
	} finally {
		await browser.close();
	}
}, { timeout: 120_000 });

test("a setting that does not fit is refused with its place", () => {
	const file = path.join(world.home, "tenants/musterstadt.yaml");
	const good = fs.readFileSync(file, "utf8");
	fs.writeFileSync(file, `${good}    keep_days: never\n` +
	    "    departement: x\n");
	const checked = world.cli("tenant", "check", "musterstadt");
	fs.writeFileSync(file, good);
	assert.notEqual(checked.status, 0);
	assert.match(checked.stdout + checked.stderr,
	    /musterstadt\.yaml:11:\d+: \/plugins\/lost-property\/keep_days/);
	assert.match(checked.stdout + checked.stderr,
	    /musterstadt\.yaml:12:\d+: .*"department"/);
});
