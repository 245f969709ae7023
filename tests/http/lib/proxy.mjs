// SPDX-License-Identifier: EUPL-1.2
// HAProxy with the configuration for production in front of a test's servers.
//
//	const proxy = await startProxy({ public: port, office: port, env: {} });
//	proxy.port;		// HTTPS of the public side; .plain: HTTP
//	proxy.office;		// HTTPS of the office side
//	proxy.log;		// what it wrote
//	await proxy.stop();

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, run, top, until } from './server.mjs';
import { connect } from './raw.mjs';

function certificate(folder) {
	const [key, cert, both] = ['key.pem', 'cert.pem', 'proxy.pem']
		.map((name) => path.join(folder, name));
	run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
		'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
		'-keyout', key, '-out', cert]);
	fs.writeFileSync(both, fs.readFileSync(key, 'utf8') + fs.readFileSync(cert, 'utf8'));
	return both;
}

export async function startProxy({ public: target, office = target, env = {} }) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stadtkern-proxy-'));
	const ports = await Promise.all([freePort(), freePort(), freePort()]);
	const child = spawn('haproxy', ['-f', path.join(top, 'docs/haproxy.cfg'), '-db'], {
		cwd: top,
		env: {
			PATH: process.env.PATH,
			STADTKERN_UNPRIVILEGED: '1',
			STADTKERN_HTTP_BIND: `127.0.0.1:${ports[0]}`,
			STADTKERN_HTTPS_BIND: `127.0.0.1:${ports[1]}`,
			STADTKERN_OFFICE_BIND: `127.0.0.1:${ports[2]}`,
			STADTKERN_CERTIFICATE: certificate(folder),
			STADTKERN_PUBLIC_SERVER: `127.0.0.1:${target}`,
			STADTKERN_OFFICE_SERVER: `127.0.0.1:${office}`,
			STADTKERN_LOG: 'stdout',
			STADTKERN_MAXCONN: '200',
			...env,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const exited = once(child, 'exit');
	const proxy = { plain: ports[0], port: ports[1], office: ports[2], log: '',
		async stop() {
			child.kill('SIGTERM');
			await exited;
			fs.rmSync(folder, { recursive: true, force: true });
		},
	};
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (data) => { proxy.log += data; });

	try {
		await until(() => `HAProxy listens\n${proxy.log}`, async () => {
			if (child.exitCode !== null)
				throw new Error(`HAProxy ended: ${proxy.log}`);
			return connect({ port: ports[1], secure: true })
				.then((c) => { c.destroy(); return true; }, () => false);
		});
	} catch (error) {
		await proxy.stop();
		throw error;
	}
	return proxy;
}
