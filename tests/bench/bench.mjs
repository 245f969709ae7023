// SPDX-License-Identifier: EUPL-1.2
// `make bench`: what our server does in proportion to what Kore, PostgreSQL
// or itself can do, measured in the same run. docs/benchmarks.md says how to
// read it. A word as the argument takes the rows whose name holds it.

import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { newDevice, newStaff, startCluster, top, until }
    from "../http/lib/server.mjs";
import { makeBundle } from "../http/lib/bundle.mjs";
import { startApp } from "./app.mjs";
import { startCities } from "./cities.mjs";
import { highWater, interleave, median, memory, milliseconds, pgbench, ROUNDS,
    startBare, startBarePgsql, statement, wrk } from "./measure.mjs";
import { readsBesideSignIns } from "./sign_in.mjs";
import { bookingToPgbench, districtDays, startWaste } from "./waste.mjs";

const CONNECTIONS = 2;		// to PostgreSQL, of a worker's short lane
const QUERIES = path.join(top, "plugins/defect-reporter/queries.sql");
const TICKETS = path.join(top, "plugins/defect-reporter/queries/tickets.sql");
const ROUTES = "/api/v1/defect-reporter";
const APP = "/api/v1/app";
const REQUESTS = "/open311/v2/requests.json";

function lazy(make) {
	let made;
	return () => made ??= make();
}

async function cities(count) {
	const made = await startCities(count, { STADTKERN_LIMITS: "0" });
	worlds.push(made.world);
	return made;
}
const few = lazy(() => cities(10));
const many = lazy(() => cities(10_000));

// A server of its own for each setting, kept until the end. One worker, as
// many as the bare handler has, so that nothing but it is the bottleneck.
const servers = new Map();
const worlds = [];		// all are stopped in the end
function server(name, cities, cache = "64") {
	if (!servers.has(name))
		servers.set(name, (async () => {
			const { world } = await cities();
			world.env.STADTKERN_WORKERS = "1";
			world.env.STADTKERN_CACHE_MIB = cache;
			return world.startServer("public");
		})());
	return servers.get(name);
}
const cached = () => server("few, cached", few);
const uncached = () => server("few, uncached", few, "0");
const manyCached = () => server("many, cached", many, "256");
const manyUncached = () => server("many, uncached", many, "0");

async function herne(cities = few) {
	const { world, hosts, reports, ids } = await cities();
	const at = hosts.indexOf("herne.localhost");
	const tenant = world.sql("select id from stadtkern.tenant " +
	    "where slug = 'herne'").trim();
	return { world, host: hosts[at], report: reports[at], id: ids[at], tenant };
}

// A file of the app, from a build made for it.
async function fileToBare() {
	const { world } = await few();
	world.env.STADTKERN_APP = makeBundle(path.join(world.dir, "app"));
	return toBare("/assets/shell-A1.js", undefined, () =>
	    server("few, with an app", few));
}

async function toBare(what, connections, start = cached) {
	const { world, host, report } = await herne();
	const ours = await start();
	const load = { host, path: what ?? report };
	const bare = await startBare(world,
	    await ours.request("GET", host, load.path));
	const result = await interleave(() => wrk(world.dir, ours.port, load,
	    connections), () => wrk(world.dir, bare.port, load, connections));
	await bare.stop();
	return result;
}

async function reportToKorePgsql() {
	const { world, host, report, id, tenant } = await herne();
	const ours = await uncached();
	const load = { host, path: report };
	const bare = await startBarePgsql(world, [
	    `select enter_public(${tenant})`,
	    statement(QUERIES, "report_show", () => `'${id}'`)], CONNECTIONS);
	const result = await interleave(() => wrk(world.dir, ours.port, load),
	    () => wrk(world.dir, bare.port, load));
	await bare.stop();
	return result;
}

async function submitToPgbench() {
	const { world, host, tenant } = await herne();
	const ours = await cached();
	const device = await newDevice(ours, "herne");
	const text = "Tiefes Schlagloch am rechten Fahrbahnrand.";
	const given = { position_lat: 51.5388, position_lon: 7.2257,
	    category: "pothole", department: "tiefbau", initial: "received", text };
	const insert = statement(QUERIES, "report_create", (name) =>
	    name.replace(".", "_") in given ? `:${name.replace(".", "_")}` :
	    "null");
	const script = `\\set key random(1, 9000000000000000000)
\\startpipeline
select enter_device(:tenant::int, :token::bytea, false);
select once(sha256(int8send(:key::int8)), sha256('the same'));
${insert};
\\endpipeline
`;
	const token = world.sql("select token_hash from stadtkern.device " +
	    `where id = '${device.id}'`).trim();
	const load = { host, path: `${ROUTES}/reports`, device: device.token,
	    body: JSON.stringify({ category: given.category, text, position:
	    { lat: given.position_lat, lon: given.position_lon } }) };
	return interleave(() => wrk(world.dir, ours.port, load),
	    () => pgbench(world, script, { ...given, tenant, token },
	    CONNECTIONS));
}

const bulky = lazy(async () => {
	const made = await startWaste();
	worlds.push(made.world);
	return made;
});

async function districtToBare() {
	const { world, server, host } = await bulky();
	const load = { host, path: districtDays };
	const bare = await startBare(world,
	    await server.request("GET", host, load.path));
	const result = await interleave(() => wrk(world.dir, server.port, load),
	    () => wrk(world.dir, bare.port, load));
	await bare.stop();
	return result;
}

// The large answer goes through the lane that carries one at a time.
async function mapToPgbench() {
	const { world, host, tenant } = await herne();
	const ours = await uncached();
	const load = { host, path: `${ROUTES}/map.geojson` };
	const script = `\\startpipeline
select enter_public(:tenant::int);
${statement(QUERIES, "map", () => "null")};
\\endpipeline
`;
	const took = await milliseconds(async () => {
		const { status } = await ours.request("GET", host, load.path);
		if (status !== 200)
			throw new Error(`map: ${status}`);
	});
	return { ...await interleave(() => wrk(world.dir, ours.port, load, 1),
	    () => pgbench(world, script, { tenant }, 1)),
	    note: `${took.toFixed(0)} ms` };
}

// 100,000 reports in one tenant of ten. The note is what PostgreSQL says that
// the statement takes, warm.
const large = lazy(async () => {
	const made = await cities(10);
	made.world.sql(fs.readFileSync(path.join(top,
	    "tests/bench/tickets.sql"), "utf8"));
	made.world.sql("vacuum analyze");
	made.staff = await startOffice(made.world);
	return made;
});

async function startOffice(world) {
	world.env.STADTKERN_WORKERS = "1";
	await world.startServer("office");
	return newStaff(world, "herne", "bench@example.org", "admin");
}

function explained(world, tenant, sql) {
	return world.sql("set role stadtkern_office; " +
	    `select set_config('stadtkern.tenant', '${tenant}', false); ` +
	    `${sql}; explain (analyze) ${sql}`)
	    .match(/Execution Time: ([\d.]+) ms/)[1];
}

async function ticketsToPgbench() {
	const { world, hosts, staff } = await large();
	const host = hosts.find((one) => one.startsWith("herne."));
	const tenant = world.sql("select id from stadtkern.tenant " +
	    "where slug = 'herne'").trim();
	const hash = world.sql("select hash from stadtkern.staff_session " +
	    "order by created_at desc limit 1").trim();
	const given = { department: "'tiefbau'", status: "'in-progress'",
	    sort: "'deadline'", limit: "51" };
	const sql = statement(TICKETS, "ticket_list", (name) =>
	    given[name] ?? "null");
	const script = `\\startpipeline
select enter_staff(:tenant::int, :hash::bytea, '{admin}');
${sql};
\\endpipeline
`;
	const load = { host, cookie: staff.cookie,
	    path: "/office/api/v1/defect-reporter/tickets?department=tiefbau" +
	    "&status=in-progress&sort=deadline&limit=50" };
	return { ...await interleave(
	    () => wrk(world.dir, world.office.port, load),
	    () => pgbench(world, script, { tenant, hash }, CONNECTIONS,
	    "stadtkern_office")),
	    note: `${explained(world, tenant, sql)} ms` };
}

// By how much the office's worker grows while it streams: its high-water mark
// after a short file, and after all.
async function csvMemory() {
	const { world, staff } = await large();
	const file = (query) => staff.request("GET",
	    `/office/api/v1/defect-reporter/tickets.csv${query}`);
	await file("?status=planned&department=tiefbau");
	const before = highWater(world.office.pid);
	const begin = performance.now();
	const { status, bytes, text } = await file("");
	const took = performance.now() - begin;
	const rows = text.split("\r\n").length;
	if (status !== 200 || rows < 100_000)
		throw new Error(`tickets.csv: ${status}, ${rows} lines`);
	return { ratio: highWater(world.office.pid) - before, note:
	    `${(bytes.length / 2 ** 20).toFixed(0)} MiB in ${
	    (took / 1000).toFixed(1)} s` };
}

// What the plugin gives the statement of Open311's list: of the document
// that the tenant was published with.
function open311Values(world) {
	const { tenant } = JSON.parse(world.sql("select config from tenant " +
	    "where slug = 'herne'"));
	const { categories, statuses } = tenant.plugins["defect-reporter"];
	const named = (kind, map) => Object.entries(map).map(([code, { name }]) =>
	    [`${kind} ${code}`, name]);
	return { services: JSON.stringify(Object.fromEntries(categories.map(
	    ({ code, name, danger = null }) => [code,
	    { name, notice: danger }]))),
	    agencies: JSON.stringify(Object.fromEntries([
	    ...named("department", tenant.departments),
	    ...named("body", tenant.outside_bodies)])),
	    names: JSON.stringify(Object.fromEntries(statuses.map(
	    ({ code, name }) => [code, name]))),
	    origin: "https://herne.localhost", extensions: "f", page: 1,
	    page_size: 1000 };
}

// A thousand records, made in the lane that carries one answer at a time.
async function requestsToPgbench() {
	const { world, host, tenant } = await herne();
	const ours = await uncached();
	const given = open311Values(world);
	const query = (replace) => statement(QUERIES, "open311_requests",
	    (name) => name in given ? replace(name) : "null");
	const answer = await ours.request("GET", host, REQUESTS);
	const theirs = world.sql(`select enter_public(${tenant}); ${query(
	    (name) => `'${given[name]}'`)}`).split("\n").at(-1);
	if (answer.json.length !== 1000 || answer.text !== theirs)
		throw new Error("pgbench would be asked for something else");
	// pgbench takes ":MI" for a variable, in a literal too.
	const script = `\\startpipeline
select enter_public(:tenant::int);
${query((name) => `:${name}`).replaceAll("HH24:MI:SS", 'HH24":"MI":"SS')};
\\endpipeline
`;
	return interleave(() => wrk(world.dir, ours.port,
	    { host, path: REQUESTS }, 1),
	    () => pgbench(world, script, { ...given, tenant }, 1));
}

// Two formats of one list.
async function xmlToJson(server, connections) {
	const { world, host } = await herne();
	const { port } = await server();
	const ask = (path) => () => wrk(world.dir, port, { host, path },
	    connections);
	return interleave(ask(REQUESTS.replace("json", "xml")), ask(REQUESTS));
}

// The same load on the server with 10,000 tenants and on that with ten.
async function manyToFew(servers, hosts, path) {
	const small = await few(), large = await many();
	const [ours, theirs] = [await servers[0](), await servers[1]()];
	const load = (cities, count) => ({ hosts: cities.hosts.slice(0, count),
	    paths: path ? [path] : cities.reports.slice(0, count) });
	return interleave(
	    () => wrk(large.world.dir, ours.port, load(large, hosts)),
	    () => wrk(small.world.dir, theirs.port, load(small, 10)), 2 * ROUNDS);
}

// A server with as many workers as this machine has processors, each of
// which holds all the tenants.
async function startMany() {
	const { world } = await many();
	const workers = os.cpus().length;
	world.env.STADTKERN_WORKERS = String(workers);
	world.env.STADTKERN_CACHE_MIB = "64";
	const begin = performance.now();
	const one = await world.startServer("public");
	await until(`${workers} workers with all tenants`, () =>
	    one.log.match(/tenants loaded.* count=10000/g)?.length === workers);
	return { one, workers, took: (performance.now() - begin) / 1000 };
}

async function startSeconds(times = 3) {
	const took = [];
	let workers;
	for (let i = 0; i < times; i++) {
		const started = await startMany();
		took.push(started.took);
		workers = started.workers;
		await started.one.stop();
	}
	return { ratio: median(took), low: Math.min(...took),
	    high: Math.max(...took), note: `${workers} workers` };
}

async function memoryMib() {
	const { one, workers } = await startMany();
	const { hosts } = await many();
	const { dir } = (await many()).world;
	await wrk(dir, one.port, { hosts: hosts.slice(0, 10), path: APP });
	const mib = memory(one.pid);
	await one.stop();
	return { ratio: mib, note: `${workers} workers` };
}

// From the moment that tenant_publish() is sent until no worker gives the
// old answer any more: 16 connections in a row get the new one.
async function reloadMilliseconds() {
	const { world } = await many();
	const { one, workers } = await startMany();
	const psql = spawn("sh", ["platform/db/cluster.sh", "psql", world.pg,
	    world.database, "-XAtq", "-v", "ON_ERROR_STOP=1"],
	    { cwd: top, stdio: ["pipe", "ignore", "inherit"] });
	const took = [];
	for (let i = 0; i < ROUNDS; i++) {
		const begin = performance.now();
		psql.stdin.write("select tenant_publish(slug, replace(config, " +
		    `'"Musterstadt${i ? ` ${i}` : ""}"', '"Musterstadt ${i + 1}"'),` +
		    " null) from tenant where slug = 'musterstadt-5000';\n");
		let since = begin;
		for (let run = 0; run < 16;) {
			const { json } = await one.request("GET",
			    "musterstadt-5000", APP);
			if (json.name !== `Musterstadt ${i + 1}`)
				run = 0;
			else if (run++ === 0)
				since = performance.now();
			if (performance.now() - begin > 20_000)
				throw new Error("the change is never seen");
		}
		took.push(since - begin);
	}
	psql.stdin.end();
	await one.stop();
	return { ratio: median(took), low: Math.min(...took),
	    high: Math.max(...took), note: `${workers} workers` };
}

async function signIns() {
	const made = await herne();
	const { world } = made;
	world.env.STADTKERN_WORKERS = "0";
	const servers = { public: await world.startServer("public"),
	    office: await world.startServer("office") };
	const result = await readsBesideSignIns(servers, made);
	for (const one of Object.values(servers))
		await one.stop();
	return result;
}

const app = lazy(async () => {
	const made = await startApp();
	worlds.push(made.world);
	return made;
});
const firstView = async (part) => (await app()).worst(part);

// From here on no tenant takes a plugin's settings as they come: each writes
// its own categories, statuses, departments, as Herne does. The servers end
// first, for none is asked to take 10,000 changes at once.
const writeAll = lazy(async () => {
	const { world } = await many();
	for (const one of world.processes)
		await one.stop();
	world.sql(`update stadtkern.tenant t
	    set config = replace(replace(replace(h.config,
	    'herne.localhost', t.slug || '.localhost'),
	    'app.herne.example', t.slug || '.example'),
	    '"slug":"herne"', '"slug":"' || t.slug || '"')
	    from stadtkern.tenant h
	    where h.slug = 'herne' and t.slug like 'musterstadt%'`);
});

const least = (bar) => ({ text: `>= ${bar}`, holds: (ratio) => ratio >= bar });
const most = (bar, unit) => ({ text: `<= ${bar} ${unit}`.trimEnd(), unit,
    holds: (ratio) => ratio <= bar });
const stated = (unit) => ({ text: "stated", unit });

const table = [
	["first view: start-up script, compressed", most(60, "kB"),
	    () => firstView("script")],
	["first view: styles, compressed", most(40, "kB"),
	    () => firstView("style")],
	["first view: everything that is transferred", most(180, "kB"),
	    () => firstView("all")],
	["first view: largest contentful paint", most(1.5, "s"),
	    () => firstView("lcp")],
	["first view: layout shift", most(0.02, ""), () => firstView("shift")],
	["app, cached : bare handler", least(0.7), () => toBare(APP)],
	["report, cached : bare handler", least(0.7), () => toBare()],
	["file of the app : bare handler", least(0.7), fileToBare],
	["report, uncached : Kore's pgsql, two statements in a transaction",
	    least(2), reportToKorePgsql],
	["report submitted : pgbench", least(0.5), submitToPgbench],
	["free days of a district, cached : bare handler", least(0.7),
	    districtToBare],
	["bulky waste booked : pgbench", least(0.5),
	    async () => bookingToPgbench(await bulky())],
	["map of 10,000 reports, cached : bare handler", least(0.7),
	    () => toBare(`${ROUTES}/map.geojson`, 8)],
	["map of 10,000 reports, uncached : pgbench", stated(), mapToPgbench],
	["tickets, page of 50 of 100,000 : pgbench", least(0.5),
	    ticketsToPgbench],
	["tickets, CSV of 100,000: growth of the worker", most(2, "MiB"),
	    csvMemory],
	["open311, 1,000 requests as JSON, uncached : pgbench", least(0.7),
	    requestsToPgbench],
	["open311, 1,000 requests as JSON, cached : bare handler", least(0.7),
	    () => toBare(REQUESTS, 8)],
	["open311, 1,000 requests, uncached: XML : JSON", least(0.5),
	    () => xmlToJson(uncached, 1)],
	["open311, 1,000 requests, cached: XML : JSON", least(0.5),
	    () => xmlToJson(cached, 8)],
	["app, cached, 10 hosts: 10,000 tenants : 10", least(0.9),
	    () => manyToFew([manyCached, cached], 10, APP)],
	["report, cached, 10 hosts: 10,000 tenants : 10", least(0.9),
	    () => manyToFew([manyCached, cached], 10)],
	["report, uncached, 10 hosts: 10,000 tenants : 10", least(0.9),
	    () => manyToFew([manyUncached, uncached], 10)],
	["report, cached, all hosts: 10,000 tenants : 10", stated(),
	    () => manyToFew([manyCached, cached], 10_000)],
	["report, uncached, all hosts: 10,000 tenants : 10", stated(),
	    () => manyToFew([manyUncached, uncached], 10_000)],
	["public reads beside a storm of sign-ins, 99th percentile",
	    most(100, "ms"), signIns],
	["10,000 tenants: start", most(3, "s"), startSeconds],
	["10,000 tenants: memory of all processes", most(400, "MiB"), memoryMib],
	["10,000 tenants: reload of one", most(200, "ms"), reloadMilliseconds],
	["10,000 tenants, each with all settings: start", stated("s"),
	    () => writeAll().then(() => startSeconds(1))],
	["10,000 tenants, each with all settings: memory", stated("MiB"),
	    () => writeAll().then(memoryMib)],
];

function number(value, unit) {
	return value.toFixed(unit === "MiB" || unit === "ms" ? 0 :
	    unit === "kB" ? 1 : unit === "" ? 3 : 2);
}

function line(what, ratio, range, bar, held, note) {
	console.log(`${what.padEnd(66)}${ratio.padStart(9)}  ` +
	    `${range.padEnd(16)}${bar.padEnd(12)}${held.padEnd(7)}${note}`.trimEnd());
}

async function measure([what, bar, run]) {
	const { ratio, low, high, a, b, note = "" } = await run();
	const rates = a ? `${number(a, "ms")}/s : ${number(b, "ms")}/s` : "";
	line(what, number(ratio, bar.unit) + (bar.unit ? ` ${bar.unit}` : ""),
	    low === undefined ? "" :
	    `${number(low, bar.unit)}-${number(high, bar.unit)}`, bar.text,
	    bar.holds ? bar.holds(ratio) ? "yes" : "NO" : "-",
	    [rates, note].filter(Boolean).join(", "));
}

const word = process.argv[2] ?? "";
const cluster = startCluster();
process.env.STADTKERN_TEST_PG = cluster.pg;
process.env.STADTKERN_TEST_VAR = cluster.dir;
for (const signal of ["SIGINT", "SIGTERM"])
	process.on(signal, () => {
		for (const one of worlds.flatMap((world) => world.processes))
			one.killGroup();
		cluster.stop();
		process.exit(1);
	});
try {
	line("what", "ratio", "lowest-highest", "bar", "held?", "");
	for (const row of table.filter(([what]) => what.includes(word)))
		await measure(row);
} finally {
	for (const world of worlds)
		await world.stop().catch((error) => console.error(error.message));
	cluster.stop();
}
