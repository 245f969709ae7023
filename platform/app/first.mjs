// SPDX-License-Identifier: EUPL-1.2
// Draws the start page's first picture with the app's own components, so that
// the document shows what the script will show (src/first.tsx).

import { build } from "esbuild";
import path from "node:path";
import { completed, here, messages, options, top } from "./bundle.mjs";

const keys = /\{\{(app\.[^}]+)\}\}/g;

// The pieces, and those of a folder's texts that stand in them, by language.
function withTexts(dir, pieces, all = completed(messages(dir))) {
	const used = new Set([...JSON.stringify(pieces).matchAll(keys)].map(
	    ([, key]) => key));
	return { ...pieces, texts: Object.fromEntries(Object.entries(all).map(
	    ([language, texts]) => [language, Object.fromEntries(
	    Object.entries(texts).filter(([key]) => used.has(key)))])) };
}

// { shell, plugins: { name: … } } of { name: its entries }.
export async function first(entries) {
	const result = await build({ ...options, write: false,
	    entryPoints: [path.join(here, "src/first.tsx")],
	    define: { "location.pathname": '"/"', "location.search": '""',
		"navigator.onLine": "true" } });
	const draw = await import("data:text/javascript;base64," +
	    Buffer.from(result.outputFiles[0].contents).toString("base64"));
	const dir = path.join(here, "messages");
	const shell = draw.shell(Object.keys(messages(dir).de));
	const plugins = Object.entries(entries).map(([name, one]) => [name,
	    withTexts(path.join(top, "plugins", name, "messages"),
	    draw.plugin(name, one))]);
	return { shell: withTexts(dir, shell),
	    plugins: Object.fromEntries(plugins) };
}
