// SPDX-License-Identifier: EUPL-1.2
// A small app as its builder would leave it: a folder with files.json, the
// files, and their .gz and .br where that is smaller.

import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const long = (text) => `${text}\n`.repeat(400);
export const sources = {
	"shell-A1.js": ["text/javascript; charset=utf-8", long("export let a = 1;")],
	"chunk-B2.js": ["text/javascript; charset=utf-8", "export {};"],
	"shell-C3.css": ["text/css; charset=utf-8", long("body { margin: 0 }")],
	"de-D4.json": ["application/json", "{\"title\":\"Übersicht\"}"],
	"en-E5.json": ["application/json", "{\"title\":\"Overview\"}"],
	"reporter-F6.js": ["text/javascript; charset=utf-8", long("export let f;")],
	"symbols-G7.pbf": ["application/x-protobuf", Buffer.from([0, 1, 2, 255])],
	"empty-H8.css": ["text/css; charset=utf-8", ""],
	"service-worker.js": ["text/javascript; charset=utf-8",
	    long("self.addEventListener('fetch', () => {});")],
};

// Makes it in `dir`; `change` may alter files.json before it is written.
export function makeBundle(dir, change = (files) => files) {
	fs.mkdirSync(dir, { recursive: true });
	const files = Object.entries(sources).map(([file, [type, text]]) => {
		const bytes = Buffer.from(text);
		fs.writeFileSync(path.join(dir, file), bytes);
		const row = { path: file === "service-worker.js" ? `/${file}` :
		    `/assets/${file}`, file, type, gzip: false, brotli: false,
		    immutable: file !== "service-worker.js" };
		for (const [coding, suffix, pack] of [
		    ["gzip", "gz", zlib.gzipSync],
		    ["brotli", "br", zlib.brotliCompressSync]]) {
			const packed = pack(bytes);
			row[coding] = packed.length < bytes.length;
			if (row[coding])
				fs.writeFileSync(path.join(dir, `${file}.${suffix}`),
				    packed);
		}
		return row;
	});
	const at = (file) => `/assets/${file}`;
	const messages = { de: at("de-D4.json"), en: at("en-E5.json") };
	const served = ["/api", "/assets", "/favicon.ico",
	    "/manifest.webmanifest", "/office", "/open311",
	    "/service-worker.js", "/theme", "/tiles"];
	const description = change({ files, served, shell: { script: at("shell-A1.js"),
	    style: at("shell-C3.css"), preload: [at("chunk-B2.js")], messages },
	    plugins: { "defect-reporter": { module: at("reporter-F6.js"),
	    style: null, messages, entries: { tiles: [{ screen: "new",
	    icon: "edit", label: "app.tile.new", says: "app.tile.new-says" }],
	    cards: [], tabs: { report: "new" } } } } });
	fs.writeFileSync(path.join(dir, "files.json"),
	    typeof description === "string" ? description :
	    JSON.stringify(description));
	return dir;
}
