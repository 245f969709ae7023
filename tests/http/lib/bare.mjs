// SPDX-License-Identifier: EUPL-1.2
// Starts the program of tests/bench/bare.c: Kore with our patches and sandbox,
// and no application, for tests of what lies below the application.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, freePort } from './raw.mjs';

// The connection may be refused while the program starts: ask until it is not.
export async function waitForPort(port, child, ms = 20000) {
	const deadline = Date.now() + ms;

	while (Date.now() < deadline && child.exitCode === null) {
		try {
			(await connect({ port })).destroy();
			return;
		} catch {
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}
	throw new Error(`nothing listens on port ${port}`);
}

// { port, pid, exited, output(), stop() }; env is added to the environment.
export async function startServer({ env = {} } = {}) {
	const port = await freePort();
	const program = `${process.env.BUILD ?? 'build'}/bench/bare`;
	let output = '';

	const child = spawn(program, [], {
		env: { ...process.env, PORT: String(port), WORKERS: '2', ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
	child.stdout.on('data', (data) => { output += data; });
	child.stderr.on('data', (data) => { output += data; });
	const exited = once(child, 'exit');
	await waitForPort(port, child);

	return {
		port,
		pid: child.pid,
		exited,
		output: () => output,
		async stop() {
			if (child.exitCode === null && child.signalCode === null)
				process.kill(child.pid, 'SIGTERM');
			const [code, signal] = await exited;
			return { code, signal };
		},
	};
}
