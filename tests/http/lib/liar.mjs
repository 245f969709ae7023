// SPDX-License-Identifier: EUPL-1.2
// A stand-in for an IMAP server that is slow, cut off or lies. What a real one
// does is dovecot.mjs's; this one is asked only for what a real one does not.
//
//	const liar = await startLiar();
//	liar.answers = { list: "* 1 FETCH …\r\n", body: (socket, tag) => … };
//	await liar.stop();

import net from "node:net";

export const ok = (tag) => `${tag} OK done\r\n`;
export const literal = (text, length = Buffer.byteLength(text)) =>
    `* 1 FETCH (UID 1 BODY[] {${length}}\r\n${text})\r\n`;

function reply(liar, socket, line) {
	const [tag, ...words] = line.split(" ");
	const command = words.join(" ").toUpperCase();
	const { answers } = liar;
	liar.asked.push(command.replace(/^LOGIN .*/, "LOGIN"));
	if (command === "CAPABILITY")
		return `* CAPABILITY IMAP4rev1\r\n${ok(tag)}`;
	if (command.startsWith("STATUS"))
		return `${answers.status ?? "* STATUS INBOX (UIDVALIDITY " +
		    "7 UIDNEXT 9)\r\n"}${ok(tag)}`;
	if (command.startsWith("SELECT"))
		return `* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n${ok(tag)}`;
	if (command.startsWith("UID FETCH") && command.includes("RFC822.SIZE"))
		return (answers.list ?? "") + ok(tag);
	if (command.startsWith("UID FETCH"))
		return typeof answers.body === "function" ?
		    answers.body(socket, tag) : (answers.body ?? "") + ok(tag);
	return ok(tag);
}

export async function startLiar() {
	const liar = { answers: {}, asked: [], greeting: "* OK hello\r\n" };
	const sockets = new Set();
	const server = net.createServer((socket) => {
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
		socket.on("error", () => {});
		let text = "";
		if (liar.greeting)
			socket.write(liar.greeting);
		socket.on("data", (data) => {
			text += data;
			for (let at; (at = text.indexOf("\r\n")) !== -1;) {
				const said = reply(liar, socket, text.slice(0, at));
				text = text.slice(at + 2);
				if (said)
					socket.write(said);
			}
		});
	});
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	liar.port = server.address().port;
	liar.stop = () => {
		for (const socket of sockets)
			socket.destroy();
		return new Promise((done) => server.close(done));
	};
	return liar;
}
