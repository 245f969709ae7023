// SPDX-License-Identifier: EUPL-1.2
// Sends bytes as they are over TCP or TLS and reads what comes back.

import net from 'node:net';
import tls from 'node:tls';

// Reads complete answers off a text of one byte a character. HEAD answers
// carry no body, so the caller says which method was used.
export function readAnswers(text, { head = false } = {}) {
	const answers = [];
	let rest = text;

	for (;;) {
		const end = rest.indexOf('\r\n\r\n');
		if (!rest.startsWith('HTTP/1.') || end < 0)
			return { answers, rest };

		const [line, ...lines] = rest.slice(0, end).split('\r\n');
		const headers = new Map(lines.map((l) => {
			const colon = l.indexOf(':');
			return [l.slice(0, colon).toLowerCase(), l.slice(colon + 1).trim()];
		}));
		const status = Number(line.split(' ')[1]);
		const length = head || status < 200 || status === 204 || status === 304
			? 0 : Number(headers.get('content-length') ?? 0);
		if (rest.length < end + 4 + length)
			return { answers, rest };

		answers.push({ status, headers, body: rest.slice(end + 4, end + 4 + length) });
		rest = rest.slice(end + 4 + length);
	}
}

// A connection that remembers what it received. Methods:
//   write(bytes), end(), destroy()
//   answers()         the complete answers so far
//   until(test, ms)   resolves when test(connection) holds, with whether it did
//   closed, reset     whether the other side has ended or torn down
export async function connect({ port, secure = false, head = false }) {
	const socket = secure
		? tls.connect({ port, host: '127.0.0.1', servername: 'localhost',
			ALPNProtocols: ['http/1.1'], rejectUnauthorized: false })
		: net.connect({ port, host: '127.0.0.1' });
	const watchers = new Set();
	const connection = {
		text: '',
		closed: false,
		reset: false,
		write: (bytes) => socket.write(Buffer.from(bytes, 'latin1')),
		end: () => socket.end(),
		destroy: () => socket.destroy(),
		answers: () => readAnswers(connection.text, { head }).answers,
		until(test, ms) {
			return new Promise((resolve) => {
				const finish = (held) => {
					clearTimeout(timer);
					watchers.delete(look);
					resolve(held);
				};
				const look = () => test(connection) && finish(true);
				const timer = setTimeout(() => finish(false), ms);
				watchers.add(look);
				look();
			});
		},
	};
	const changed = () => [...watchers].forEach((look) => look());

	socket.setNoDelay(true);
	socket.on('data', (data) => {
		connection.text += data.toString('latin1');
		changed();
	});
	socket.on('end', () => { connection.closed = true; changed(); });
	socket.on('error', (error) => {
		connection.reset ||= error.code === 'ECONNRESET' || error.code === 'EPIPE';
		changed();
	});
	socket.on('close', () => { connection.closed = true; changed(); });

	await new Promise((resolve, reject) => {
		socket.once(secure ? 'secureConnect' : 'connect', resolve);
		socket.once('error', reject);
	});
	return connection;
}
