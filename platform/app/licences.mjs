// SPDX-License-Identifier: EUPL-1.2
// Which packages ended up in what is served, with the texts of their licences.

import fs from "node:fs";
import path from "node:path";
import { modules, top } from "./bundle.mjs";

// A package that is published as one bundle brings its dependencies inside.
const bundles = new Set(["maplibre-gl"]);
// Used by the stylesheet, which esbuild's list does not see.
const styles = ["@kern-ux/native"];

function packageOf(input) {
	const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
	return match ? match[1] : null;
}

function read(name) {
	const dir = path.join(modules, name);
	if (!fs.existsSync(dir))
		return null;
	const about = JSON.parse(fs.readFileSync(path.join(dir, "package.json")));
	const file = fs.readdirSync(dir).find((entry) =>
	    /^(licen[cs]e|copying)/i.test(entry));
	return { about, text: file ?
	    fs.readFileSync(path.join(dir, file), "utf8").trim() : "" };
}

export function licences(metafile) {
	const names = new Set(styles);
	const add = (name) => {
		if (names.has(name))
			return;
		names.add(name);
		if (bundles.has(name))
			Object.keys(read(name).about.dependencies ?? {}).forEach(add);
	};
	for (const input of Object.keys(metafile.inputs)) {
		const name = packageOf(input);
		if (name)
			add(name);
	}
	const list = [...names].sort().flatMap((name) => {
		const found = read(name);
		return found ? [{ name, version: found.about.version,
		    licence: found.about.license ?? "", text: found.text }] : [];
	});
	list.unshift({ name: "Stadtkern", version: "", licence: "EUPL-1.2",
	    text: fs.readFileSync(path.join(top, "LICENSE"), "utf8").trim() });
	return list;
}
