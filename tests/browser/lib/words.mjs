// SPDX-License-Identifier: EUPL-1.2
// The app's texts, as it was built with them: what a test looks for on a
// screen is what a person reads there.

import fs from "node:fs";
import path from "node:path";
import { build } from "../../http/lib/server.mjs";

const built = (side) => JSON.parse(fs.readFileSync(path.join(build, side,
    "files.json"), "utf8"));
export const languages = Object.keys(built("app").shell.messages);

// words("de")("app.steps", { at: 1, of: 6 }): the shell's and the defect
// reporter's, or another plugin's; of the app, or of the office.
export function words(language = "de", plugin = "defect-reporter",
    side = "app") {
	const read = (at) => JSON.parse(fs.readFileSync(path.join(build, side,
	    path.basename(at)), "utf8"));
	const { shell, plugins } = built(side);
	const texts = { ...read(shell.messages[language]),
	    ...read(plugins[plugin].messages[language]) };
	return (key, values = {}) => {
		const text = texts[key] ??
		    texts[`${key}.${values.count === 1 ? "one" : "other"}`];
		if (typeof text !== "string")
			throw new Error(`no text ${key} in ${language}`);
		return text.replace(/\{(\w+)\}/g, (all, name) =>
		    values[name] ?? all);
	};
}
