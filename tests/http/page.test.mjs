// SPDX-License-Identifier: EUPL-1.2
// The one HTML document that starts a city's app.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import zlib from "node:zlib";
import { makeBundle } from "./lib/bundle.mjs";
import { cities, refused } from "./lib/city.mjs";
import { startWorld, until } from "./lib/server.mjs";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "stadtkern-app-"));

// What a build draws of the start page, in little.
function drawn(bundle) {
	bundle.shell.first = { frame: "<b>{{main}}</b>",
	    tiles: "{{city}}: {{app.hello}} {{slots}}",
	    list: "<p>{{hero}} {{slots}}", grid: "<i>{{actions}}</i>",
	    slot: '<u class="{{slot}}">{{cards}}</u>',
	    texts: { de: { "app.hello": "<Hallo {city}>" },
		en: { "app.hello": "Hello {city}" } } };
	bundle.plugins["defect-reporter"].first = {
	    tiles: "{{app.new}}, {{title}}", rows: "<q>{{title}}</q>",
	    cards: { mine: "{{app.mine}}" },
	    texts: { de: { "app.new": "Melden in M'ngel", "app.mine": "Meine" } } };
	return bundle;
}

let world;
before(async () => {
	world = await startWorld({ public: true, office: true, home: true, env: {
	    STADTKERN_APP: makeBundle(path.join(folder, "app"), drawn) } });
}, { timeout: 120_000 });
after(async () => {
	await world.stop();
	fs.rmSync(folder, { recursive: true, force: true });
});

// What a browser sends when somebody goes there.
const accept = "text/html,application/xhtml+xml,application/xml;q=0.9," +
    "image/avif,image/webp,*/*;q=0.8";
const page = (target = "/", headers = {}, host = "herne", method = "GET") =>
	world.public.request(method, host, target,
	    { headers: { accept, ...headers } });
const german = { "accept-language": "de" };

describe("the document of a city", () => {
	test("is packed for who takes that, with a tag of its own", async () => {
		const gzip = { ...german, "accept-encoding": "gzip, br" };
		for (const target of ["/", "/settings"]) {
			const plain = await page(target, german);
			const packed = await page(target, gzip);
			assert.equal(plain.headers["content-encoding"], undefined);
			assert.equal(packed.headers["content-encoding"], "gzip");
			assert.equal(zlib.gunzipSync(packed.bytes).toString(), plain.text);
			assert.match(packed.headers.vary, /accept-encoding/);
			assert.notEqual(packed.headers.etag, plain.headers.etag);
			const again = await page(target, { ...gzip,
			    "if-none-match": packed.headers.etag });
			assert.equal(again.status, 304);
		}
	});

	test("names the city, and starts the app with our files alone",
	    async () => {
		for (const [slug, city] of Object.entries(cities)) {
			const answer = await page("/", german, slug);
			assert.equal(answer.status, 200);
			assert.equal(answer.headers["content-type"],
			    "text/html; charset=utf-8");
			assert.match(answer.text, /^<!doctype html>\n<html lang="de" dir="ltr">/);
			assert.match(answer.text, /<meta charset="utf-8">/);
			assert.match(answer.text,
			    new RegExp(`<title>[^<]*${city.name}[^<]*</title>`));
			assert.match(answer.text, new RegExp(
			    `<meta name="description" content="[^"]*${city.name}[^"]*">`));
			for (const part of [
			    '<meta name="viewport" content="width=device-width,',
			    '<meta name="color-scheme" content="light dark">',
			    '<meta name="theme-color" media="(prefers-color-scheme: light)"',
			    '<link rel="stylesheet" href="/assets/shell-C3.css">',
			    '<link rel="modulepreload" href="/assets/chunk-B2.js">',
			    '<script type="module" src="/assets/shell-A1.js"></script>',
			    '<meta property="og:title" content="',
			    '<meta property="og:type" content="website">',
			    '<div id="app" data-first>', "<noscript>"])
				assert.ok(answer.text.includes(part), part);
			const loads = [...answer.text.matchAll(
			    /(?:src|href)="([^"]*)"/g)].map((found) => found[1]);
			assert.ok(loads.length >= 3);
			for (const one of loads)
				assert.match(one, /^(\/[a-z]|#app$)/, "from here alone");
		}
	});

	test("lets a browser fetch the picture ahead where it is shown", async () => {
		const ahead = /<link rel="preload" as="image"/;
		assert.match((await page("/", german)).text, ahead);
		assert.doesNotMatch((await page("/map", german)).text, ahead);
		assert.doesNotMatch((await page("/", german, "waltrop")).text,
		    ahead);
	});

	test("holds no inline script, style or handler", async () => {
		const { text } = await page();
		assert.doesNotMatch(text, /\sstyle=|\son[a-z]+=|<style|javascript:/i);
		for (const [, inside] of text.matchAll(/<script[^>]*>([^<]*)</g))
			assert.equal(inside, "");
	});

	test("tells who has no JavaScript what to do, in their language",
	    async () => {
		assert.match((await page("/", german)).text,
		    /<noscript>.*JavaScript.*E-Mail: \S+@herne\.example\.org/s);
		const english = await page("/", { "accept-language": "en" });
		assert.match(english.text, /<html lang="en" dir="ltr">/);
		assert.match(english.text, /needs JavaScript/);
	});

	test("is in the city's language where it does not have the caller's",
	    async () => {
		const french = await page("/", { "accept-language": "fr" });
		assert.match(french.text, /<html lang="de"/);
	});

	test("shows the start page before the script is there, of what the city " +
	    "has and in its words", async () => {
		const { text } = await page("/", german, "gladbeck");
		assert.match(text, /<div id="app" data-first><b>Gladbeck: &lt;Hallo Gladbeck&gt;/);
		assert.match(text, /<u class="mine">Meine<\/u><i>Melden in M&#39;ngel, Mängelmelder<\/i><\/b><\/div>\n<noscript>/);
		const list = await page("/", german, "herne");
		assert.match(list.text,
		    /<p>\/theme\/[0-9a-f]+\.svg (<q>Mängelmelder<\/q>|<u class="mine">Meine<\/u>){2}/);
		assert.match((await page("/", { "accept-language": "en" },
		    "gladbeck")).text, /Hello Gladbeck/);
	});

	test("is the same under every other path of the app", async () => {
		const { text } = await page("/map");
		assert.match(text, /<div id="app"><\/div>/);
		for (const target of ["/report", "/legal/imprint",
		    "/defect-reporter/new/place", "/anything?a=b", "/apis",
		    "/themes", "//example.org", "/a%00b"]) {
			const answer = await page(target);
			if (answer.status === 400)	// refused by the head's reader
				continue;
			assert.equal(answer.status, 200, target);
			assert.equal(answer.text, text, target);
		}
	});
});

describe("no document is sent", () => {
	for (const target of ["/api", "/api/v1/nothing", "/assets/none.js",
	    "/open311/v2/x", "/tiles/a/0/0/0", "/theme/none.css", "/office",
	    "/office/api/v1/session", "/service-worker.js/x"])
		test(`under ${target}, which is something else's`, async () => {
			const answer = await page(target);
			assert.equal(answer.status, 404);
			assert.doesNotMatch(answer.text, /<html/);
		});

	for (const wanted of ["*/*", "application/json", "image/*",
	    "text/html;q=0", "", ",;=", undefined])
		test(`under a path to whom asks for ${JSON.stringify(wanted)}`,
		    async () => {
			const headers = wanted === undefined ? {} : { accept: wanted };
			refused(await world.public.request("GET", "herne", "/map",
			    { headers }), 404, "not-found");
			const start = await world.public.request("GET", "herne", "/",
			    { headers });
			assert.match(start.text, /^<!doctype html>/,
			    "the start page is for all");
		});

	test("to another method", async () => {
		for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
			assert.notEqual((await page("/map", {}, "herne",
			    method)).status, 200);
	});

	test("on a host that is no city's, and for a paused city, with the same " +
	    "bytes", async () => {
		const unknown = await page("/", {}, "unknown.example");
		refused(unknown, 404, "not-found");
		assert.equal(world.cli("tenant", "pause", "waltrop").status, 0);
		const paused = await until("it pauses", async () => {
			const answer = await page("/", {}, "waltrop");
			return answer.status === 404 && answer;
		});
		assert.equal(paused.text, unknown.text);
		assert.equal(world.cli("tenant", "resume", "waltrop").status, 0);
		await until("it comes back", async () =>
		    (await page("/", {}, "waltrop")).status === 200);
	});

});

test("the office's document starts the office, for staff alone", async () => {
	const { status, text, headers } = await world.office.request("GET",
	    "herne", "/defect-reporter/anything", { headers: { accept } });
	assert.equal(status, 200);
	assert.match(text, /<title>Sachbearbeitung Herne<\/title>/);
	assert.match(text, /href="\/office\/api\/v1\/app"/);
	assert.match(text, /<meta name="robots" content="noindex">/);
	assert.doesNotMatch(text, /manifest|og:|"\/api\/v1\/app"/);
	const { headers: citizens } = await page();
	for (const name of ["content-security-policy",
	    "cross-origin-opener-policy", "cross-origin-embedder-policy",
	    "x-content-type-options", "referrer-policy"])
		assert.equal(headers[name], citizens[name], name);
	assert.match(headers["permissions-policy"],
	    /publickey-credentials-get=\(self\)/);
	assert.match(citizens["permissions-policy"],
	    /publickey-credentials-get=\(\)/);
	// Each side has its own files, and nothing of the other's.
	const [, script] = /<script type="module" src="([^"]+)"/.exec(text);
	assert.equal((await world.office.request("GET", "herne", script)).status,
	    200);
	refused(await world.public.request("GET", "herne", script), 404,
	    "not-found");
});

describe("the document's headers", () => {
	const want = {
		"content-security-policy": "default-src 'none'; " +
		    "script-src 'self'; style-src 'self'; " +
		    "img-src 'self' blob: data:; font-src 'self'; " +
		    "connect-src 'self'; worker-src 'self'; " +
		    "manifest-src 'self'; form-action 'none'; base-uri 'none'; " +
		    "frame-ancestors 'none'; require-trusted-types-for 'script'; " +
		    "trusted-types default",
		"x-content-type-options": "nosniff",
		"referrer-policy": "no-referrer",
		"cross-origin-opener-policy": "same-origin",
		"cross-origin-resource-policy": "same-origin",
		"cross-origin-embedder-policy": "require-corp",
		"cache-control": "no-cache",
		vary: "accept, accept-language, accept-encoding",
	};
	for (const [name, value] of Object.entries(want))
		test(`${name} is as decided, once`, async () => {
			for (const method of ["GET", "HEAD"]) {
				const { headers } = await page("/", {}, "herne", method);
				assert.equal(headers[name], value);
			}
		});

	test("permissions-policy lets us use camera and position, and nothing " +
	    "else", async () => {
		const { headers } = await page();
		const rules = headers["permissions-policy"].split(", ");
		assert.deepEqual(rules.filter((rule) => !rule.endsWith("=()")),
		    ["camera=(self)", "geolocation=(self)"]);
		for (const name of ["microphone", "payment", "usb", "serial",
		    "display-capture", "clipboard-read"])
			assert.ok(rules.includes(`${name}=()`), name);
	});

	test("are on no answer of data but those that protect any", async () => {
		for (const [target, policy] of [["/api/v1/app", "cross-origin"],
		    ["/api/v1/nothing", "same-origin"],
		    ["/api/v1/account", "same-origin"]]) {
			const { headers } = await page(target);
			assert.equal(headers["content-security-policy"],
			    "default-src 'none'; frame-ancestors 'none'; sandbox");
			assert.equal(headers["x-content-type-options"], "nosniff");
			assert.equal(headers["referrer-policy"], "no-referrer");
			assert.equal(headers["cross-origin-resource-policy"],
			    policy, target);
			assert.equal(headers["permissions-policy"], undefined);
		}
	});
});

test("whoever has the document is not sent it again", async () => {
	for (const language of ["de", "en"]) {
		const headers = { "accept-language": language };
		const first = await page("/map", headers);
		assert.match(first.headers.etag, /^"[\w-]{22}"$/);
		const again = await page("/report", { ...headers,
		    "if-none-match": first.headers.etag });
		assert.equal(again.status, 304);
		assert.equal(again.bytes.length, 0);
		assert.equal(again.headers["content-security-policy"],
		    first.headers["content-security-policy"]);
	}
	const [german, english] = await Promise.all(["de", "en"].map((language) =>
	    page("/", { "accept-language": language })));
	assert.notEqual(german.headers.etag, english.headers.etag);
	assert.notEqual(german.headers.etag,
	    (await page("/", {}, "gladbeck")).headers.etag);
});

test("HEAD has the headers of GET and no bytes", async () => {
	const whole = await page();
	const head = await page("/", {}, "herne", "HEAD");
	assert.equal(head.bytes.length, 0);
	delete whole.headers.date;
	delete head.headers.date;
	assert.deepEqual(head.headers, whole.headers);
});

test("a city's name is text, whatever it holds, and a change is seen",
    async () => {
	const evil = `</title><script>alert(1)</script>"'&<x`;
	const file = path.join(world.home, "tenants/gladbeck.yaml");
	const before = await page("/", german, "gladbeck");
	fs.writeFileSync(file, fs.readFileSync(file, "utf8")
	    .replace(/^name: .*$/m, () => `name: ${JSON.stringify(evil)}`)
	    .replace(/^title: .*\n/m, ""));
	const added = world.cli("tenant", "add", "gladbeck");
	assert.equal(added.status, 0, added.stderr);
	const answer = await until("it is published", async () => {
		const now = await page("/", german, "gladbeck");
		return now.headers.etag !== before.headers.etag && now;
	});
	assert.ok(!answer.text.includes("<script>alert"));
	assert.ok(!answer.text.includes("<x"));
	assert.equal(answer.text.match(/<script/g).length, 1);
	assert.equal(answer.text.match(/<\/title>/g).length, 1);
	assert.match(answer.text, /<title>&lt;\/title&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;&lt;x<\/title>/);
	for (const [tag] of answer.text.matchAll(/<meta [^\n]*/g))
		assert.match(tag, /^<meta( [a-z:]+="[^"<>]*")+>$/);
});
