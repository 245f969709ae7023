// SPDX-License-Identifier: EUPL-1.2
// A server of one's own for a test file: a database made from a template,
// keys, and whichever of the three processes are asked for, on free ports.
//
//	const world = await startWorld({ public: true, office: true });
//	await world.public.json("GET", "castrop-rauxel", "/api/v1/app");
//	await world.stop();
//
// tests/run.mjs makes the cluster and the template once; a file that is run
// by hand makes its own.

import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export const top = path.resolve(import.meta.dirname ??
    path.dirname(new URL(import.meta.url).pathname), "../../..");
export const build = path.resolve(top, process.env.BUILD ?? "build");
const slow = process.env.SAN ? 4 : 1;	// sanitizers take their time

export function run(program, args, options = {}) {
	const result = spawnSync(program, args, { encoding: "utf8", cwd: top,
	    maxBuffer: 64 << 20, timeout: 120_000 * slow, ...options });
	if (result.status !== 0 && !options.mayFail)
		throw new Error(`${program} ${args.join(" ")}: ` +
		    `${result.error ?? ""}${result.stderr}${result.stdout}`);
	return result;
}

export function cluster(...args) {
	return run("sh", ["platform/db/cluster.sh", ...args]).stdout.trim();
}

export async function until(what, condition, ms = 20_000) {
	const end = Date.now() + ms * slow;
	for (;;) {
		const value = await condition();
		if (value)
			return value;
		if (Date.now() > end)
			throw new Error("waited too long: " +
			    (typeof what === "function" ? what() : what));
		await new Promise((done) => setTimeout(done, 20));
	}
}

export function freePort() {
	return new Promise((resolve, reject) => {
		const server = net.createServer();
		server.on("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

// The cluster, and in it a migrated database with the four cities. Returns
// { dir, var, stop }. Used once for each run of all tests.
export function startCluster() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), "stadtkern-"));
	fs.chmodSync(dir, 0o755);
	const pg = path.join(dir, "pg");
	cluster("start", pg, "--test");
	try {
		cluster("database", pg, "template_cities");
		const env = environment(pg, "template_cities", dir, {});
		const cli = path.join(build, "bin/stadtkern");
		run(cli, ["keys"], { env });
		run(cli, ["migrate"], { env });
		for (const city of fs.readdirSync(path.join(top, "tenants"))) {
			if (!city.endsWith(".yaml"))
				continue;
			const slug = path.basename(city, ".yaml");
			run(cli, ["tenant", "add", slug], { env });
			const streets = path.join(top, "tenants", slug, "streets.csv");
			if (fs.existsSync(streets))
				run(cli, ["streets", "import", slug, streets], { env });
		}
	} catch (error) {
		cluster("remove", pg);
		throw error;
	}
	return { dir, pg, stop() {
		cluster("remove", pg);
		fs.rmSync(dir, { recursive: true, force: true });
	} };
}

function environment(pg, database, dir, more) {
	const env = { PATH: process.env.PATH, LANG: "C.UTF-8",
	    HOME: "/nonexistent",
	    STADTKERN_HOME: top,
	    STADTKERN_OBJECTS: path.join(build, "plugins"),
	    STADTKERN_VAR: dir,
	    STADTKERN_DATABASE: cluster("conninfo", pg, database),
	    STADTKERN_WORKERS: "2",
	    ...more };
	for (const name of ["ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"])
		if (process.env[name])
			env[name] = process.env[name];
	return env;
}

class Process {
	constructor(name, program, args, env) {
		this.name = name;
		this.log = "";
		this.exit = null;
		// A group of its own: what it forks is stopped with it. Nor does it
		// outlive a test that is killed.
		this.child = spawn("setpriv", ["--pdeathsig", "KILL", program,
		    ...args], { env, cwd: top,
		    detached: true, stdio: ["ignore", "pipe", "pipe"] });
		this.pid = this.child.pid;
		for (const stream of [this.child.stdout, this.child.stderr])
			stream.on("data", (data) => { this.log += data; });
		this.ended = new Promise((done) => this.child.on("exit",
		    (code, signal) => { this.exit = { code, signal }; done(this.exit); }));
	}

	async stop(signal = "SIGTERM") {
		if (this.exit === null) {
			this.child.kill(signal);
			const timer = setTimeout(() => this.killGroup(), 40_000);
			await this.ended;
			clearTimeout(timer);
		}
		this.killGroup();
		if (/AddressSanitizer|runtime error:|LeakSanitizer|sandbox violation/
		    .test(this.log))
			throw new Error(`${this.name}: ${this.log}`);
		return this.exit;
	}

	killGroup() {
		try {
			process.kill(-this.pid, "SIGKILL");
		} catch { /* nobody left */ }
	}
}

// One HTTP request to a port, as a native app would make it.
export function request(port, method, host, target, { headers = {}, body } = {}) {
	return new Promise((resolve, reject) => {
		const data = body === undefined ? undefined :
		    Buffer.isBuffer(body) || typeof body === "string" ? body :
		    JSON.stringify(body);
		const all = { host, ...headers };
		if (data !== undefined) {
			if (!Object.keys(all).some((n) => n.toLowerCase() === "content-type"))
				all["content-type"] = "application/json";
			all["content-length"] = Buffer.byteLength(data);
		}
		const req = http.request({ host: "127.0.0.1", port, method,
		    path: target, headers: all, agent: false,
		    timeout: 60_000 * slow }, (res) => {
			const chunks = [];
			res.on("data", (chunk) => chunks.push(chunk));
			res.on("error", reject);
			res.on("end", () => {
				const bytes = Buffer.concat(chunks);
				const text = bytes.toString("utf8");
				let json;
				if (text && /json/.test(res.headers["content-type"] ?? ""))
					json = JSON.parse(text);
				resolve({ status: res.statusCode,
				    headers: res.headers, bytes, text, json });
			});
		});
		req.on("timeout", () => req.destroy(new Error("timeout")));
		req.on("error", reject);
		req.end(data);
	});
}

// wants: { public, office, courier: bool; env: {}; home: bool (a copy of the
// configuration that the test may change) }
export async function startWorld(wants = { public: true }) {
	const own = process.env.STADTKERN_TEST_PG ? null : startCluster();
	const pg = own?.pg ?? process.env.STADTKERN_TEST_PG;
	const keys = own?.dir ?? process.env.STADTKERN_TEST_VAR;
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), "stadtkern-world-"));
	const database = `t_${path.basename(dir).replace(/\W/g, "_").toLowerCase()}`;
	const world = { dir, pg, database, processes: [] };

	fs.cpSync(path.join(keys, "keys"), path.join(dir, "keys"),
	    { recursive: true });
	cluster("database", pg, database, "template_cities");
	const more = { ...wants.env };
	if (wants.home) {
		world.home = path.join(dir, "home");
		for (const part of ["tenants", "themes", "plugins", "platform",
		    "migrations"])
			fs.cpSync(path.join(top, part), path.join(world.home, part),
			    { recursive: true, filter: (name) =>
			    !/\.(c|h|ts|patch)$/.test(name) });
		more.STADTKERN_HOME = world.home;
	}
	world.env = environment(pg, database, dir, more);
	world.conninfo = world.env.STADTKERN_DATABASE;

	world.spawn = (name, program, args) => {
		const one = new Process(name, path.join(build, "bin", program),
		    args, world.env);
		world.processes.push(one);
		return one;
	};
	world.cli = (...args) => run(path.join(build, "bin/stadtkern"), args,
	    { env: world.env, cwd: top, mayFail: true });
	world.sql = (sql) => run("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1",
	    "-d", `${world.conninfo} user=postgres`, "-c", sql]).stdout.trim();
	world.startServer = async (role) => {
		const port = await freePort();
		world.env[role === "office" ? "STADTKERN_OFFICE_PORT" :
		    "STADTKERN_PORT"] = String(port);
		const one = world.spawn(role, "stadtkern-server", [role]);
		one.port = port;
		one.request = (method, city, target, options) =>
		    request(port, method, city.includes(".") || city.includes(":") ?
		    city : `${city}.localhost`, target, options);
		one.ready = () => request(port, "GET", "any", "/readyz")
		    .then((answer) => answer.status === 200, () => false);
		await until(() => `${role} is ready\n${one.log.slice(-2000)}`, () => {
			if (one.exit)
				throw new Error(`${role} ended: ${one.log.slice(-2000)}`);
			return one.ready();
		});
		world[role] = one;
		return one;
	};
	world.startCourier = () => world.courier =
	    world.spawn("courier", "stadtkern", ["courier"]);
	world.stop = async () => {
		const errors = [];
		for (const one of world.processes.reverse())
			await one.stop().catch((error) => errors.push(error));
		cluster("drop", pg, database);
		fs.rmSync(dir, { recursive: true, force: true });
		own?.stop();
		if (errors.length)
			throw errors[0];
	};
	try {
		for (const role of ["public", "office"])
			if (wants[role])
				await world.startServer(role);
		if (wants.courier)
			world.startCourier();
	} catch (error) {
		await world.stop().catch(() => {});
		throw error;
	}
	return world;
}

// A device of a city, with its token, and requests that carry it.
export async function newDevice(server, city) {
	const answer = await server.request("POST", city, "/api/v1/devices",
	    { body: {} });
	if (answer.status !== 201)
		throw new Error(`no device: ${answer.text}`);
	const { id, token } = answer.json;
	return { id, token, request: (method, target, options = {}) =>
	    server.request(method, city, target, { ...options, headers:
	    { authorization: `Bearer ${token}`, ...options.headers } }) };
}

export const staffPassword = "Ein langes Kennwort 2026";

// A signed-in member of staff.
export async function newStaff(world, city, email, role) {
	const added = run(path.join(build, "bin/stadtkern"), ["staff", "add",
	    city, email, "--name", "Alex Beispiel", "--role", role,
	    "--password-stdin"], { env: world.env, input: staffPassword });
	if (added.status !== 0)
		throw new Error(added.stderr);
	return signIn(world.office, city, email, staffPassword);
}

// Where others mistyped, the server asks for patience, and says how much.
export async function signIn(server, city, email, password) {
	const ask = () => server.request("POST", city,
	    "/office/api/v1/session", { body: { email, password } });
	let answer = await ask();
	for (let tries = 0; answer.status === 429 && tries < 5; tries++) {
		await new Promise((done) =>
		    setTimeout(done, 1000 * answer.json.seconds));
		answer = await ask();
	}
	if (answer.status !== 201)
		throw new Error(`no session: ${answer.status} ${answer.text}`);
	const cookie = answer.headers["set-cookie"][0].split(";")[0];
	return { cookie, request: (method, target, options = {}) =>
	    server.request(method, city, target, { ...options, headers:
	    { cookie, ...options.headers } }) };
}
