// SPDX-License-Identifier: EUPL-1.2
// From themes/<name>/theme.yaml to what is published with a city, while
// everything runs.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { after, before, test } from "node:test";
import { run, startWorld, until } from "./lib/server.mjs";

const cities = ["castrop-rauxel", "gladbeck", "herne", "waltrop"];
let world;

before(async () => {
	world = await startWorld({ home: true, courier: true, public: true,
	    env: { STADTKERN_LIMITS: "0" } });
});
after(() => world?.stop());

const file = (name) => path.join(world.home, name);
const read = (name) => fs.readFileSync(file(name), "utf8");
function edit(name, from, to) {
	const text = read(name);
	assert.ok(text.includes(from), `"${from}" in ${name}`);
	fs.writeFileSync(file(name), text.replace(from, to));
	return () => fs.writeFileSync(file(name), text);
}
const rows = (sql) => JSON.parse(world.sql(`select coalesce(json_agg(x), '[]')
    from (${sql}) x`));
const theme = (city) => JSON.parse(world.sql(`select config::json -> 'theme'
    from stadtkern.tenant where slug = '${city}'`));
const errors = (city) => JSON.parse(world.sql(`select
    coalesce(to_json(config_errors), '[]') from stadtkern.tenant
    where slug = '${city}'`));
const files = (city) => rows(`select name, media_type,
    encode(content, 'base64') as content, encode(gzip, 'base64') as gzip,
    retired_at, created_at from stadtkern.tenant_file
    where tenant_id = (select id from stadtkern.tenant
	where slug = '${city}')`);
const app = async (city) => (await world.public.request("GET", city,
    "/api/v1/app")).json.theme;
const bytes = (text) => Buffer.from(text, "base64");
const named = (all, address) => all.find((one) =>
    one.name === address.replace("/theme/", ""));
const waiting = (what) => () => `${what}\n${world.courier.log.slice(-2000)}`;

function libfaketime() {
	const { stdout } = run("dpkg", ["-L", "libfaketime"]);
	return stdout.split("\n").find((one) => one.endsWith("libfaketime.so.1"));
}

function size(png) {
	assert.equal(png.subarray(1, 4).toString(), "PNG");
	return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

test("each city's theme comes with all its files", async () => {
	for (const city of cities) {
		const described = await app(city);
		const all = files(city);
		assert.ok(all.every((one) => one.retired_at === null));
		const css = named(all, described.stylesheet);
		assert.equal(css.media_type, "text/css; charset=utf-8");
		const text = bytes(css.content).toString();
		assert.match(text, /--sk-color-primary:#[0-9a-f]{6}/);
		for (const [, font] of text.matchAll(/url\(\/theme\/([^)]+)\)/g))
			assert.equal(named(all, font).media_type, "font/woff2");
		assert.equal(named(all, described.logo).media_type,
		    "image/svg+xml");
		assert.deepEqual(size(bytes(named(all,
		    described.picture).content)), [1200, 630]);
		const published = theme(city);
		assert.deepEqual(size(bytes(named(all,
		    published.favicon).content)), [32, 32]);
		assert.deepEqual(size(bytes(named(all,
		    published.touch_icon).content)), [180, 180]);
		const manifest = JSON.parse(bytes(named(all,
		    published.manifest).content));
		assert.equal(manifest.theme_color, described.colour.light);
		for (const icon of manifest.icons) {
			const one = named(all, icon.src);
			assert.equal(one.media_type, icon.type);
			if (icon.type === "image/png")
				assert.equal(size(bytes(one.content)).join("x"),
				    icon.sizes);
		}
	}
});

test("they are served under their names, the others where browsers look",
    async () => {
	const get = (city, target, headers) => world.public.request("GET",
	    city, target, { headers });
	const all = files("herne");
	const published = theme("herne");
	const places = [...all.map((one) => [`/theme/${one.name}`, one]),
	    ["/manifest.webmanifest", named(all, published.manifest)],
	    ["/favicon.ico", named(all, published.favicon)],
	    ["/apple-touch-icon.png", named(all, published.touch_icon)]];
	for (const [target, one] of places) {
		const answer = await get("herne", target);
		assert.equal(answer.status, 200, target);
		assert.equal(answer.headers["content-type"], one.media_type);
		assert.deepEqual(answer.bytes, bytes(one.content));
		assert.equal((await get("herne", target, { "if-none-match":
		    answer.headers.etag })).status, 304);
	}
	const own = published.logo;
	assert.equal((await get("gladbeck", own)).status, 404);
	assert.equal((await get("herne", "/theme/x.css")).status, 404);
	const icons = await Promise.all(cities.map((city) =>
	    get(city, "/favicon.ico")));
	assert.equal(new Set(icons.map((one) => one.bytes.toString("hex")))
	    .size, 4);
});

test("what gzip makes smaller is there packed as well", () => {
	const all = files("herne");
	const packed = all.filter((one) => one.gzip !== null);
	assert.ok(packed.some((one) => one.media_type.startsWith("text/css")));
	for (const one of packed) {
		assert.deepEqual(zlib.gunzipSync(bytes(one.gzip)),
		    bytes(one.content));
		assert.ok(bytes(one.gzip).length < bytes(one.content).length);
	}
	assert.ok(all.filter((one) => /png|woff2/.test(one.media_type))
	    .every((one) => one.gzip === null));
});

test("the cities' icons and cards differ", () => {
	for (const what of ["favicon", "picture", "logo", "stylesheet"])
		assert.equal(new Set(cities.map((city) => theme(city)[what]))
		    .size, 4, what);
});

test("a changed colour makes a new stylesheet and draws nothing again; the " +
    "old one stays for pages that are open", async () => {
	const before = files("waltrop");
	const was = await app("waltrop");
	const back = edit("themes/waltrop/theme.yaml", '700: "#00637a"',
	    '700: "#005a70"');
	await until(waiting("a new stylesheet"), async () =>
	    (await app("waltrop")).stylesheet !== was.stylesheet);
	const now = files("waltrop");
	assert.notEqual(named(now, was.stylesheet).retired_at, null);
	assert.equal(now.length, before.length + 1);
	const is = await app("waltrop");
	assert.match(bytes(named(now, is.stylesheet).content).toString(),
	    /--sk-color-accent:#005a70/);
	assert.equal(is.picture, was.picture);
	back();
	await until(waiting("the old stylesheet"), async () =>
	    (await app("waltrop")).stylesheet === was.stylesheet);
	const again = files("waltrop");
	assert.equal(named(again, was.stylesheet).retired_at, null);
	assert.notEqual(named(again, is.stylesheet).retired_at, null);
});

const broken = [
	["a circle", "theme.yaml", "extends: kreis-recklinghausen",
	    "extends: gladbeck", /theme\.yaml:\d+:\d+: \/extends .*would extend itself/],
	["an unknown token", "theme.yaml", "  accent: {", "  acent: {",
	    /theme\.yaml:\d+:\d+: \/semantic\/acent .*perhaps "accent"/],
	["a logo that is missing", "theme.yaml", "logo: emblem.svg",
	    "logo: emblm.svg", /theme\.yaml:\d+:\d+: \/logo .*themes\/gladbeck\/emblm\.svg/],
	["too little contrast", "theme.yaml", '300: "#bcd67a"',
	    '300: "#4d6b14"', /theme\.yaml:\d+:\d+: \/semantic\/accent has too little contrast: dark, .* is \d\.\d\d:1, needed is 4\.5:1/],
	["a wrong colour", "theme.yaml", '700: "#4d6b14"', '700: "green"',
	    /theme\.yaml:\d+:\d+: \/primitive\/moss\/700 .*a colour such as/],
	["a reference to a higher layer", "theme.yaml", '700: "#4d6b14"',
	    '700: "{semantic.text}"', /theme\.yaml:\d+:\d+: \/primitive\/moss\/700 .*higher layer/],
	["a script in the emblem", "emblem.svg", "<title>",
	    "<script>alert(1)</script><title>", /emblem\.svg:\d+:\d+: \/script is not allowed here: take it out/],
	["a picture from elsewhere in the emblem", "emblem.svg", "<title>",
	    '<image href="https://example.org/x.png"/><title>', /emblem\.svg:\d+:\d+: \/image is not allowed/],
	["a font that is missing", "theme.yaml", "logo: emblem.svg",
	    "logo: emblem.svg\nfonts: [{family: Fira, file: gone.woff2}]",
	    /theme\.yaml:\d+:\d+: \/fonts\/0\/file .*themes\/gladbeck\/gone\.woff2/],
];

for (const [what, name, from, to, line] of broken)
	test(`${what} is told with its place and leaves the last good theme`,
	    async () => {
		const was = await app("gladbeck");
		const back = edit(`themes/gladbeck/${name}`, from, to);
		await until(waiting("errors"), () =>
		    errors("gladbeck").length > 0);
		assert.match(errors("gladbeck").join("\n"), line);
		for (const args of [["theme", "check", "gladbeck"],
		    ["tenant", "check", "gladbeck"]]) {
			const checked = world.cli(...args);
			assert.equal(checked.status, 1);
			assert.match(checked.stderr, line);
		}
		assert.deepEqual(await app("gladbeck"), was);
		assert.ok(files("gladbeck").every((one) =>
		    one.retired_at === null));
		back();
		await until(waiting("no errors"), () =>
		    errors("gladbeck").length === 0);
		assert.deepEqual(await app("gladbeck"), was);
	});

test("theme check --fix proposes a shade that passes when it is written",
    () => {
	const back = edit("themes/gladbeck/theme.yaml", '300: "#bcd67a"',
	    '300: "#4d6b14"');
	try {
		const { status, stdout } = world.cli("theme", "check", "--fix",
		    "gladbeck");
		assert.equal(status, 1);
		const [, shade] = /themes\/gladbeck\/theme\.yaml:\d+:\d+: semantic\.accent, dark: (#[0-9a-f]{6}) in place of #4d6b14/
		    .exec(stdout);
		edit("themes/gladbeck/theme.yaml", '300: "#4d6b14"',
		    `300: "${shade}"`);
		assert.equal(world.cli("theme", "check", "gladbeck").status, 0);
	} finally {
		back();
	}
});

test("theme check without names looks at all, and knows what there is not",
    () => {
	const all = world.cli("theme", "check");
	assert.equal(all.status, 0, all.stderr);
	assert.match(all.stdout, /^\d+ themes in order$/m);
	assert.match(world.cli("theme", "check", "nope").stderr,
	    /themes\/nope\/theme\.yaml/);
	assert.equal(world.cli("theme", "check", "../x").status, 1);
	assert.equal(world.cli("theme", "check", "--mend").status, 2);
});

test("one changed line gives Castrop-Rauxel Herne's layout", async () => {
	const was = await app("castrop-rauxel");
	assert.equal(was.layout, "tiles");
	const back = edit("themes/castrop-rauxel/theme.yaml",
	    "extends: kreis-recklinghausen", "extends: list-layout");
	await until(waiting("the layout"), async () =>
	    (await app("castrop-rauxel")).layout === "list");
	const is = await app("castrop-rauxel");
	assert.match(is.hero, /^\/theme\/[0-9a-f]{32}\.svg$/);
	assert.equal(is.logo, was.logo);
	assert.equal(is.colours.primary, was.colours.primary);
	back();
	await until(waiting("the old layout"), async () =>
	    (await app("castrop-rauxel")).layout === "tiles");
});

test("an event's theme is on while today lies between its days", async () => {
	const day = (offset) => new Date(Date.now() + offset * 86_400_000)
	    .toISOString().slice(0, 10);
	assert.equal((await app("herne")).code, "herne");
	const text = read("themes/herne-kirmes/theme.yaml");
	const put = (from, until_) => fs.writeFileSync(
	    file("themes/herne-kirmes/theme.yaml"), text
	    .replace("from: 2027-08-05", `from: ${from}`)
	    .replace("until: 2027-08-15", `until: ${until_}`));
	put(day(-1), day(1));
	await until(waiting("the fair"), async () =>
	    (await app("herne")).code === "herne-kirmes");
	assert.equal((await app("herne")).words["app.start.events"],
	    "Auf der Kirmes");
	put(day(2), day(3));
	await until(waiting("the week before"), async () =>
	    (await app("herne")).code === "herne");
	fs.writeFileSync(file("themes/herne-kirmes/theme.yaml"), text);
});

// Under AddressSanitizer nothing else may be loaded before it.
test("a theme's days begin and end by the clock alone", { skip: Boolean(
    process.env.SAN) }, async () => {
	const { env } = world;
	const clock = path.join(world.dir, "clock");
	// Thirty times as fast, so that the look once a minute is soon.
	const set = (time) => fs.writeFileSync(clock, `@${time} x30\n`);
	assert.equal((await app("herne")).code, "herne");
	await world.courier.stop();
	set("2027-08-15 12:00:00");
	world.env = { ...env, FAKETIME_TIMESTAMP_FILE: clock,
	    FAKETIME_NO_CACHE: "1", LD_PRELOAD: libfaketime() };
	world.startCourier();
	await until(waiting("the last day"), async () =>
	    (await app("herne")).code === "herne-kirmes");
	// Midnight in Berlin, which is no change of any file.
	set("2027-08-15 22:00:01");
	await until(waiting("the day after"), async () =>
	    (await app("herne")).code === "herne");
	await world.courier.stop();
	world.env = env;
	world.startCourier();
});

test("the city's own order and words come before the theme's", async () => {
	const back = edit("tenants/waltrop.yaml", "theme: waltrop",
	    "theme: waltrop\norder: [news, mine]\n" +
	    "words: {de: {app.start.news: Aus dem Rathaus}}");
	await until(waiting("the order"), async () =>
	    (await app("waltrop")).order.join() === "news,mine");
	assert.deepEqual((await app("waltrop")).words,
	    { "app.start.news": "Aus dem Rathaus" });
	back();
	await until(waiting("the theme's order"), async () =>
	    (await app("waltrop")).order.length === 7);
});

test("a city sees its own files and no other's, and the servers change none",
    () => {
	for (const role of ["public", "office"]) {
		const as = (city, sql) => world.sql(`begin;
		    select set_config('stadtkern.tenant', (select id::text
			from stadtkern.tenant where slug = '${city}'), true);
		    set role stadtkern_${role}; ${sql}`).split("\n").at(-1);
		const count = "select count(*) from stadtkern.tenant_file";
		assert.equal(Number(as("herne", count)), files("herne").length);
		assert.equal(as("herne", `${count} where tenant_id <>
		    stadtkern.tenant()`), "0");
		for (const change of ["delete from stadtkern.tenant_file",
		    "update stadtkern.tenant_file set gzip = null",
		    `insert into stadtkern.tenant_file (name, media_type,
		    content) values ('x', 'y', '')`,
		    "select stadtkern.tenant_files_publish('herne', '[]', '[]')"])
			assert.throws(() => as("herne", change),
			    /permission denied/);
	}
});

test("a file that was replaced a month ago is erased, a younger one not",
    async () => {
	const [id] = rows(`select id from stadtkern.tenant
	    where slug = 'gladbeck'`);
	for (const [name, days] of [["a", 31], ["b", 29]])
		world.sql(`insert into stadtkern.tenant_file (tenant_id, name,
		    media_type, content, retired_at) values (${id.id},
		    '${name.repeat(32)}.css', 'text/css', 'x',
		    now() - interval '${days} days')`);
	world.sql("delete from stadtkern.schedule_run");
	await until(waiting("the old one is gone"), () =>
	    !files("gladbeck").some((one) => one.name.startsWith("aaaa")));
	assert.ok(files("gladbeck").some((one) => one.name.startsWith("bbbb")));
	assert.ok(named(files("gladbeck"), theme("gladbeck").manifest));
});
