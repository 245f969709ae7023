// SPDX-License-Identifier: EUPL-1.2
// Builds the citizens' app: shell, plugins' modules, texts, service worker; or
// the office, which has no service worker. README.md says what comes out.
//
//	node build.mjs --out <folder> [--side office]

import { build } from "esbuild";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import zlib from "node:zlib";
import * as sass from "sass";
import { completed, entry, here, messages, modules, options, plugins, sides,
    top, yamlFile } from "./bundle.mjs";
import { first } from "./first.mjs";
import { licences } from "./licences.mjs";

const { values } = parseArgs({ options: { out: { type: "string" },
    side: { type: "string", default: "app" } } });
const side = sides[values.side];
if (!values.out || !side) {
	console.error("usage: node build.mjs --out <folder> [--side office]");
	process.exit(2);
}
const target = path.resolve(values.out);
const out = `${target}.new`;
const budget = { script: 60_000, style: 40_000 };

const types = {
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".json": "application/json",
};
const files = new Map();

// Writes a file, its compressed forms where they are smaller, and notes it.
function emit(name, bytes, { url = `/assets/${name}`, immutable = true } = {}) {
	const data = Buffer.from(bytes);
	const write = (suffix, packed) => {
		if (packed.length >= data.length)
			return false;
		fs.writeFileSync(path.join(out, name + suffix), packed);
		return true;
	};
	fs.writeFileSync(path.join(out, name), data);
	const packed = zlib.gzipSync(data, { level: 9 });
	files.set(url, { path: url, file: name, type: types[path.extname(name)],
	    gzip: write(".gz", packed),
	    brotli: write(".br", zlib.brotliCompressSync(data, { params: {
		[zlib.constants.BROTLI_PARAM_QUALITY]: 11,
		[zlib.constants.BROTLI_PARAM_SIZE_HINT]: data.length } })),
	    immutable, size: packed.length });
	return url;
}

function emitHashed(stem, suffix, bytes) {
	const hash = crypto.createHash("sha256").update(bytes).digest("base64url")
	    .replace(/[^A-Za-z0-9]/g, "").slice(0, 8).toUpperCase();
	return emit(`${stem}-${hash}${suffix}`, bytes);
}

function emitMessages(stem, all) {
	return Object.fromEntries(Object.entries(completed(all)).map(
	    ([language, texts]) => [language, emitHashed(`${stem}-${language}`,
	    ".json", JSON.stringify(texts))]));
}

// The shell's own; the office shares parts with the app, and their texts.
function shellMessages() {
	const all = messages(path.join(here, "messages"), side);
	const more = side.dir === here ? {} :
	    messages(path.join(side.dir, "messages"), side);
	return Object.fromEntries(Object.entries(all).map(
	    ([language, texts]) => [language, { ...texts, ...more[language] }]));
}

// KERN is written for lines from left to right; its sides become those of the
// line, so that the app turns round with the language.
const logical = (css) => css
    .replace(/\b(margin|padding|border)-left\b/g, "$1-inline-start")
    .replace(/\b(margin|padding|border)-right\b/g, "$1-inline-end")
    .replace(/([{;]\s*)left:/g, "$1inset-inline-start:")
    .replace(/([{;]\s*)right:/g, "$1inset-inline-end:");

// KERN's sources and ours by Sass, then made small.
async function style(file, stem) {
	const css = file.endsWith(".scss") ? logical(sass.compile(file,
	    { loadPaths: [modules, path.join(here, "src/style")],
	    quietDeps: true }).css) :
	    fs.readFileSync(file, "utf8");
	const result = await build({ ...options, plugins: [], write: false,
	    minify: true, stdin: { contents: css, loader: "css",
	    resolveDir: path.dirname(file) } });
	return emitHashed(stem, ".css", result.outputFiles[0].contents);
}

async function workerOfMap() {
	const result = await build({ ...options, write: false, minify: true,
	    entryPoints: [path.join(modules,
	    "maplibre-gl/dist/maplibre-gl-worker.mjs")] });
	return emitHashed("map-worker", ".js", result.outputFiles[0].contents);
}

const common = { ...options, minify: true, outdir: out };

async function scripts(define) {
	const points = { shell: path.join(side.dir, "src/main.tsx") };
	for (const name of plugins(values.side))
		points[name] = entry(name, values.side);
	const result = await build({ ...common, define, splitting: true,
	    write: false, metafile: true, sourcemap: "external",
	    entryPoints: points, entryNames: "[name]-[hash]",
	    chunkNames: "part-[hash]" });
	const maps = `${target}-maps`;
	fs.mkdirSync(maps, { recursive: true });
	for (const file of result.outputFiles) {
		const name = path.basename(file.path);
		if (name.endsWith(".map"))
			fs.writeFileSync(path.join(maps, name), file.contents);
		else
			emit(name, file.contents);
	}
	return result.metafile;
}

// What a script needs at once, itself first.
function reach(metafile, start, seen = new Set()) {
	if (seen.has(start))
		return seen;
	seen.add(start);
	for (const next of metafile.outputs[start].imports)
		if (next.kind === "import-statement" && !next.external)
			reach(metafile, next.path, seen);
	return seen;
}

function outputOf(metafile, source) {
	const relative = path.relative(top, source);
	return Object.keys(metafile.outputs).find((name) =>
	    metafile.outputs[name].entryPoint === relative);
}

const url = (output) => `/assets/${path.basename(output)}`;

async function pluginPart(metafile, name) {
	const dir = path.join(top, "plugins", name);
	const sheet = path.join(dir, values.side, "style.css");
	const entries = path.join(dir, values.side, "entries.yaml");
	const [module, ...parts] = [...reach(metafile,
	    outputOf(metafile, entry(name, values.side)))].map(url);
	return { module, parts,
	    style: fs.existsSync(sheet) ? await style(sheet, name) : null,
	    messages: emitMessages(name, messages(path.join(dir, "messages"),
	    side)),
	    entries: fs.existsSync(entries) ? yamlFile(entries) ?? {} : {} };
}

async function serviceWorker(shell, parts) {
	const precache = [shell.script, ...shell.preload, shell.style];
	const extra = Object.fromEntries(Object.entries(parts).map(
	    ([name, part]) => [name, [part.module, ...part.parts,
	    ...part.style ? [part.style] : []]]));
	const version = crypto.createHash("sha256").update(JSON.stringify(
	    [...files.keys()])).digest("hex").slice(0, 12);
	const result = await build({ ...common, write: false, format: "iife",
	    entryPoints: [path.join(here, "src/worker/service_worker.ts")],
	    define: { PRECACHE: JSON.stringify(precache),
		PARTS: JSON.stringify(extra), VERSION: JSON.stringify(version) } });
	emit("service-worker.js", result.outputFiles[0].contents,
	    { url: "/service-worker.js", immutable: false });
}

function weigh(what, urls, most) {
	const size = urls.reduce((sum, url) => sum + files.get(url).size, 0);
	console.log(`  ${values.side.toUpperCase().padEnd(7)} ${what}: ${size} of ${most} bytes, compressed`);
	if (size > most)
		throw new Error(`${what} is too large`);
}

async function drawFirst(shell, parts) {
	const drawn = await first(Object.fromEntries(Object.entries(parts).map(
	    ([name, { entries }]) => [name, entries])));
	shell.first = drawn.shell;
	for (const [name, part] of Object.entries(parts))
		part.first = drawn.plugins[name];
}

async function main() {
	fs.rmSync(out, { recursive: true, force: true });
	fs.mkdirSync(out, { recursive: true });
	const sheet = await style(path.join(side.dir, "src/style/shell.scss"),
	    "shell");
	const metafile = await scripts({ ASSETS: JSON.stringify({
	    mapStyle: await style(path.join(here, "src/map/map.css"), "map"),
	    mapWorker: await workerOfMap() }) });
	const [script, ...preload] = [...reach(metafile,
	    outputOf(metafile, path.join(side.dir, "src/main.tsx")))].map(url);
	const shell = { script, style: sheet, preload,
	    messages: emitMessages("messages", shellMessages()) };
	const parts = {};
	for (const name of plugins(values.side))
		parts[name] = await pluginPart(metafile, name);
	emit("licences.json", JSON.stringify(licences(metafile)),
	    { immutable: false });
	if (side === sides.app)
		await serviceWorker(shell, parts);
	weigh("start-up script", [script, ...preload], budget.script);
	weigh("stylesheet", [sheet], budget.style);
	for (const part of Object.values(parts))
		delete part.parts;
	if (side === sides.app)
		await drawFirst(shell, parts);
	fs.writeFileSync(path.join(out, "files.json"), JSON.stringify({
	    files: [...files.values()].map(({ size, ...file }) => file),
	    served: JSON.parse(fs.readFileSync(path.join(here,
	    "src/served.json"), "utf8")),
	    shell, plugins: parts }, null, "\t") + "\n");
	fs.rmSync(target, { recursive: true, force: true });
	fs.renameSync(out, target);
}

await main();
