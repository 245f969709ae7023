// SPDX-License-Identifier: EUPL-1.2
// Dovecot as a city's mail server: on loopback, with a configuration and
// folders of its own, as a user without privileges.
//
//	const imap = await startDovecot();
//	imap.deliver(text);			// into INBOX
//	imap.folder("Erledigt");		// [{ flags, text }]
//	imap.settings("tls");			// for a city's file, in YAML
//	await imap.stop();

import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort, until } from "./server.mjs";

export const password = "geheim-ü";
const root = process.getuid() === 0;
const NOBODY = 65534;

function ownName() {
	if (root)
		return ["nobody", "nogroup"];
	const id = (what) => spawnSync("id", [what], { encoding: "utf8" })
	    .stdout.trim();
	return [id("-un"), id("-gn")];
}

// A certificate of its own authority for 127.0.0.1.
function certificate(dir) {
	const made = spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048",
	    "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
	    "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout",
	    path.join(dir, "key.pem"), "-out", path.join(dir, "cert.pem")]);
	if (made.status !== 0)
		throw new Error(String(made.stderr));
}

function configuration(dir, ports) {
	const [user, group] = ownName();
	return `
protocols = imap
listen = 127.0.0.1
base_dir = ${dir}/run
state_dir = ${dir}/state
log_path = ${dir}/log
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
mail_location = maildir:${dir}/mail
mail_max_userip_connections = 100
disable_plaintext_auth = no
auth_mechanisms = plain
ssl = yes
ssl_cert = <${dir}/cert.pem
ssl_key = <${dir}/key.pem
service imap-login {
  chroot =
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = ${ports.imaps}
    ssl = yes
  }
}
auth_failure_delay = 0
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${process.getuid() || NOBODY} gid=${process.getgid() || NOBODY} home=${dir}/mail
}
namespace inbox {
  inbox = yes
  mailbox Erledigt {
    auto = create
  }
}
`;
}

function answers(port) {
	const asked = spawnSync("curl", ["-s", "--max-time", "2", "-u",
	    `stadt:${password}`, `imap://127.0.0.1:${port}/`]);
	return asked.status === 0;
}

export async function startDovecot() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), "stadtkern-imap-"));
	const ports = { imap: await freePort(), imaps: await freePort() };
	const mail = path.join(dir, "mail");
	for (const part of ["run", "state", "mail", "mail/new", "mail/cur",
	    "mail/tmp"])
		fs.mkdirSync(path.join(dir, part));
	certificate(dir);
	const file = path.join(dir, "dovecot.conf");
	fs.writeFileSync(file, configuration(dir, ports));
	const own = (name) => root && fs.chownSync(name, NOBODY, NOBODY);
	own(dir);
	for (const name of fs.readdirSync(dir, { recursive: true }))
		own(path.join(dir, name));
	const daemon = ["/usr/sbin/dovecot", "-F", "-c", file];
	const args = root ? ["--reuid=65534", "--regid=65534", "--clear-groups",
	    ...daemon] : daemon;
	const child = spawn("setpriv", ["--pdeathsig", "KILL", ...args],
	    { stdio: ["ignore", "pipe", "pipe"], detached: true });
	let said = "";
	child.stderr.on("data", (data) => { said += data; });
	const ended = new Promise((done) => child.on("exit", done));
	const log = () => said + (fs.existsSync(path.join(dir, "log")) ?
	    fs.readFileSync(path.join(dir, "log"), "utf8") : "");
	let count = 0;
	const imap = { dir, ports, log };
	imap.deliver = (text) => {
		const name = `${Date.now()}.${process.pid}_${count++}.test`;
		const part = path.join(mail, "tmp", name);
		fs.writeFileSync(part, Buffer.isBuffer(text) ? text :
		    text.replaceAll("\r\n", "\n"));
		own(part);
		fs.renameSync(part, path.join(mail, "new", name));
	};
	imap.folder = (name) => {
		const at = name === "INBOX" ? mail : path.join(mail, `.${name}`);
		return ["new", "cur"].flatMap((part) =>
		    fs.existsSync(path.join(at, part)) ?
		    fs.readdirSync(path.join(at, part)).map((one) => ({
			flags: one.split(":2,")[1] ?? "",
			text: fs.readFileSync(path.join(at, part, one), "utf8"),
		    })) : []);
	};
	// Another folder of the same name: all numbers are new.
	imap.forgetNumbers = () => {
		for (const name of fs.readdirSync(mail))
			if (/^dovecot/.test(name))
				fs.rmSync(path.join(mail, name));
	};
	imap.settings = (security, more = "") => `
mailbox:
  host: 127.0.0.1
  port: ${security === "tls" ? ports.imaps : ports.imap}
  security: ${security}
  user: stadt
  password_file: mailbox
  address: meldung@herne.example.org
${more}`;
	imap.stop = async () => {
		child.kill("SIGTERM");
		await ended;
		try {
			process.kill(-child.pid, "SIGKILL");
		} catch { /* nobody left */ }
		fs.rmSync(dir, { recursive: true, force: true });
	};
	try {
		await until(() => `dovecot answers\n${log()}`, () =>
		    answers(ports.imap));
	} catch (error) {
		await imap.stop();
		throw error;
	}
	return imap;
}
