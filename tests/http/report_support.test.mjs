// SPDX-License-Identifier: EUPL-1.2
// Supporting somebody else's report, and answers that mean: call for help.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { aReport, refused, release, reports, sendReport } from "./lib/city.mjs";
import { newDevice, newStaff, startWorld, until } from "./lib/server.mjs";

let world, anna, bert, staff, id;
before(async () => {
	world = await startWorld({ public: true, office: true,
	    env: { STADTKERN_LIMITS: "0" } });
	anna = await newDevice(world.public, "castrop-rauxel");
	bert = await newDevice(world.public, "castrop-rauxel");
	staff = await newStaff(world, "castrop-rauxel", "amt@example.org",
	    "admin");
	id = (await sendReport(anna, aReport("castrop-rauxel",
	    { category: "idea" }))).id;
	await release(staff, id);
}, { timeout: 120_000 });
after(() => world.stop());

const support = (device, headers = {}) => device.request("POST",
    `${reports}/${id}/support`, { headers });
const supported = async (device) =>
    (await device.request("GET", `${reports}/supported`)).json.items;
// Every worker has heard of it when several requests in a row say so.
const shown = (count) => until(`${count} supporters`, async () => {
	for (let i = 0; i < 6; i++) {
		const { json } = await world.public.request("GET",
		    "castrop-rauxel", `${reports}/${id}`);
		if (json.supporters !== count)
			return false;
	}
	return true;
}, 5000);

describe("a released report", () => {
	test("is supported once by a device, however often it is sent",
	    async () => {
		const key = { "idempotency-key": "support-once-00000000" };
		const first = await support(bert, key);
		assert.equal(first.status, 201, first.text);
		assert.deepEqual(first.json, { id, supporters: 1 });
		assert.deepEqual((await support(bert, key)).json, first.json);
		assert.deepEqual((await support(bert)).json, first.json);
		await shown(1);
		const [one] = await supported(bert);
		assert.equal(one.id, id);
		assert.equal(one.supporters, 1);
		assert.deepEqual(await supported(anna), []);
		const { json } = await anna.request("GET", `${reports}/mine`);
		assert.equal(json.items[0].supporters, 1);
	});

	test("is not supported by who sent it", async () => {
		refused(await support(anna), 409, "own-report");
	});

	test("loses a supporter who takes it back", async () => {
		const answer = await bert.request("DELETE",
		    `${reports}/${id}/support`);
		assert.equal(answer.status, 204);
		await shown(0);
		assert.deepEqual(await supported(bert), []);
	});

	test("is not supported by nobody", async () => {
		refused(await world.public.request("POST", "castrop-rauxel",
		    `${reports}/${id}/support`), 401, "device-unknown");
	});
});

test("the map tells when each report was received", async () => {
	const { json } = await world.public.request("GET", "castrop-rauxel",
	    "/api/v1/defect-reporter/map.geojson");
	const { properties } = json.features.find((one) => one.id === id);
	assert.match(properties.received_at, /^\d{4}-\d\d-\d\dT[\d:]+\+00:00$/);
});

test("an answer that means danger to life is refused, says whom to call, " +
    "and stores nothing", async () => {
	const { json: app } = await world.public.request("GET",
	    "castrop-rauxel", "/api/v1/app");
	const { categories } = app.plugins.find(({ name }) =>
	    name === "defect-reporter").settings;
	const [category, question] = categories.flatMap((one) =>
	    (one.questions ?? []).filter(({ stops }) => stops?.length)
	    .map((q) => [one, q]))[0];
	const before = world.sql("select count(*) from defect_reporter.report");
	const answers = { [question.code]: question.kind === "bool" ?
	    question.stops[0] === "true" : question.stops[0] };
	const answer = await anna.request("POST", reports,
	    { body: aReport("castrop-rauxel",
	    { category: category.code, answers }) });
	refused(answer, 422, "emergency");
	assert.equal(answer.json.title, question.stop_text);
	assert.equal(answer.json.question, question.code);
	assert.equal(world.sql("select count(*) from defect_reporter.report"),
	    before);
});
