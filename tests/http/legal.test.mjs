// SPDX-License-Identifier: EUPL-1.2
// Imprint, privacy and accessibility of each city, and the feedback form.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { cities, everything, refused } from "./lib/city.mjs";
import { readMails } from "./lib/mail.mjs";
import { startWorld, until } from "./lib/server.mjs";

let world;
before(async () => {
	world = await startWorld({ public: true, courier: true, home: true,
	    env: { STADTKERN_LIMITS: "100" } });
}, { timeout: 120_000 });
after(() => world.stop());

const legal = (city, language = "de") => world.public.request("GET", city,
    "/api/v1/legal", { headers: { "accept-language": language } });
const texts = (section) => [section.heading, ...section.paragraphs ?? [],
    ...section.list ?? [], ...(section.table?.columns ?? []),
    ...(section.table?.rows ?? []).flat()];
const waste = "entsorgung herne (Beispiel), Anstalt des öffentlichen Rechts";
const all = (page) => [page.title, ...page.sections.flatMap(texts)].join("\n");
const pages = ["imprint", "privacy", "accessibility"];

function rewrite(slug, change) {
	const file = path.join(world.home, `tenants/${slug}.yaml`);
	fs.writeFileSync(file, change(fs.readFileSync(file, "utf8")));
}

describe("the legal pages of each city", () => {
	test("are complete, and nobody else's", async () => {
		for (const [slug, city] of Object.entries(cities)) {
			const { status, json } = await legal(slug);
			assert.equal(status, 200);
			assert.equal(json.complete, true);
			const others = Object.values(cities).map((one) => one.name)
			    .filter((name) => name !== city.name);
			for (const page of pages) {
				const text = all(json[page]);
				assert.ok(text.includes(city.name), `${slug} ${page}`);
				for (const other of others)
					assert.ok(!text.includes(other), `${slug}: ${other}`);
			}
		}
	});

	test("are in German where they are not in the language asked for, and say so", async () => {
		for (const [language, note] of [["tr", /Almanca/],
		    ["uk", /німецьк/], ["de-simple", /Leichter Sprache/]]) {
			const { json } = await legal("herne", language);
			assert.equal(json.language, "de");
			assert.match(json.note, note);
			assert.equal(json.imprint.title, "Impressum");
			assert.match(all(json.privacy), /Mängelmelder/);
		}
		for (const language of ["de", "en"]) {
			const { json } = await legal("herne", language);
			assert.equal(json.language, language);
			assert.equal(json.note, null);
		}
	});

	test("are sections of a heading with texts, and no text is left open",
	    async () => {
		for (const slug of Object.keys(cities))
			for (const language of ["de", "en"]) {
				const { json } = await legal(slug, language);
				for (const page of pages)
					for (const section of json[page].sections) {
						const { heading, ...rest } = section;
						assert.equal(Object.keys(rest).length, 1);
						assert.ok(heading.length > 3);
						assert.ok(["paragraphs", "list", "table"]
						    .includes(Object.keys(rest)[0]));
						for (const text of texts(section)) {
							assert.equal(typeof text, "string");
							assert.doesNotMatch(text,
							    /[{}]|^$|\n$|legal\.|personal_data/);
						}
					}
			}
	});

	test("are in the caller's language, with as many sections in each",
	    async () => {
		const [de, en] = await Promise.all(["de", "en"].map((language) =>
		    legal("herne", language)));
		assert.equal(de.json.imprint.title, "Impressum");
		assert.equal(en.json.imprint.title, "Legal notice");
		for (const page of pages) {
			assert.equal(de.json[page].sections.length,
			    en.json[page].sections.length);
			de.json[page].sections.forEach((section, i) =>
			    assert.equal(texts(section).length,
			    texts(en.json[page].sections[i]).length,
			    section.heading));
		}
	});

	test("are kept, with a tag", async () => {
		const first = await legal("herne");
		const again = await world.public.request("GET", "herne",
		    "/api/v1/legal", { headers: { "accept-language": "de",
		    "if-none-match": first.headers.etag } });
		assert.equal(again.status, 304);
	});
});

test("the imprint names who provides, represents, answers and supervises",
    async () => {
	const { json } = await legal("herne");
	const text = all(json.imprint);
	for (const part of ["§ 5 DDG", "Stadt Herne\nBeispielplatz 1\n44623 Herne",
	    "Oberbürgermeister Alex Beispiel", "Telefon: 02323 000-0",
	    "E-Mail: stadt@herne.example.org", "DE000000003",
	    "Bezirksregierung Arnsberg", "§ 18 Abs. 2 MStV",
	    "Toni Beispiel, Pressestelle"])
		assert.ok(text.includes(part), part);
});

describe("the privacy page", () => {
	test("names everything that the platform and the plugins declare",
	    async () => {
		const { json } = await legal("herne");
		const tables = json.privacy.sections.filter((one) => one.table);
		assert.deepEqual(tables.map((one) => one.heading),
		    ["Geräte, Konten und Nachrichten", "Sperrmüll",
		    "Mängelmelder"]);
		for (const { heading, table } of tables) {
			assert.deepEqual(table.columns, ["Daten", "Zweck",
			    "Rechtsgrundlage", "Verantwortlich", "Speicherdauer"]);
			for (const row of table.rows) {
				assert.equal(row.length, 5);
				assert.ok(row.every((cell) => cell.length > 3));
				assert.match(row[2], /DSGVO|DSG NRW/);
				assert.equal(row[3], heading === "Sperrmüll" ?
				    waste : "Stadt Herne");
			}
		}
		const count = (dir) => fs.readFileSync(dir, "utf8")
		    .match(/\{ \.table = "/g).length;
		assert.deepEqual(tables.map((one) => one.table.rows.length),
		    [count("platform/base/plugin.c") +
		    count("platform/base/sign_in.h"),
		    count("plugins/bulky-waste/plugin.c"),
		    count("plugins/defect-reporter/plugin.c")]);
	});

	test("says which rights there are, and who supervises", async () => {
		const { json } = await legal("waltrop");
		const text = all(json.privacy);
		for (const article of [15, 16, 17, 18, 20, 21, 77])
			assert.match(text, new RegExp(`Art\\. ${article} DSGVO`));
		assert.match(text, /Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen/);
		assert.match(text, /datenschutz@waltrop\.example\.org/);
	});

	test("leaves out a company for which nothing is declared", async () => {
		const { json } = await legal("herne");
		assert.ok(all(json.privacy).includes(waste));
		assert.ok(!all(json.privacy).includes("Stadtwerke Herne"));
	});

	test("loses a plugin's rows with the plugin", async () => {
		rewrite("gladbeck", (text) =>
		    `${text.slice(0, text.indexOf("\nplugins:"))}\nplugins: {}\n`
		    .replace(/\nroles:[\s\S]*?(?=\n\w)/, "\n"));
		const added = world.cli("tenant", "add", "gladbeck");
		assert.equal(added.status, 0, added.stderr);
		await until("the rows are gone", async () => {
			const { json } = await legal("gladbeck");
			return json.privacy.sections.filter((one) =>
			    one.table).length === 1;
		});
	});
});

describe("the accessibility statement", () => {
	test("names law, status, gaps, contact and the ombuds office",
	    async () => {
		const { json } = await legal("herne");
		const text = all(json.accessibility);
		for (const part of ["BITVNRW", "teilweise vereinbar", "01.10.2026",
		    "barrierefrei@herne.example.org", "https://herne.localhost/",
		    "Ältere Aushänge",
		    "Ombudsstelle für barrierefreie Informationstechnik des " +
		    "Landes Nordrhein-Westfalen bei der/dem " +
		    "Landesbehinderten- und Patientenbeauftragten"])
			assert.ok(text.includes(part), part);
		assert.equal(json.feedback, "/api/v1/feedback");
		assert.match(all((await legal("herne", "en")).json.accessibility),
		    /2026-10-01/);
	});

	test("says that there was no self-assessment where none is written",
	    async () => {
		const { json } = await legal("waltrop");
		assert.match(all(json.accessibility), /steht noch aus/);
		assert.doesNotMatch(all(json.accessibility), /vom \d/);
	});
});

test("a city that has written nothing has its name and address, and is told " +
    "to be incomplete", async () => {
	rewrite("waltrop", (text) =>
	    text.replace(/\nlegal:[\s\S]*?(?=\n\w)/, "\n"));
	const added = world.cli("tenant", "add", "waltrop");
	assert.equal(added.status, 0, added.stderr);
	const json = await until("it is seen", async () => {
		const answer = await legal("waltrop");
		return !answer.json.complete && answer.json;
	});
	assert.match(all(json.imprint), /Waltrop/);
	assert.match(all(json.imprint), /E-Mail: stadt@waltrop\.example\.org/);
	assert.doesNotMatch(all(json.imprint), /Telefon|§ 27a|\{/);
	assert.match(all(json.accessibility), /stadt@waltrop\.example\.org/);
});

describe("a section that is wrong is refused with its position", () => {
	const table = [
	    ["a postcode of four digits", "    postcode: \"44623\"",
		"    postcode: \"4462\"", /\/legal\/provider\/postcode.*five digits/],
	    ["a VAT id that is none", "vat_id: DE000000003", "vat_id: 12",
		/\/legal\/vat_id.*DE and nine digits/],
	    ["a controller that there is not", "    utility:\n", "    gas:\n",
		/\/legal\/controllers\/gas.*waste, utility/],
	    ["an unknown key", "  represented_by:", "  represented_bye:",
		/\/legal\/represented_bye.*represented_by/],
	    ["a missing officer", /  officer:\n( {4}.*\n)+/, "",
		/\/legal\/officer/],
	    ["a day that is none", "assessed: 2026-10-01",
		"assessed: 2026-13-01", /\/legal\/accessibility\/assessed/],
	    ["an address that is none", "email: barrierefrei@herne.example.org",
		"email: barrierefrei", /\/legal\/accessibility\/email/],
	    ["a text in its place", /\nlegal:[\s\S]*?(?=\n\w)/,
		"\nlegal: see our page\n", /\/legal /],
	];
	for (const [what, from, to, says] of table)
		test(what, () => {
			const file = path.join(world.home, "tenants/herne.yaml");
			const before = fs.readFileSync(file, "utf8");
			const changed = before.replace(from, to);
			assert.notEqual(changed, before);
			fs.writeFileSync(file, changed);
			const result = world.cli("tenant", "check", "herne");
			fs.writeFileSync(file, before);
			assert.notEqual(result.status, 0);
			assert.match(result.stderr + result.stdout, says);
			assert.match(result.stderr + result.stdout,
			    /herne\.yaml:\d+:\d+: \/legal/);
		});
});

describe("feedback on accessibility", () => {
	const send = (body, headers = {}, city = "herne") =>
		world.public.request("POST", city, "/api/v1/feedback",
		    { body, headers });
	const words = "Der Knopf „Weiter“ hat keinen Namen. {city} {email}";
	const mailWith = (word) => until("it is sent", () =>
		readMails(world).find((mail) => mail.body.includes(word)));

	test("becomes a mail to the city's contact, and is nowhere else",
	    async () => {
		const sender = "lena.beispiel@example.org";
		const answer = await send({ text: words, email: sender,
		    page: "/report" });
		assert.equal(answer.status, 201, answer.text);
		assert.deepEqual(answer.json, { sent: true });
		const { head, body } = await mailWith("Knopf");
		assert.match(head, /^To: .*barrierefrei@herne\.example\.org/m);
		assert.ok(body.includes(words), "nothing of it is filled in");
		assert.ok(body.includes(sender) && body.includes("/report"));
		const stored = everything(world);
		assert.ok(!stored.includes("Knopf") && !stored.includes(sender));
		for (const one of world.processes)
			assert.doesNotMatch(one.log, /Knopf|lena\.beispiel/);
	});

	test("without an address is one nobody can answer", async () => {
		assert.equal((await send({ text: "Zu wenig Kontrast im Menü." }))
		    .status, 201);
		assert.match((await mailWith("Kontrast")).body, /Antwort: –/);
	});

	test("with a key is sent once", async () => {
		const headers = { "idempotency-key": "feedback-of-today" };
		const body = { text: "Die Schrift lässt sich nicht vergrößern." };
		const first = await send(body, headers);
		const again = await send(body, headers);
		assert.equal(first.status, 201);
		assert.equal(again.status, 201);
		assert.equal(again.headers["idempotency-replayed"], "true");
		await mailWith("Schrift");
		assert.equal(world.sql("select count(*) from stadtkern.job " +
		    "where payload->>'template' = 'accessibility-feedback'"), "3");
	});

	test("that says nothing, or too much, is refused", async () => {
		refused(await send({}), 422, "fields", [["/text", "required"]]);
		refused(await send({ text: "kurz", email: "nein" }), 422, "fields",
		    [["/text", "too-short"], ["/email", "format"]]);
		refused(await send({ text: "x".repeat(4001) }), 422, "fields",
		    [["/text", "too-long"]]);
		refused(await send({ text: words, to: "a@example.org" }), 422,
		    "fields", [["/to", "unknown"]]);
	});

	test("is limited for each caller", async () => {
		for (let i = 0; i < 40; i++) {
			const answer = await send({ text: "Noch eine Rückmeldung." });
			if (answer.status === 429)
				return refused(answer, 429, "too-many-requests");
			assert.equal(answer.status, 201);
		}
		assert.fail("never refused");
	});
});
