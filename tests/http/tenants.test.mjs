// SPDX-License-Identifier: EUPL-1.2
// A city is a file: changing it changes the city, within seconds and without a
// failed request; a broken one changes nothing and says where it is broken.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { refused } from "./lib/city.mjs";
import { request, startWorld, until } from "./lib/server.mjs";

let world;
before(async () => {
	world = await startWorld({ public: true, office: true, courier: true,
	    home: true, env: { STADTKERN_LIMITS: "0" } });
}, { timeout: 120_000 });
after(() => world.stop());

const file = (name) => path.join(world.home, name);
const read = (name) => fs.readFileSync(file(name), "utf8");
// As editors do: a new file in the place of the old one.
function write(name, text) {
	fs.writeFileSync(`${file(name)}.new`, text);
	fs.renameSync(`${file(name)}.new`, file(name));
}
const app = (city) => world.public.request("GET", city, "/api/v1/app");
const readyz = async (server = world.public) =>
    (await request(server.port, "GET", "any", "/readyz")).json;

// True of both workers' answers, as far as six connections tell.
async function always(what, condition, ms = 10_000) {
	await until(() => `${what}\n${world.courier.log.slice(-1500)}`,
	    async () => {
		for (let i = 0; i < 6; i++)
			if (!await condition())
				return false;
		return true;
	}, ms);
}
const titled = (city, title) => always(`${city} is called ${title}`,
    async () => (await app(city)).json?.title === title);

async function underLoad(action) {
	let running = true;
	let count = 0;
	const wrong = [];
	const load = Promise.all(Array.from({ length: 4 }, async () => {
		while (running) {
			for (const city of ["herne", "gladbeck"]) {
				const answer = await app(city)
				    .catch((error) => ({ status: error.code }));
				count++;
				if (answer.status !== 200 || answer.json.slug !== city)
					wrong.push(answer.status);
			}
		}
	}));
	try {
		await action();
	} finally {
		running = false;
		await load;
	}
	assert.deepEqual(wrong, []);
	assert.ok(count > 20, String(count));
}

describe("a changed file", () => {
	test("takes effect within two seconds, without a failed request",
	    async () => {
		const text = read("tenants/herne.yaml");
		await underLoad(async () => {
			for (const [title, put] of [["Herne neu", write],
			    ["Herne App", (name, changed) =>
			    fs.writeFileSync(file(name), changed)]]) {
				const began = Date.now();
				put("tenants/herne.yaml", text.replace(
				    "title: Herne App", `title: ${title}`));
				await titled("herne", title);
				const took = Date.now() - began;
				assert.ok(took < 2000 * (process.env.SAN ? 4 : 1),
				    `${took} ms`);
			}
		});
		assert.equal((await app("gladbeck")).json.title, "Gladbeck App");
	});

	test("many times in a row ends with the last one", async () => {
		const text = read("tenants/herne.yaml");
		await underLoad(async () => {
			for (let i = 0; i < 20; i++)
				write("tenants/herne.yaml", text.replace(
				    "title: Herne App", `title: Herne ${i}`));
			await titled("herne", "Herne 19");
			write("tenants/herne.yaml", text);
			await titled("herne", "Herne App");
		});
	});

	test("that says the same publishes nothing", async () => {
		const version = () => world.sql("select version from tenant " +
		    "where slug = 'herne'");
		const was = version();
		const text = read("tenants/herne.yaml");
		write("tenants/herne.yaml", `${text}\n# A remark.\n`);
		// What is published next shows that the first was looked at.
		write("tenants/gladbeck.yaml", read("tenants/gladbeck.yaml")
		    .replace("title: Gladbeck App", "title: Gladbeck danach"));
		await titled("gladbeck", "Gladbeck danach");
		assert.equal(version(), was);
		write("tenants/herne.yaml", text);
	});

	test("that switches the theme in one line changes the colours",
	    async () => {
		const text = read("tenants/herne.yaml");
		const was = (await app("herne")).json.theme;
		const other = (await app("waltrop")).json.theme;
		assert.notDeepEqual(was.colours, other.colours);
		write("tenants/herne.yaml", text.replace("theme: herne",
		    "theme: waltrop"));
		await always("waltrop's colours in herne", async () =>
		    JSON.stringify((await app("herne")).json.theme.colours) ===
		    JSON.stringify(other.colours));
		write("tenants/herne.yaml", text);
		await always("herne's colours again", async () =>
		    JSON.stringify((await app("herne")).json.theme.colours) ===
		    JSON.stringify(was.colours));
	});

	test("of a theme changes the cities that use it", async () => {
		const text = read("themes/herne/theme.yaml");
		write("themes/herne/theme.yaml", text.replace("#0b4fa0",
		    "#123456"));
		await always("the colour", async () => Object.values((await
		    app("herne")).json.theme.colours).includes("#123456"));
		assert.ok(!(await app("gladbeck")).text.includes("#123456"));
		write("themes/herne/theme.yaml", text);
	});

	test("that names a new host moves the city there, and off the old one",
	    async () => {
		const text = read("tenants/herne.yaml");
		write("tenants/herne.yaml", text.replace("app.herne.example",
		    "neu.herne.example"));
		await always("the new host", async () =>
		    (await app("neu.herne.example")).status === 200 &&
		    (await app("app.herne.example")).status === 404);
		assert.equal((await app("herne")).status, 200);
		write("tenants/herne.yaml", text);
		await always("the old host", async () =>
		    (await app("app.herne.example")).status === 200);
	});
});

describe("a broken file", () => {
	test("changes nothing, shows in readiness, and clears when it is mended",
	    async () => {
		const text = read("tenants/herne.yaml");
		const was = (await app("herne")).text;
		const lines = text.split("\n");
		const line = lines.findIndex((one) => one.startsWith("theme:")) + 1;
		await underLoad(async () => {
			write("tenants/herne.yaml", text.replace("theme: herne",
			    "tehme: herne"));
			for (const server of [world.public, world.office])
				await always("the problem", async () => {
					const { ready, problems } = await readyz(server);
					return ready && problems.length === 1 &&
					    problems[0].tenant === "herne" &&
					    problems[0].problem.includes("herne.yaml:" +
					    `${line}:1`);
				});
			assert.equal((await app("herne")).text, was);
			assert.equal((await app("herne")).json.slug, "herne");

			const check = world.cli("tenant", "check", "herne");
			assert.equal(check.status, 1);
			assert.match(check.stderr + check.stdout, new RegExp(
			    `tenants/herne\\.yaml:${line}:1: /tehme is not known ` +
			    'here, perhaps "theme" is meant'));
			const shown = world.cli("tenant", "show", "herne");
			assert.match(shown.stdout, /stadtkern tenant check herne/);

			write("tenants/herne.yaml", text);
			for (const server of [world.public, world.office])
				await always("no problem", async () =>
				    (await readyz(server)).problems.length === 0);
		});
		assert.equal(world.cli("tenant", "check").status, 0);
	});

	test("of one city does not keep another's change back", async () => {
		const [herne, gladbeck] = [read("tenants/herne.yaml"),
		    read("tenants/gladbeck.yaml")];
		write("tenants/herne.yaml", "{");
		write("tenants/gladbeck.yaml", gladbeck.replace(/title: .*/,
		    "title: Gladbeck ganz neu"));
		await titled("gladbeck", "Gladbeck ganz neu");
		write("tenants/herne.yaml", herne);
		await always("no problem", async () =>
		    (await readyz()).problems.length === 0);
	});

	test("that vanishes leaves the city as it was, and is missed in the log",
	    async () => {
		const text = read("tenants/herne.yaml");
		const was = (await app("herne")).text;
		fs.unlinkSync(file("tenants/herne.yaml"));
		try {
			await until("the log says so", () =>
			    /file is gone.*tenant=herne/.test(world.courier.log));
			assert.equal((await app("herne")).text, was);
		} finally {
			write("tenants/herne.yaml", text);
		}
	});
});

describe("a fifth city", () => {
	test("is a file, a boundary and one command away", async () => {
		fs.cpSync(file("tenants/herne"), file("tenants/fuenfte"),
		    { recursive: true });
		write("tenants/fuenfte.yaml", read("tenants/herne.yaml")
		    .replace("name: Herne", "name: Fünfte Stadt")
		    .replace("herne.localhost", "fuenfte.localhost")
		    .replace("app.herne.example", "app.fuenfte.example"));
		await until(() => `a hint in the log\n${world.courier.log}`, () =>
		    /stadtkern tenant add fuenfte/.test(world.courier.log));
		refused(await app("fuenfte"), 404, "not-found");
		const added = world.cli("tenant", "add", "fuenfte");
		assert.equal(added.status, 0, added.stderr);
		await always("it answers", async () =>
		    (await app("fuenfte")).json?.name === "Fünfte Stadt");
		const again = world.cli("tenant", "add", "fuenfte");
		assert.equal(again.status, 0, "adding twice does no harm");
	});

	test("that is paused is as if it were not there, until it is resumed",
	    async () => {
		assert.equal(world.cli("tenant", "pause", "fuenfte").status, 0);
		await always("it is gone", async () =>
		    (await app("fuenfte")).status === 404);
		assert.equal((await app("herne")).status, 200);
		assert.equal(world.cli("tenant", "resume", "fuenfte").status, 0);
		await always("it is back", async () =>
		    (await app("fuenfte")).status === 200);
	});

	test("that has a host of another city is refused", async () => {
		write("tenants/sechste.yaml", read("tenants/fuenfte.yaml")
		    .replace("fuenfte.localhost", "sechste.localhost"));
		fs.cpSync(file("tenants/herne"), file("tenants/sechste"),
		    { recursive: true });
		const added = world.cli("tenant", "add", "sechste");
		assert.equal(added.status, 1);
		assert.match(added.stderr, /app\.fuenfte\.example/);
		assert.equal(world.sql("select count(*) from tenant " +
		    "where slug = 'sechste'"), "0");
		fs.unlinkSync(file("tenants/sechste.yaml"));
		fs.rmSync(file("tenants/sechste"), { recursive: true });
	});

	test("that nobody wrote a file for cannot be added", () => {
		const added = world.cli("tenant", "add", "nirgends");
		assert.equal(added.status, 1);
		assert.match(added.stderr, /nirgends\.yaml/);
	});
});

describe("tenant check", () => {
	// What is changed in Herne's file, and where that must be found.
	const table = [
	    ["a wrong type", (text) => text.replace("lat: 51.5388",
		"lat: north"), /herne\.yaml:\d+:\d+: \/map\/lat has the wrong type/],
	    ["an unknown key", (text) => text.replace("outside_bodies:",
		"outside_bodys:"),
		/:\d+:1: \/outside_bodys is not known here, .*"outside_bodies"/],
	    ["a key twice", (text) => text.replace("title: Herne App",
		"title: Herne App\ntitle: Herne"), /:6:1: \/title occurs twice/],
	    ["no name", (text) => text.replace("name: Herne\n", ""),
		/\/name is required/],
	    ["a tab", (text) => text.replace("  tiefbau:", "\ttiefbau:"),
		/herne\.yaml:\d+:\d+: /],
	    ["an unclosed quote", (text) => text.replace('"05916000"',
		'"05916000'), /herne\.yaml:\d+:\d+: /],
	    ["a wrong official key", (text) => text.replace("05916000",
		"5916"), /:6:6: \/ags does not have the expected form/],
	    ["a theme that is not there", (text) => text.replace(
		"theme: herne", "theme: hernie"), /:8:8: \/theme/],
	    ["a boundary that is not there", (text) => text.replace(
		"boundary.geojson", "border.geojson"),
		/:9:11: \/boundary .*(border\.geojson|cannot be opened)/],
	    ["a path out of the folder", (text) => text.replace(
		"boundary.geojson", "../gladbeck/boundary.geojson"),
		/\/boundary does not have the expected form/],
	    ["a plugin that is not there", (text) => text.replace(
		"  defect-reporter:\n", "  defect-reporters:\n"),
		/\/plugins\/defect-reporters/],
	    ["a department that is not there", (text) => text.replace(
		"        department: tiefbau", "        department: tiefbaum"),
		/\/plugins\/defect-reporter\/categories\/0\/department .*tiefbaum/],
	    ["a status that leads nowhere", (text) => text.replace(
		"next: [assigned]", "next: [assinged]"),
		/\/plugins\/defect-reporter\/statuses\/4\/next\/0 .*assinged/],
	    ["a code twice", (text) => text.replace("code: cycle-path",
		"code: pothole"), /\/plugins\/defect-reporter\/categories\/1\/code/],
	    ["a setting that is not there", (text) => text.replace(
		"nearby_metres", "nearby_meters"), /"nearby_metres"/],
	    ["an anchor", (text) => text.replace("name: Herne",
		"name: &x Herne"), /herne\.yaml:\d+:\d+: /],
	];
	let text, boundary;
	before(() => {
		text = read("tenants/herne.yaml");
		boundary = read("tenants/herne/boundary.geojson");
	});
	// The courier looks as well; what it is told is the same.
	const check = () => world.cli("tenant", "check");

	for (const [name, change, found] of table)
		test(`finds ${name}, with its place`, () => {
			const changed = change(text);
			assert.notEqual(changed, text, "the change is one");
			write("tenants/herne.yaml", changed);
			try {
				const { status, stderr, stdout } = check();
				assert.equal(status, 1);
				assert.match(stderr + stdout, found);
			} finally {
				write("tenants/herne.yaml", text);
			}
		});

	const shapes = [
	    ["no JSON", () => "{", /boundary\.geojson/],
	    ["a point", () => '{"type":"Point","coordinates":[7,51]}',
		/boundary\.geojson/],
	    ["a ring that is not closed", () => JSON.stringify({
		type: "Polygon", coordinates: [[[7.1, 51.5], [7.2, 51.5],
		[7.2, 51.6], [7.1, 51.6]]] }), /boundary\.geojson/],
	    ["latitude and longitude swapped", () => boundary.replace(
		/\[(\d+\.\d+), ?(\d+\.\d+)\]/g, "[$2,$1]"),
		/boundary\.geojson/],
	];
	for (const [name, make, found] of shapes)
		test(`finds a boundary that is ${name}`, () => {
			write("tenants/herne/boundary.geojson", make());
			try {
				const { status, stderr, stdout } = check();
				assert.equal(status, 1);
				assert.match(stderr + stdout, found);
			} finally {
				write("tenants/herne/boundary.geojson", boundary);
			}
		});

	test("finds everything at once, in several cities", () => {
		const gladbeck = read("tenants/gladbeck.yaml");
		write("tenants/herne.yaml", text.replace("theme: herne",
		    "tehme: herne").replace("zoom: 13", "zoom: far")
		    .replace("05916000", "1"));
		write("tenants/gladbeck.yaml", gladbeck.replace(
		    "app.gladbeck.example", "app.waltrop.example"));
		try {
			const { status, stderr, stdout } = check();
			assert.equal(status, 1);
			const lines = (stderr + stdout).split("\n");
			for (const found of [/herne\.yaml:\d+:1: \/tehme/,
			    /herne\.yaml:\d+:\d+: \/map\/zoom/,
			    /herne\.yaml:\d+:\d+: \/ags/, /\/theme is required/,
			    /(gladbeck|waltrop)\.yaml:\d+:\d+: .*app\.waltrop/])
				assert.ok(lines.some((line) => found.test(line)),
				    `${found} in\n${lines.join("\n")}`);
		} finally {
			write("tenants/herne.yaml", text);
			write("tenants/gladbeck.yaml", gladbeck);
		}
		assert.equal(check().status, 0);
	});
});
