// SPDX-License-Identifier: EUPL-1.2
// Requests that are wrong, hostile or unusual, over raw sockets: to the server
// alone, and through HAProxy with the configuration for production.

import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http2 from 'node:http2';
import { startProxy } from './lib/proxy.mjs';
import { connect } from './lib/raw.mjs';
import { startWorld, until } from './lib/server.mjs';

const HOST = 'herne.localhost';
const PATH = '/api/v1/app';
const MAP = '/api/v1/defect-reporter/map.geojson';
const BODY_MAX = (10 << 20) + (64 << 10) + 1024;	// a photo in a form
const LIMITS = { STADTKERN_HEADER_SECONDS: '2', STADTKERN_BODY_SECONDS: '2',
	STADTKERN_DRAIN_SECONDS: '5', STADTKERN_LIMITS: '0' };
const PATIENCE = process.env.SAN ? 32000 : 8000;

const get = (lines = '') => `GET ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n${lines}\r\n`;
const post = (lines, body = '') => `POST ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n${lines}\r\n${body}`;
const hidden = `GET /hidden HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
const many = (n) => Array.from({ length: n }, (_, i) => `X-${i}: ${i}\r\n`).join('');

// Each is answered once with one of the statuses, then the connection closes.
// proxied: what may come through HAProxy where that differs; false: HAProxy
// repairs this itself, so that the server sees a right request.
const refused = [
	['no host', `GET ${PATH} HTTP/1.1\r\n\r\n`, [400]],
	['an empty host', `GET ${PATH} HTTP/1.1\r\nHost:\r\n\r\n`, [400]],
	['two hosts', get('Host: other.localhost\r\n'), [400]],
	['the same host twice', get(`Host: ${HOST}\r\n`), [400], false],
	['a header that only begins with host', `GET ${PATH} HTTP/1.1\r\nHostx: ${HOST}\r\n\r\n`, [400]],
	['a host with a path', `GET ${PATH} HTTP/1.1\r\nHost: a/b\r\n\r\n`, [400]],
	['a host with user information', `GET ${PATH} HTTP/1.1\r\nHost: a@b\r\n\r\n`, [400]],
	['a host with a blank', `GET ${PATH} HTTP/1.1\r\nHost: a b\r\n\r\n`, [400]],
	['a host with a port that is no number', `GET ${PATH} HTTP/1.1\r\nHost: a:b\r\n\r\n`, [400]],
	['101 headers', get(many(100)), [431], [400, 431]],
	['an oversized header block', get(`X-Big: ${'x'.repeat(40000)}\r\n`), [431], [400, 431]],
	['an oversized header block that goes on', get(`X-Big: ${'x'.repeat(400000)}\r\n`), [431], [400, 431]],
	['a body on GET', get(`Content-Length: ${hidden.length}\r\n`) + hidden, [400]],
	['a body on HEAD', `HEAD ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 3\r\n\r\nabc`, [400]],
	['a body on DELETE', `DELETE ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 3\r\n\r\nabc`, [400]],
	['a body on OPTIONS', `OPTIONS ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 3\r\n\r\nabc`, [400]],
	['a POST without length', post(''), [411], false],
	['two different lengths', post('Content-Length: 3\r\nContent-Length: 40\r\n', 'abc'), [400]],
	['the same length twice', post('Content-Length: 3\r\nContent-Length: 3\r\n', 'abc'), [400], false],
	['a list of lengths', post('Content-Length: 3, 3\r\n', 'abc'), [400], false],
	['a length with a sign', post('Content-Length: +3\r\n', 'abc'), [400]],
	['a negative length', post('Content-Length: -3\r\n', 'abc'), [400]],
	['a hexadecimal length', post('Content-Length: 0x3\r\n', 'abc'), [400]],
	['an empty length', post('Content-Length:\r\n', 'abc'), [400]],
	['a length with a blank inside', post('Content-Length: 1 0\r\n', 'abc'), [400]],
	['a length beyond 64 bits', post('Content-Length: 99999999999999999999999\r\n', 'abc'), [400]],
	['a length beyond the limit', post(`Content-Length: ${BODY_MAX + 1}\r\n`, 'abc'), [413]],
	['a chunked body', post('Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n0\r\n\r\n'), [411]],
	['a chunked body beside a length', post('Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${hidden}`), [400], [400, 411]],
	['an unknown transfer coding', post('Transfer-Encoding: cow\r\n', 'abc'), [411], [400, 411, 422, 501]],
	['a disguised transfer coding', post('Transfer-Encoding:\tchunked, identity\r\n', '0\r\n\r\n'), [411], [400, 411]],
	['chunked on GET', get('Transfer-Encoding: chunked\r\n') + `0\r\n\r\n${hidden}`, [411], [400, 411]],
	['line feeds without carriage returns', `GET ${PATH} HTTP/1.1\nHost: ${HOST}\n\n`, [400], false],
	['one line feed among right line ends', `GET ${PATH} HTTP/1.1\r\nHost: ${HOST}\nX: y\r\n\r\n`, [400], false],
	['a carriage return inside a value', get('X: a\rb\r\n'), [400]],
	['a folded header', get('X: a\r\n b\r\n'), [400], false],
	['a NUL in a value', get('X: a\0b\r\n'), [400]],
	['a control character in a value', get('X: a\x01b\r\n'), [400], false],
	['a blank before the colon', get('X : a\r\n'), [400]],
	['a blank before the length\'s colon', post('Content-Length : 3\r\n', 'abc'), [400]],
	['a header without a name', get(': a\r\n'), [400]],
	['a header without a colon', get('nothing\r\n'), [400]],
	['a blank before the first header', `GET ${PATH} HTTP/1.1\r\n X: a\r\nHost: ${HOST}\r\n\r\n`, [400], false],
	['a header name beyond ASCII', get('X\xe4: a\r\n'), [400]],
	['an empty line before the request', `\r\n${get()}`, [400], false],
	['a request line of one word', 'GET\r\n\r\n', [400]],
	['two blanks in the request line', `GET  ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [400], false],
	['four words in the request line', `GET ${PATH} x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [400]],
	['the absolute form', `GET http://${HOST}${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [400], false],
	['the authority form', `CONNECT ${HOST}:443 HTTP/1.1\r\nHost: ${HOST}:443\r\n\r\n`, [501], [400, 405, 501]],
	['a target without a slash', `GET api HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [400]],
	['a fragment in the target', `GET ${PATH}#x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [400]],
	['a control character in the target', `GET ${PATH}\x01 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [400]],
	['a target beyond ASCII', `GET ${PATH}\xe4 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [400]],
	['HTTP/0.9', `GET ${PATH}\r\n`, [400], [400, 408]],
	['no version', `GET ${PATH}\r\nHost: ${HOST}\r\n\r\n`, [400]],
	['a version that is none', `GET ${PATH} HTTP/1.x\r\nHost: ${HOST}\r\n\r\n`, [400]],
	['a version of the future', `GET ${PATH} HTTP/3.0\r\nHost: ${HOST}\r\n\r\n`, [505], false],
	['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [501], false],
	['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400], [400, 408]],
	['a target of 9,000 bytes', `GET /${'x'.repeat(9000)} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [414]],
	['an endless target', `GET /${'x'.repeat(100000)}`, [414], [400, 414]],
	['an unknown method', `BREW ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [501]],
	['TRACE', `TRACE ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [501]],
	['a method in lower case', `get ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [501]],
];

// Each reaches the application. POST meets whatever it answers there.
const accepted = [
	['a plain GET', get()],
	['a port in the host', `GET ${PATH} HTTP/1.1\r\nHost: ${HOST}:8080\r\n\r\n`],
	['a header beginning with host beside the host', get('Hostx: other.localhost\r\n')],
	['an empty header', get('X-Empty:\r\n')],
	['a tab and letters beyond ASCII in a header', get('X-City: a\tCastr\xf6p\r\n')],
	['a cookie of 8 KiB', get(`Cookie: a=${'x'.repeat(8190)}\r\n`)],
	['an authorization of 8 KiB', get(`Authorization: Bearer ${'x'.repeat(8190)}\r\n`)],
	['a length of nought on GET', get('Content-Length: 0\r\n')],
	['a HEAD', `HEAD ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`],
	['a POST', post('Content-Length: 2\r\n', '{}')],
	['a PUT', post('Content-Length: 2\r\n', '{}').replace('POST', 'PUT')],
	['a PATCH', post('Content-Length: 2\r\n', '{}').replace('POST', 'PATCH')],
	['a DELETE', get().replace('GET', 'DELETE')],
	['a body of 200,000 bytes', post('Content-Length: 200000\r\n', 'x'.repeat(200000))],
];
const REACHED = [200, 204, 401, 403, 404, 405, 415, 422];

for (const through of ['alone', 'behind HAProxy']) {
	const proxied = through !== 'alone';

	describe(`the server ${through}`, () => {
		let world, proxy, where;

		before(async () => {
			world = await startWorld({ public: true, env: LIMITS });
			proxy = proxied ? await startProxy({ public: world.public.port,
				env: { STADTKERN_REQUEST_TIMEOUT: '2s' } }) : null;
			where = { port: proxy?.port ?? world.public.port, secure: proxied };
		});
		after(async () => {
			await proxy?.stop();
			const { log } = world.public;
			const exit = await world.public.stop();
			await world.stop();
			assert.deepEqual(exit, { code: 0, signal: null }, log);
			assert.doesNotMatch(log, /restarting worker/);
		});

		const answersStill = async () => {
			const c = await connect(where);
			c.write(get());
			assert.ok(await c.until(() => c.answers().length === 1, PATIENCE));
			assert.equal(c.answers()[0].status, 200);
			c.destroy();
		};

		for (const [name, bytes, statuses, other] of refused) {
			if (proxied && other === false)
				continue;
			test(`refuses ${name}`, async () => {
				const c = await connect({ ...where, head: bytes.startsWith('HEAD') });
				const expected = proxied ? other ?? statuses : statuses;
				c.write(bytes);
				assert.ok(await c.until(() => c.answers().length > 0, PATIENCE), 'an answer comes');
				assert.ok(expected.includes(c.answers()[0].status),
					`${c.answers()[0].status} is one of ${expected}`);
				// HAProxy may keep what it refused by rule open; then nothing
				// that lay in the request may have been taken for a second one.
				if (!proxied)
					assert.ok(await c.until(() => c.closed, PATIENCE), 'the connection closes');
				else
					c.end();
				await c.until(() => c.closed, PATIENCE);
				assert.equal(c.answers().length, 1);
				assert.equal(c.reset, false);
				c.destroy();
				await answersStill();
			});
		}

		for (const [name, bytes] of accepted) {
			test(`lets ${name} through and keeps the connection`, async () => {
				const c = await connect({ ...where, head: bytes.startsWith('HEAD') });
				for (let n = 1; n <= 2; n++) {
					c.write(bytes);
					assert.ok(await c.until(() => c.answers().length === n, PATIENCE));
					assert.ok(REACHED.includes(c.answers()[n - 1].status), `${c.answers()[n - 1].status}`);
				}
				assert.equal(c.closed, false);
				c.destroy();
			});
		}

		test('lets 64 headers through', async () => {
			const c = await connect(where);
			c.write(get(many(63)));
			assert.ok(await c.until(() => c.answers().length === 1, PATIENCE));
			assert.equal(c.answers()[0].status, 200);
			c.destroy();
		});

		test('answers a second request in the same bytes, or closes after the first', async () => {
			const c = await connect(where);
			c.write(get() + get());
			assert.ok(await c.until(() => c.answers().length === 2 || c.closed, PATIENCE));
			assert.equal(c.answers()[0].status, 200);
			if (c.answers().length === 1)
				assert.equal(c.answers()[0].headers.get('connection'), 'close');
			c.destroy();
		});

		test('never takes bytes behind the length into the body', async () => {
			const c = await connect(where);
			c.write(post('Content-Length: 2\r\n', `{}${get()}`));
			assert.ok(await c.until(() => c.answers().length === 2 || c.closed, PATIENCE));
			assert.ok(REACHED.includes(c.answers()[0].status));
			if (c.answers().length === 1)
				assert.equal(c.answers()[0].headers.get('connection'), 'close');
			c.destroy();
		});

		test('puts a head and a body together from single bytes', async () => {
			const c = await connect(where);
			for (const byte of post('Content-Length: 2\r\nX: y\r\n', '{}'))
				c.write(byte);
			assert.ok(await c.until(() => c.answers().length === 1, PATIENCE));
			assert.ok(REACHED.includes(c.answers()[0].status));
			c.destroy();
		});

		test('gives up on a head that trickles', async () => {
			const c = await connect(where);
			c.write(`GET ${PATH} HTTP/1.1\r\n`);
			const drip = setInterval(() => !c.closed && c.write('X: y\r\n'), 200);
			assert.ok(await c.until(() => c.closed, PATIENCE));
			clearInterval(drip);
			assert.equal(c.answers()[0]?.status, 408);
			c.destroy();
		});

		test('gives up on a body that does not come', async () => {
			const c = await connect(where);
			c.write(post('Content-Length: 100\r\n', 'abc'));
			// HAProxy itself waits longer for the rest than the server.
			assert.ok(await c.until(() => proxied ? c.answers().length > 0 : c.closed, PATIENCE));
			assert.equal(c.answers()[0]?.status, 408);
			c.destroy();
		});

		test('survives a client that leaves inside the body', async () => {
			const c = await connect(where);
			c.write(post('Content-Length: 100\r\n', 'abc'));
			c.destroy();
			await answersStill();
		});

		test('closes after "connection: close" in a list', async () => {
			const c = await connect(where);
			c.write(get('Connection: x-other, Close\r\n'));
			assert.ok(await c.until(() => c.closed, PATIENCE));
			assert.equal(c.answers()[0].status, 200);
			assert.equal(c.reset, false);
		});

		test('sends no server header', async () => {
			const c = await connect(where);
			c.write(get());
			assert.ok(await c.until(() => c.answers().length === 1, PATIENCE));
			assert.equal(c.answers()[0].headers.has('server'), false);
			c.destroy();
		});

		if (!proxied) {
			test('asks for a body that waits for leave', async () => {
				const c = await connect(where);
				c.write(post('Content-Length: 2\r\nExpect: 100-continue\r\n'));
				assert.ok(await c.until(() => c.answers()[0]?.status === 100, PATIENCE));
				c.write('{}');
				assert.ok(await c.until(() => c.answers().length === 2, PATIENCE));
				assert.ok(REACHED.includes(c.answers()[1].status));
				c.destroy();
			});

			test('closes an idle connection without an answer nobody asked for', async () => {
				const c = await connect(where);
				c.write(get());
				assert.ok(await c.until(() => c.closed, PATIENCE));
				assert.equal(c.answers().length, 1);
			});
		} else {
			test('refuses a body on GET in HTTP/2', async () => {
				const session = http2.connect(`https://127.0.0.1:${proxy.port}`, { rejectUnauthorized: false });
				const stream = session.request({ ':path': PATH, ':authority': HOST }, { endStream: false });
				stream.end(hidden);
				const [headers] = await once(stream, 'response');
				session.destroy();
				assert.ok([400, 411].includes(headers[':status']), `${headers[':status']}`);
			});
		}
	});
}

// Until the last process has closed it, the listening socket still queues.
async function refusesConnections(server) {
	const deadline = Date.now() + PATIENCE;

	while (Date.now() < deadline) {
		try {
			(await connect(server)).destroy();
		} catch {
			return true;
		}
	}
	return false;
}

// Holds a table until release(), so that a statement on it sleeps.
async function lockTable(world, table) {
	const child = spawn('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d',
		`${world.conninfo} user=postgres`], { stdio: ['pipe', 'pipe', 'inherit'] });
	const exited = once(child, 'exit');
	child.stdin.write(`begin; lock table ${table} in access exclusive mode; select 'held';\n`);
	await Promise.race([once(child.stdout, 'data'), exited.then(([code]) => {
		throw new Error(`psql ended with ${code}`);
	})]);
	return {
		waiting: () => Number(world.sql('select count(*) from pg_locks l join pg_database d '
			+ 'on d.oid = l.database where not granted and datname = current_database()')),
		async release() {
			child.stdin.end('rollback;\n');
			await exited;
		},
	};
}

describe('a server that is told to stop', () => {
	let world;

	before(async () => {
		world = await startWorld({ env: { ...LIMITS, STADTKERN_BODY_SECONDS: '60',
			STADTKERN_HEADER_SECONDS: '60' } });
	});
	after(() => world.stop());

	for (const signal of ['SIGTERM', 'SIGQUIT', 'SIGINT']) {
		test(`answers what has begun before it exits (${signal})`, async () => {
			const server = await world.startServer('public');
			const busy = await connect(server);
			const idle = await connect(server);
			idle.write(get());
			assert.ok(await idle.until(() => idle.answers().length === 1, PATIENCE));
			// The server has taken the head once it asks for the body.
			busy.write(post('Content-Length: 4\r\nExpect: 100-continue\r\n'));
			assert.ok(await busy.until(() => busy.answers()[0]?.status === 100, PATIENCE));

			process.kill(server.pid, signal);
			assert.ok(await idle.until(() => idle.closed, PATIENCE), 'an idle connection closes');
			assert.ok(await refusesConnections(server), 'no new connection is taken');
			assert.equal(busy.closed, false);

			busy.write('{ }\n');
			assert.ok(await busy.until(() => busy.closed, PATIENCE));
			assert.ok(REACHED.includes(busy.answers()[1]?.status));
			assert.equal(busy.answers()[1].headers.get('connection'), 'close');
			assert.deepEqual(await server.ended, { code: 0, signal: null });
		});
	}

	test('answers what waits for the database before it exits', async () => {
		const server = await world.startServer('public');
		const lock = await lockTable(world, 'defect_reporter.report');
		const asleep = await connect(server);
		asleep.write(get().replace(PATH, MAP));
		await until('the statement waits', () => lock.waiting() === 1);

		process.kill(server.pid, 'SIGTERM');
		assert.ok(await refusesConnections(server), 'no new connection is taken');
		assert.equal(asleep.answers().length, 0);
		await lock.release();
		assert.ok(await asleep.until(() => asleep.closed, PATIENCE));
		assert.equal(asleep.answers()[0]?.status, 200);
		assert.equal(asleep.answers()[0].headers.get('connection'), 'close');
		assert.deepEqual(await server.ended, { code: 0, signal: null });
	});

	test('loses no request that came at the same moment', async () => {
		const server = await world.startServer('public');
		const connections = await Promise.all(Array.from({ length: 60 },
			() => connect(server)));
		connections.forEach((c, i) => {
			c.write(get());
			if (i === 30)
				process.kill(server.pid, 'SIGTERM');
		});
		for (const c of connections) {
			assert.ok(await c.until(() => c.closed, PATIENCE));
			assert.equal(c.answers()[0]?.status, 200);
			assert.equal(c.reset, false);
		}
		assert.deepEqual(await server.ended, { code: 0, signal: null });
	});

	test('waits no longer than it may', async () => {
		world.env.STADTKERN_DRAIN_SECONDS = '1';
		const server = await world.startServer('public');
		const stuck = await connect(server);
		stuck.write(post('Content-Length: 4\r\nExpect: 100-continue\r\n'));
		assert.ok(await stuck.until(() => stuck.answers()[0]?.status === 100, PATIENCE));
		process.kill(server.pid, 'SIGTERM');
		assert.deepEqual(await server.ended, { code: 0, signal: null });
		assert.equal(stuck.answers().length, 1);
		stuck.destroy();
	});
});
