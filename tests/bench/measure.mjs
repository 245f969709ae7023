// SPDX-License-Identifier: EUPL-1.2
// Load, and what it says: requests and transactions a second, always of two
// sides in turn. A machine that does something else for a while then hurts
// both, and the median of the ratios leaves the worst rounds out.

import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { freePort, request, until } from "../http/lib/server.mjs";

export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 1);
const PG_BIN = process.env.PG_BIN ?? "/usr/lib/postgresql/15/bin";

export function median(numbers) {
	const sorted = [...numbers].sort((a, b) => a - b);
	const half = sorted.length >> 1;
	return sorted.length % 2 ? sorted[half] :
	    (sorted[half - 1] + sorted[half]) / 2;
}

function execute(program, args, env) {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, { env: { ...process.env, ...env },
		    stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (data) => { output += data; });
		child.on("error", reject);
		child.on("close", (code) => code === 0 ? resolve(output) :
		    reject(new Error(`${program} ${args.join(" ")}: ${output}`)));
	});
}

// Each host in turn asks for each path in turn; `device` makes a POST of
// `body` with a key of its own each time.
function script({ hosts, paths, device, body }) {
	return `
local hosts = { ${hosts.map((host) => `"${host}"`)} }
local paths = { ${paths.map((path) => `"${path}"`)} }
local ready, at = {}, 0
math.randomseed(os.time())
local run = math.random(1, 1000000000)
function init()
	for i = 1, math.max(#hosts, #paths) do
		ready[i] = wrk.format("GET", paths[(i - 1) % #paths + 1],
		    { Host = hosts[(i - 1) % #hosts + 1] })
	end
end
function request()
	at = at + 1
${device ? `
	return wrk.format("POST", paths[1], { Host = hosts[1],
	    ["Authorization"] = "Bearer ${device}",
	    ["Content-Type"] = "application/json",
	    ["Idempotency-Key"] = run .. "-" .. at }, [[${body}]])` : `
	return ready[at % #ready + 1]`}
end
`;
}

// Requests a second with one thread of wrk. Any answer but 2xx ends the run:
// refusals are quick.
export async function wrk(dir, port, load, connections = 32) {
	const { host, path: target, hosts = [host], paths = [target] } = load;
	const args = ["-t", "1", "-c", String(connections),
	    "-d", `${SECONDS}s`, "--timeout", "20s"];
	// One and the same GET needs no script, and wrk is quicker without.
	if (hosts.length > 1 || load.device) {
		const file = path.join(dir, "load.lua");
		fs.writeFileSync(file, script({ ...load, hosts, paths }));
		args.push("-s", file);
	} else
		args.push("-H", `Host: ${hosts[0]}`);
	if (load.cookie)
		args.push("-H", `Cookie: ${load.cookie}`);
	const output = await execute("wrk", [...args,
	    `http://127.0.0.1:${port}${paths[0]}`]);
	const rate = /^Requests\/sec:\s+([\d.]+)/m.exec(output);
	if (!rate || /Non-2xx|Socket errors/.test(output))
		throw new Error(`wrk: ${output}`);
	return Number(rate[1]);
}

// Transactions a second of a pgbench script, prepared, as the role.
export async function pgbench(world, sql, variables, connections,
    role = "stadtkern_public") {
	const file = path.join(world.dir, "pgbench.sql");
	fs.writeFileSync(file, sql);
	const output = await execute(path.join(PG_BIN, "pgbench"), ["-n",
	    "-M", "prepared", "-c", String(connections), "-j", "1",
	    "-T", String(SECONDS), "-f", file,
	    ...Object.entries(variables).flatMap(([name, value]) =>
	    ["-D", `${name}=${value}`]),
	    `${world.conninfo} user=${role}`],
	    { PGOPTIONS: "-c timezone=UTC -c search_path=stadtkern,public" });
	const rate = /^tps = ([\d.]+)/m.exec(output);
	if (!rate || /failed transactions: [1-9]/.test(output))
		throw new Error(`pgbench: ${output}`);
	return Number(rate[1]);
}

// { ratio, low, high, a, b }: ours to theirs over all rounds.
export async function interleave(ours, theirs, rounds = ROUNDS) {
	const ratios = [], a = [], b = [];
	await ours();		// statements planned, caches filled
	await theirs();
	for (let round = 0; round < rounds; round++) {
		// Who begins changes, so that neither has the better half.
		if (round % 2) {
			b.push(await theirs());
			a.push(await ours());
		} else {
			a.push(await ours());
			b.push(await theirs());
		}
		ratios.push(a[round] / b[round]);
	}
	return { ratio: median(ratios), low: Math.min(...ratios),
	    high: Math.max(...ratios), a: median(a), b: median(b) };
}

// Milliseconds that `act` takes, the median of some.
export async function milliseconds(act, times = ROUNDS) {
	const took = [];
	for (let i = 0; i <= times; i++) {
		const begin = performance.now();
		await act();
		if (i > 0)		// the first one warms up
			took.push(performance.now() - begin);
	}
	return median(took);
}

// Resident memory of a process and its children, where shared pages count
// once: MiB.
export function memory(pid) {
	const children = fs.readdirSync("/proc").filter((name) =>
	    /^\d+$/.test(name) && parent(name) === pid);
	const kib = [pid, ...children].map((one) => Number(
	    /^Pss:\s+(\d+)/m.exec(fs.readFileSync(
	    `/proc/${one}/smaps_rollup`, "utf8"))[1]));
	return kib.reduce((sum, one) => sum + one, 0) / 1024;
}

// The most memory that a child of a process ever had: MiB.
export const highWater = (pid) => Math.max(...fs.readFileSync(
    `/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map((one) =>
    Number(/^VmHWM:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${one}/status`,
    "utf8"))[1]))) / 1024;

function parent(pid) {
	try {
		return Number(/^PPid:\s+(\d+)/m.exec(fs.readFileSync(
		    `/proc/${pid}/status`, "utf8"))[1]);
	} catch {
		return null;		// it has just ended
	}
}

// The statement `name` of a queries.sql, its parameters replaced.
export function statement(file, name, replace) {
	const found = new RegExp(`^-- name: ${name} :\\w+\\n(?:--.*\\n)*` +
	    "([^;]*);", "m").exec(fs.readFileSync(file, "utf8"));
	if (!found)
		throw new Error(`${file} has no statement ${name}`);
	return found[1].replaceAll(/(?<![:\w]):([a-z_]+(?:\.[a-z_]+)?)/g,
	    (whole, parameter) => replace(parameter));
}

const OWN = ["content-type", "content-length", "date", "connection",
    "keep-alive"];

// A bare Kore that answers as ours did, headers too. Its answer is compared
// with ours: a bare handler that sends less would be no measure.
export async function startBare(world, answer) {
	const body = path.join(world.dir, "bare-body");
	fs.writeFileSync(body, answer.bytes);
	const bare = await start(world, "bare", { BARE_FILE: body,
	    BARE_TYPE: answer.headers["content-type"],
	    BARE_HEADERS: Object.entries(answer.headers).filter(([name]) =>
	    !OWN.includes(name)).map(([name, value]) =>
	    `${name}: ${value}\n`).join("") });
	const same = await request(bare.port, "GET", "any", "/");
	const without = ({ date, ...others }) => JSON.stringify(
	    Object.entries(others).sort());
	if (!same.bytes.equals(answer.bytes) ||
	    without(same.headers) !== without(answer.headers))
		throw new Error("the bare handler answers something else: " +
		    `${without(same.headers)} ${without(answer.headers)}`);
	return bare;
}

// Kore's own pgsql interface, running statements in a transaction.
export function startBarePgsql(world, statements, connections) {
	return start(world, "bare-pgsql", { BARE_SQL: statements.join(";;"),
	    BARE_DB: `${world.conninfo} user=stadtkern_public ` +
	    "options='-c timezone=UTC -c search_path=stadtkern,public'",
	    BARE_TYPE: "application/json",
	    BARE_CONNECTIONS: String(connections) });
}

async function start(world, program, more) {
	const port = await freePort();
	const env = world.env;
	world.env = { ...env, ...more, PORT: String(port), WORKERS: "1" };
	const one = world.spawn(program, `../bench/${program}`, []);
	world.env = env;
	one.port = port;
	await until(() => `${program} answers: ${one.log}`, () =>
	    request(port, "GET", "any", "/").then((answer) =>
	    answer.status === 200, () => false));
	return one;
}
