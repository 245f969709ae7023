// SPDX-License-Identifier: EUPL-1.2
// The mail that a courier without a relay has written, read.

import fs from "node:fs";
import path from "node:path";

// [{ head, body, mode }] of all of it, in order; decoded: quoted-printable or
// base64.
export function readMails(world) {
	const dir = path.join(world.dir, "mail");
	if (!fs.existsSync(dir))
		return [];
	return fs.readdirSync(dir).filter((name) => name.endsWith(".eml"))
	    .sort().map((name) => {
		const file = path.join(dir, name);
		const raw = fs.readFileSync(file, "utf8");
		const at = raw.search(/\r?\n\r?\n/);
		const head = raw.slice(0, at).replace(/\r?\n[ \t]+/g, " ");
		const base64 = /content-transfer-encoding: base64/i.test(raw);
		const body = base64 ? Buffer.from(raw.slice(at), "base64")
		    .toString("utf8") : Buffer.from(raw.slice(at)
		    .replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g,
		    (all, hex) => String.fromCharCode(parseInt(hex, 16))),
		    "latin1").toString("utf8");
		return { head, body, mode: fs.statSync(file).mode & 0o777 };
	});
}
