// SPDX-License-Identifier: EUPL-1.2
// The app's texts, as it was built with them: what a test looks for on a
// screen is what a person reads there.

import fs from "node:fs";
import path from "node:path";
import { build } from "../../http/lib/server.mjs";

const built = JSON.parse(fs.readFileSync(path.join(build, "app/files.json"),
    "utf8"));
export const languages = Object.keys(built.shell.messages);

const read = (at) => JSON.parse(fs.readFileSync(path.join(build, "app",
    path.basename(at)), "utf8"));

// words("de")("app.steps", { at: 1, of: 6 }): the shell's and the defect
// reporter's, or another plugin's.
export function words(language = "de", plugin = "defect-reporter") {
	const texts = { ...read(built.shell.messages[language]),
	    ...read(built.plugins[plugin].messages[language]) };
	return (key, values = {}) => {
		if (typeof texts[key] !== "string")
			throw new Error(`no text ${key} in ${language}`);
		return texts[key].replace(/\{(\w+)\}/g, (all, name) =>
		    values[name] ?? all);
	};
}
