// SPDX-License-Identifier: EUPL-1.2
// A module of the app for a test: bundled as the build does it, imported.

import { build } from "../../platform/app/node_modules/esbuild/lib/main.js";
import { options, here } from "../../platform/app/bundle.mjs";
import path from "node:path";

export async function load(source) {
	const result = await build({ ...options, write: false,
	    platform: "browser", absWorkingDir: here,
	    define: { ASSETS: "{}" },
	    entryPoints: [path.join(here, "src", source)] });
	const code = Buffer.from(result.outputFiles[0].contents)
	    .toString("base64");
	return import(`data:text/javascript;base64,${code}`);
}
