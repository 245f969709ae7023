// SPDX-License-Identifier: EUPL-1.2
// The way in production: TLS and HTTP/2 through HAProxy as docs/haproxy.cfg
// sets it up.

import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http2 from 'node:http2';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { makeBundle, sources } from './lib/bundle.mjs';
import { aReport, officeReports, picture, reports } from './lib/city.mjs';
import { startProxy } from './lib/proxy.mjs';
import { connect } from './lib/raw.mjs';
import { cluster, newStaff, request, startCluster, startWorld, until } from './lib/server.mjs';

const HOST = 'herne.localhost';
const APP = '/api/v1/app';
const DEVICES = '/api/v1/devices';
const DEVICES_PER_HOUR = 30;

// One request over HTTP/2, each on a connection of its own; `from` is the
// address that it comes from.
async function ask(port, method, path, { headers = {}, body, from = '127.0.0.1' } = {}) {
	const session = http2.connect(`https://127.0.0.1:${port}`, {
		createConnection: () => tls.connect({ host: '127.0.0.1', port, localAddress: from,
			servername: 'localhost', ALPNProtocols: ['h2'], rejectUnauthorized: false }),
	});
	try {
		const bytes = body === undefined || Buffer.isBuffer(body) ? body
			: Buffer.from(JSON.stringify(body));
		const stream = session.request({ ':method': method, ':path': path, ':authority': HOST,
			...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
			...headers }, { endStream: !bytes });
		if (bytes)
			stream.end(bytes);
		const failed = new Promise((_, reject) => session.once('error', reject));
		const [answer] = await Promise.race([once(stream, 'response'), failed]);
		const chunks = [];
		for await (const chunk of stream)
			chunks.push(chunk);
		const content = Buffer.concat(chunks);
		return { status: answer[':status'], headers: answer, bytes: content,
			json: () => JSON.parse(content.toString('utf8')) };
	} finally {
		session.destroy();
	}
}

// A picture with as many bytes of comments (JPEG, B.2.4.5) as make the size.
function bigPicture(size) {
	const small = picture('orientation-1.jpg');
	const parts = [small.subarray(0, 2)];
	for (let rest = size - small.length; rest > 0; rest -= 65000 + 4) {
		const length = Math.min(rest - 4, 65000);
		const comment = Buffer.alloc(length + 4, 'x');
		comment.writeUInt16BE(0xfffe, 0);
		comment.writeUInt16BE(length + 2, 2);
		parts.push(comment);
	}
	return Buffer.concat([...parts, small.subarray(2)]);
}

describe('behind HAProxy', () => {
	let world, proxy, folder;

	before(async () => {
		folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stadtkern-app-'));
		world = await startWorld({ public: true, office: true,
			env: { STADTKERN_APP: makeBundle(folder) } });
		proxy = await startProxy({ public: world.public.port, office: world.office.port });
	});
	after(async () => {
		await proxy?.stop();
		await world?.stop();
		fs.rmSync(folder, { recursive: true, force: true });
	});

	test('the app comes as the server sends it, its page with all headers', async () => {
		const headers = { 'accept-encoding': 'gzip, deflate, br' };
		for (const [coding, unpack] of [['br', brotliDecompressSync], ['gzip', gunzipSync]]) {
			const file = await ask(proxy.port, 'GET', '/assets/shell-A1.js',
				{ headers: { 'accept-encoding': coding } });
			assert.equal(file.headers['content-encoding'], coding);
			assert.match(file.headers.etag, /^"/, 'nobody packs it again');
			assert.match(file.headers['cache-control'], /immutable/);
			assert.equal(unpack(file.bytes).toString(), sources['shell-A1.js'][1]);
		}
		const page = await ask(proxy.port, 'GET', '/map',
			{ headers: { ...headers, accept: 'text/html' } });
		assert.equal(page.status, 200);
		assert.match((page.headers['content-encoding'] ? gunzipSync(page.bytes)
			: page.bytes).toString(), /^<!doctype html>/);
		for (const name of ['strict-transport-security', 'content-security-policy',
			'permissions-policy', 'referrer-policy', 'cross-origin-opener-policy',
			'cross-origin-embedder-policy', 'x-content-type-options'])
			assert.ok(page.headers[name], name);
		const again = await ask(proxy.port, 'GET', '/map', { headers: { ...headers,
			accept: 'text/html', 'if-none-match': page.headers.etag } });
		assert.equal(again.status, 304);
	});

	test('plain HTTP is sent to HTTPS', async () => {
		const answer = await request(proxy.plain, 'GET', HOST, `${APP}?x=y`);
		assert.equal(answer.status, 308);
		assert.equal(answer.headers.location, `https://${HOST}${APP}?x=y`);
	});

	test('a city answers over HTTP/2, with strict transport security', async () => {
		const answer = await ask(proxy.port, 'GET', APP);
		assert.equal(answer.status, 200);
		assert.equal(answer.json().name, 'Herne');
		assert.match(answer.headers['strict-transport-security'], /^max-age=\d{8}/);
		assert.equal(answer.headers['content-encoding'], undefined);
	});

	test('one caller has so many requests under way and no more', async () => {
		const narrow = await startProxy({ public: world.public.port,
			env: { STADTKERN_CALLER_REQUESTS: '5' } });
		// Bodies that do not come.
		const session = http2.connect(`https://127.0.0.1:${narrow.port}`,
			{ rejectUnauthorized: false });
		try {
			// One that came while our own question was counted is refused
			// too, and is sent again.
			let pending = 0;
			const open = () => {
				pending++;
				session.request({ ':method': 'POST', ':path': DEVICES, ':authority': HOST,
					'content-type': 'application/json', 'content-length': 100 })
					.on('error', () => {})
					.on('close', () => { pending--; });
			};
			await until('refused', async () => {
				while (pending < 5)
					open();
				return (await ask(narrow.port, 'GET', APP)).status === 429;
			});
			const other = await ask(narrow.port, 'GET', APP, { from: '127.0.0.2' });
			assert.equal(other.status, 200);
			session.destroy();
			await until('served again', async () =>
				(await ask(narrow.port, 'GET', APP)).status === 200);
		} finally {
			session.destroy();
			await narrow.stop();
		}
	});

	test('a compressed answer is the same answer, and known again by its tag', async () => {
		const plain = await ask(proxy.port, 'GET', APP);
		const packed = await ask(proxy.port, 'GET', APP, { headers: { 'accept-encoding': 'gzip' } });
		assert.equal(packed.headers['content-encoding'], 'gzip');
		assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
		assert.match(packed.headers.vary, /accept-language/i);
		assert.match(packed.headers.vary, /accept-encoding/i);
		// RFC 9110, 8.8.3: other bytes, so no longer the same strong tag.
		assert.equal(packed.headers.etag, `W/${plain.headers.etag}`);
		for (const tag of [packed.headers.etag, plain.headers.etag]) {
			const again = await ask(proxy.port, 'GET', APP,
				{ headers: { 'accept-encoding': 'gzip', 'if-none-match': tag } });
			assert.equal(again.status, 304);
			assert.equal(again.bytes.length, 0);
		}
	});

	test('a report and a photo of 5 MiB arrive byte by byte', async () => {
		const device = (await ask(proxy.port, 'POST', DEVICES, { body: {} })).json();
		const headers = { authorization: `Bearer ${device.token}` };
		const sent = await ask(proxy.port, 'POST', reports, { headers, body: aReport('herne') });
		assert.equal(sent.status, 201, sent.bytes.toString());

		const photo = bigPicture(5 << 20);
		assert.equal(photo.length, 5 << 20);
		const answer = await ask(proxy.port, 'POST', `${reports}/${sent.json().id}/photos`,
			{ body: photo, headers: { ...headers, 'content-type': 'image/jpeg' } });
		assert.equal(answer.status, 201, answer.bytes.toString());
		const stored = world.sql(`select encode(sha256(content), 'hex') from stadtkern.blob
			where size = ${photo.length}`);
		assert.equal(stored, createHash('sha256').update(photo).digest('hex'));
	});

	test('a caller cannot choose the address that is counted', async () => {
		const statuses = [];
		while (!statuses.includes(429) && statuses.length <= 2 * DEVICES_PER_HOUR)
			statuses.push((await ask(proxy.port, 'POST', DEVICES, { body: {}, from: '127.0.0.3',
				headers: { 'x-forwarded-for': `203.0.113.${statuses.length}`,
					forwarded: 'for=203.0.113.77', 'x-real-ip': '203.0.113.78' } })).status);
		assert.equal(statuses.at(-1), 429);
		assert.ok(statuses.length > DEVICES_PER_HOUR);

		const other = await ask(proxy.port, 'POST', DEVICES, { body: {}, from: '127.0.0.4' });
		assert.equal(other.status, 201, 'another caller is counted apart');
		// The server does believe the header, of the proxy alone.
		const inside = await world.public.request('POST', 'herne', DEVICES,
			{ body: {}, headers: { 'x-forwarded-for': '127.0.0.3' } });
		assert.equal(inside.status, 429);
	});

	test('whoever has large lists made again and again is told to wait', async () => {
		const bulk = (page, from = '127.0.0.5') => ask(proxy.port, 'GET',
			`/open311/v2/bulk.json?page=${page}`, { from });
		let answer;
		let asked = 0;
		do
			answer = await bulk(++asked);
		while (answer.status === 200 && asked < 300);
		assert.equal(answer.status, 429);
		assert.ok(Number(answer.headers['retry-after']) > 0);
		assert.ok(asked > 120, 'a million reports are read in an hour');
		assert.equal((await bulk(asked, '127.0.0.6')).status, 200, 'by somebody else');
	});

	test('what operators ask is not answered outside', async () => {
		for (const port of [proxy.port, proxy.office])
			for (const path of ['/readyz', '/livez', '/readyz?x'])
				assert.equal((await ask(port, 'GET', path)).status, 404, path);
		assert.equal((await world.public.request('GET', 'herne', '/readyz')).status, 200);
	});

	test('the public side does not lead to the office', async () => {
		const answer = await ask(proxy.port, 'GET', officeReports);
		assert.equal(answer.status, 404);
	});

	test('staff sign in and read from an office network, uncompressed', async () => {
		const staff = await newStaff(world, 'herne', 'proxy@herne.example.org', 'admin');
		const answer = await ask(proxy.office, 'GET', officeReports,
			{ headers: { cookie: staff.cookie, 'accept-encoding': 'gzip' } });
		assert.equal(answer.status, 200, answer.bytes.toString());
		assert.equal(answer.headers['content-encoding'], undefined);
		assert.equal(answer.headers['cache-control'], 'no-store');

		const unsafe = await ask(proxy.office, 'DELETE', '/office/api/v1/session',
			{ headers: { cookie: staff.cookie, origin: `https://${HOST}` } });
		assert.ok(unsafe.status < 300, `the origin is our own: ${unsafe.status}`);
	});

	test('the office is shut to other networks', async () => {
		const shut = await startProxy({ public: world.public.port, office: world.office.port,
			env: { STADTKERN_OFFICE_NETWORKS: '192.0.2.0/24' } });
		try {
			const c = await connect({ port: shut.office, secure: true }).catch(() => null);
			assert.equal(c, null);
			assert.equal((await ask(shut.port, 'GET', APP)).status, 200);
		} finally {
			await shut.stop();
		}
	});

	test('the log holds no whole address and no query', async () => {
		const path = `${APP}?secret=1`;
		await ask(proxy.port, 'GET', path, { from: '127.9.9.9' });
		await until('the request is logged', () => /127\.9\.9\.0 .*GET \/api\/v1\/app/.test(proxy.log));
		assert.doesNotMatch(proxy.log, /127\.9\.9\.9|secret|:\d+ \[/);
	});

	test('a server that stops and comes back is noticed', async () => {
		const port = world.public.port;
		await world.public.stop();
		await until('it is missed', async () => (await ask(proxy.port, 'GET', APP)).status === 503);
		world.env.STADTKERN_PORT = String(port);
		world.spawn('public', 'stadtkern-server', ['public']);
		await until('it is back', async () => (await ask(proxy.port, 'GET', APP)).status === 200);
	});
});

describe('behind HAProxy, without a database', () => {
	test('kept answers are given and the rest is refused by the server', async () => {
		const { STADTKERN_TEST_PG: pg, STADTKERN_TEST_VAR: folder } = process.env;
		const own = startCluster();
		Object.assign(process.env, { STADTKERN_TEST_PG: own.pg, STADTKERN_TEST_VAR: own.dir });
		let world, proxy;
		try {
			world = await startWorld({ public: true, env: { STADTKERN_WORKERS: '1' } });
			proxy = await startProxy({ public: world.public.port });
			assert.equal((await ask(proxy.port, 'GET', APP)).status, 200);
			cluster('stop', own.pg);
			await until('the server is not ready', async () =>
				(await world.public.request('GET', 'herne', '/readyz')).status === 503);
			await until('HAProxy has seen it', () => /public_degraded\//.test(proxy.log)
				|| ask(proxy.port, 'GET', APP).then(() => false));
			assert.equal((await ask(proxy.port, 'GET', APP)).status, 200);
			const rest = await ask(proxy.port, 'GET', reports);
			assert.equal(rest.status, 503);
			assert.equal(rest.json().code, 'unavailable');
			assert.ok(rest.headers['retry-after']);
		} finally {
			cluster('start', own.pg, '--test');
			await proxy?.stop();
			await world?.stop();
			own.stop();
			for (const [name, value] of [['STADTKERN_TEST_PG', pg], ['STADTKERN_TEST_VAR', folder]])
				if (value === undefined)
					delete process.env[name];
				else
					process.env[name] = value;
		}
	});
});
