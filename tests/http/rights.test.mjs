// SPDX-License-Identifier: EUPL-1.2
// Roles whose rights are limited to departments and categories: what somebody
// sees, and what they can change, in the list and by its name.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { aReport, officeReports, picture, refused, sendPhoto, sendReport }
    from "./lib/city.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";

const city = "herne";
const roles = `
  roads:
    name: Tiefbau
    rights:
      - defect-reporter.reports.read
      - right: defect-reporter.reports.work
        departments: [tiefbau]
  potholes:
    name: Schlaglöcher
    rights:
      - right: defect-reporter.*
        categories: [pothole]
  garden:
    name: Stadtgrün
    rights:
      - right: defect-reporter.*
        departments: [stadtgruen]
  play:
    name: Spielplätze im Grünen
    rights:
      - right: defect-reporter.reports.read
        departments: [stadtgruen]
        categories: [playground]
`;
let world, device, admin, reports;

before(async () => {
	world = await startWorld({ public: true, office: true, courier: true,
	    home: true, env: { STADTKERN_LIMITS: "0" } });
	const file = path.join(world.home, `tenants/${city}.yaml`);
	const text = fs.readFileSync(file, "utf8");
	fs.writeFileSync(file, text.replace(/^plugins:/m, (all) =>
	    `${roles.slice(1)}\n${all}`));
	const added = world.cli("tenant", "add", city);
	assert.equal(added.status, 0, added.stderr);
	device = await newDevice(world.public, city);
	admin = await newStaff(world, city, "admin@example.org", "admin");
	reports = {};
	for (const category of ["pothole", "cycle-path", "green",
	    "playground"]) {
		reports[category] = await sendReport(device, aReport(city,
		    { category }, Object.keys(reports).length));
		reports[category].photo = (await sendPhoto(device,
		    reports[category].id, picture("plain.jpg"))).json.id;
	}
	reports.green.remark = world.sql("with k as (insert into stadtkern.api_key " +
	    "(tenant_id, hash, name, rights) select id, sha256('key'), 'Portal', " +
	    `'{}' from tenant where slug = '${city}' returning tenant_id, id) ` +
	    "insert into defect_reporter.remark (tenant_id, report_id, " +
	    `api_key_id, text) select tenant_id, '${reports.green.id}', id, ` +
	    "'Noch da.' from k returning id");
	await until("the photos are ready", async () => (await Promise.all(
	    Object.values(reports).map((one) => admin.request("GET",
	    `${officeReports}/${one.id}`)))).every((one) =>
	    one.json.photos[0].state === "waiting"));
}, { timeout: 120_000 });
after(() => world.stop());

const all = ["cycle-path", "green", "playground", "pothole"];
const seen = async (staff) => (await staff.request("GET", officeReports))
    .json.items.map((one) => one.category).sort();
const work = (staff, category) => staff.request("POST",
    `${officeReports}/${reports[category].id}/answers`,
    { body: { text: "Wir sehen nach." } });

let count = 0;
const someone = (role) => newStaff(world, city,
    `rights${++count}@example.org`, role);

describe("a right", () => {
	test("that is not limited is for everything", async () => {
		assert.deepEqual(await seen(admin), all);
		assert.equal((await work(admin, "green")).status, 201);
	});

	test("limited to a department is for what that department has, while " +
	    "another of the same role is for everything", async () => {
		const staff = await someone("roads");
		assert.deepEqual(await seen(staff), all);
		assert.equal((await work(staff, "pothole")).status, 201);
		assert.equal((await work(staff, "cycle-path")).status, 201);
		refused(await work(staff, "green"), 404, "not-found");
	});

	test("limited to a category shows nothing of another, by no route",
	    async () => {
		const staff = await someone("potholes");
		assert.deepEqual(await seen(staff), ["pothole"]);
		const mine = `${officeReports}/${reports.pothole.id}`;
		assert.equal((await staff.request("GET", mine)).status, 200);
		assert.equal((await staff.request("GET",
		    `${mine}/photos/${reports.pothole.photo}`)).status, 200);
		const other = `${officeReports}/${reports.green.id}`;
		const photo = `${other}/photos/${reports.green.photo}`;
		const remark = `${other}/remarks/${reports.green.remark}`;
		for (const [method, target, body] of [["GET", other],
		    ["GET", photo], ["POST", `${photo}/release`],
		    ["POST", `${photo}/reject`], ["POST", `${remark}/release`],
		    ["POST", `${remark}/reject`], ["POST", `${other}/release`, {}],
		    ["POST", `${other}/reject`, { reason: "Nein, danke." }],
		    ["POST", `${other}/status`, { status: "assigned" }],
		    ["POST", `${other}/answers`, { text: "Nein." }],
		    ["POST", `${other}/forward`, { body: "strassen-nrw" }]])
			refused(await staff.request(method, target, { body }), 404,
			    "not-found");
		assert.equal((await admin.request("GET", other)).json.version, 2,
		    "only the answer above has changed it");
	});

	test("limited to both is for what fits both", async () => {
		assert.deepEqual(await seen(await someone("play")),
		    ["playground"]);
	});

	test("of two roles is for what either is for", async () => {
		assert.deepEqual(await seen(await someone("potholes,play")),
		    ["playground", "pothole"]);
		assert.deepEqual(await seen(await someone("potholes,garden")),
		    ["green", "playground", "pothole"]);
		assert.deepEqual(await seen(await someone("potholes,reader")),
		    all);
	});

	test("changes with the next request", async () => {
		const staff = await someone("garden");
		assert.deepEqual(await seen(staff), ["green", "playground"]);
		world.sql("update staff set roles = '{play}' where email = " +
		    `'rights${count}@example.org'`);
		assert.deepEqual(await seen(staff), ["playground"]);
		world.sql("update defect_reporter.report set department = " +
		    `'tiefbau' where id = '${reports.playground.id}'`);
		assert.deepEqual(await seen(staff), []);
		world.sql("update defect_reporter.report set department = " +
		    `'stadtgruen' where id = '${reports.playground.id}'`);
	});
});

describe("a role in the city's file", () => {
	const wrong = [
	    ["a department that there is not", "{right: " +
		"defect-reporter.reports.read, departments: [mond]}",
		/\/roles\/wrong\/rights\/0\/departments\/0 /],
	    ["a right that there is not", "{right: defect-reporter.fly}",
		/\/roles\/wrong\/rights\/0/],
	    ["a key that there is not", "{right: '*', department: [tiefbau]}",
		/perhaps "departments"/],
	    ["no right at all", "{departments: [tiefbau]}",
		/rights\/0\/right is required/],
	    ["a right of the platform that there is not", "platform.fly",
		/\/roles\/wrong\/rights\/0/],
	    ["a list in a list", "['*']", /\/roles\/wrong\/rights\/0/],
	];
	for (const [what, right, says] of wrong)
		test(`with ${what} is refused, with its place`, () => {
			const file = path.join(world.home,
			    `tenants/${city}.yaml`);
			const text = fs.readFileSync(file, "utf8");
			try {
				fs.writeFileSync(file, text.replace(/^plugins:/m,
				    (line) => "  wrong:\n    name: Falsch\n    " +
				    `rights:\n      - ${right}\n\n${line}`));
				const checked = world.cli("tenant", "check", city);
				assert.equal(checked.status, 1, checked.stdout);
				assert.match(checked.stdout + checked.stderr, says);
				assert.match(checked.stdout + checked.stderr,
				    /herne\.yaml:\d+:\d+: /);
			} finally {
				fs.writeFileSync(file, text);
			}
		});
});
