// SPDX-License-Identifier: EUPL-1.2
// A city's mailbox: Dovecot, named in the city's file, and the courier that
// reads it. The world needs a configuration of its own (`home`).
//
//	const box = await startMailbox(world, "herne");
//	box.imap.deliver(letter({ text: "Vor Haus 5 ist ein Loch." }));
//	await box.turn();		// it is taken; gives why not
//	await box.stop();		// after the world

import fs from "node:fs";
import path from "node:path";
import { password, startDovecot } from "./dovecot.mjs";
import { top, until } from "./server.mjs";

let count = 0;

// A mail as somebody's program sends it.
export function letter({ from = "Kim Beispiel <kim@example.org>", subject =
    "Schlagloch", text = "Vor Haus 5 ist ein Loch.", head = "", to =
    "meldung@herne.example.org", id = `${++count}@example.org` } = {}) {
	return `From: ${from}\nTo: ${to}\nSubject: ${subject}\n` +
	    `Message-ID: <${id}>\nDate: Thu, 26 Nov 2026 08:00:00 +0100\n` +
	    `${head}\n${text}\n`;
}

// What follows `head` of a letter with files, [[type, name, content]].
export const attached = (parts) => ["MIME-Version: 1.0",
    "Content-Type: multipart/mixed; boundary=grenze", "", "--grenze",
    "Content-Type: text/plain; charset=utf-8", "", "Bilder und Akten.",
    ...parts.flatMap(([type, name, content]) => ["--grenze",
	`Content-Type: ${type}`,
	`Content-Disposition: attachment; filename="${name}"`,
	"Content-Transfer-Encoding: base64", "",
	content.toString("base64").replace(/.{76}/g, "$&\n")]),
    "--grenze--"].join("\n");

export const tokenOf = (text) => /meldung\+([a-z2-7]{16})@/.exec(text)[1];

export async function startMailbox(world, city = "herne") {
	const imap = await startDovecot();
	const box = { imap };
	const secrets = path.join(world.dir, "secrets", city);
	fs.mkdirSync(secrets, { recursive: true });
	box.password = path.join(secrets, "mailbox");
	fs.writeFileSync(box.password, `${password}\n`, { mode: 0o600 });
	fs.copyFileSync(path.join(imap.dir, "cert.pem"),
	    path.join(secrets, "ca.pem"));
	// What the city's file says of it.
	box.publish = (security, more = "") => {
		const own = fs.readFileSync(path.join(top, `tenants/${city}.yaml`),
		    "utf8");
		fs.writeFileSync(path.join(world.home, `tenants/${city}.yaml`),
		    own + imap.settings(security, more));
	};
	const idle = () => until(() => "nobody reads\n" +
	    world.courier.log.slice(-999), () => world.sql(`select count(*)
	    from stadtkern.mailbox where lease is null and next_at > now()`) ===
	    "1", 60_000);
	// All that is there is read, now; gives why not.
	box.turn = async () => {
		await idle();
		world.sql(`update stadtkern.mailbox set next_at = now() -
		    interval '1 s', failures = 0, error = null;
		    select pg_notify('stadtkern_tenant', '0')`);
		await idle();
		return world.sql(
		    "select coalesce(error, '') from stadtkern.mailbox");
	};
	// All mail is out, pictures are drawn.
	box.quiet = () => until("the jobs are done", () => world.sql(`select
	    count(*) from stadtkern.job where state in ('waiting', 'running')`)
	    === "0");
	box.stop = () => imap.stop();
	try {
		box.publish("none");
		world.startCourier();
		await until("the mailbox is known", () => world.sql(
		    "select count(*) from stadtkern.mailbox") === "1");
	} catch (error) {
		await box.stop();
		throw error;
	}
	return box;
}
