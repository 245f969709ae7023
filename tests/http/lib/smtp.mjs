// SPDX-License-Identifier: EUPL-1.2
// A mail relay for tests, on loopback.
//
//	const relay = await startRelay();
//	relay.url;			// smtp://127.0.0.1:port
//	relay.messages;			// [{ from, to: [], text, id, user, … }]
//	relay.answer = (to) => 450;	// refuses with this code; 0: takes it
//	relay.hold = promise;		// each message waits for it
//	await relay.stop();

import { SMTPServer } from "smtp-server";
import { parseMail } from "./mail.mjs";

function refusal(code) {
	return Object.assign(new Error("not today"), { responseCode: code });
}

async function take(relay, stream, session) {
	const chunks = [];
	for await (const chunk of stream)
		chunks.push(chunk);
	relay.arrived++;
	await relay.hold;
	const text = Buffer.concat(chunks).toString("latin1");
	relay.messages.push({
		from: session.envelope.mailFrom.address,
		to: session.envelope.rcptTo.map((one) => one.address),
		user: session.user, text,
		id: /^Message-ID: (.*)\r$/m.exec(text)?.[1],
		...parseMail(text),
	});
}

// `port`: a certain one, to come back after stop(); `users`: { name:
// password }, then a sign-in is needed.
export async function startRelay({ port = 0, users } = {}) {
	const relay = { messages: [], arrived: 0, answer: () => 0,
	    hold: Promise.resolve() };
	const server = new SMTPServer({
		disabledCommands: users ? ["STARTTLS"] : ["STARTTLS", "AUTH"],
		authOptional: !users,
		allowInsecureAuth: true,
		disableReverseLookup: true,
		closeTimeout: 100,
		onAuth: ({ username, password }, session, done) =>
		    users?.[username] === password ?
		    done(null, { user: username }) : done(refusal(535)),
		onRcptTo: ({ address }, session, done) => {
			const code = relay.answer(address);
			done(code ? refusal(code) : null);
		},
		onData: (stream, session, done) => {
			take(relay, stream, session).then(() => done(), done);
		},
	});
	server.on("error", () => {});	// a courier that was killed
	await new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", resolve);
	});
	relay.port = server.server.address().port;
	relay.url = `smtp://127.0.0.1:${relay.port}`;
	relay.stop = () => new Promise((resolve) => server.close(resolve));
	return relay;
}
