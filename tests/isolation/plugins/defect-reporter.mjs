// SPDX-License-Identifier: EUPL-1.2
// What the isolation matrix has to know of the defect reporter; ../matrix.test.mjs
// says what each of this is for.

import assert from "node:assert/strict";
import { aReport, officeReports, picture, release, sendPhoto, sendReport }
    from "../../http/lib/city.mjs";
import { until } from "../../http/lib/server.mjs";

const text = "Ein Text, der lang genug ist.";
const photos = ["", "/office"].map((side) =>
    `POST ${side}/api/v1/defect-reporter/reports/{id}/photos`);
const form = { "content-type": "application/x-www-form-urlencoded" };

// An answer that waits for release.
const draft = (world, report, text) => world.sql("insert into " +
    "defect_reporter.draft (tenant_id, report_id, text) select tenant_id, " +
    `id, '${text}' from defect_reporter.report where id = '${report}' ` +
    "returning id");

// A mail with a file, as the courier puts it there.
function letter(world, report, text) {
	const [mail, attachment] = world.sql(`with r as (select tenant_id, id,
	    gen_random_uuid() as mail, gen_random_uuid() as file,
	    gen_random_uuid() as blob from defect_reporter.report
	    where id = '${report}'), b as (insert into stadtkern.blob (tenant_id,
	    id, media_type, content) select tenant_id, blob,
	    'application/octet-stream', '${text}' from r), c as (insert into
	    defect_reporter.correspondence (tenant_id, id, report_id, kind, text,
	    shown) select tenant_id, mail, id, 'message', '${text}', '${text}'
	    from r) insert into defect_reporter.correspondence_file (tenant_id,
	    id, correspondence_id, name, media_type, size, blob) select
	    tenant_id, file, mail, 'a.txt', 'text/plain', 1, blob from r
	    returning correspondence_id, id`).split("|");
	return { mail, attachment };
}

async function make({ world, city, text, device, staff }, index) {
	const report = await sendReport(device, aReport(city, { text:
	    `${text} ${index}`, contact: { name: text } }, index));
	const sent = await sendPhoto(device, report.id, picture("plain.jpg"));
	assert.equal(sent.status, 201);
	await until("the photo is ready", async () =>
	    (await staff.request("GET", `${officeReports}/${report.id}`))
	    .json.photos[0].state === "waiting");
	return { id: report.id, photo: sent.json.id,
	    answer: draft(world, report.id, text),
	    ...letter(world, report.id, text) };
}

async function objects(of) {
	const { world, city, text, staff, key } = of;
	const open = await make(of, 0), hidden = await make(of, 1);
	await release(staff, open.id);
	assert.equal((await staff.request("POST", `${officeReports}/${open.id}` +
	    `/photos/${open.photo}/release`)).status, 200);
	assert.equal((await staff.request("POST", `${officeReports}/${open.id}` +
	    "/answers", { body: { text: `${text} answer` } })).status, 201);
	open.remark = hidden.remark = (await world.public.request("POST", city,
	    `/open311/v2/servicerequestupdates.json?api_key=${key}`,
	    { body: `service_request_id=${open.id}&description=${text}`,
	    headers: form })).json[0].update_id;
	const handed = await staff.request("POST",
	    `${officeReports}/${open.id}/forward`,
	    { body: { body: "stadtwerke", note: text } });
	assert.equal(handed.status, 201, handed.text);
	open.forwarding = hidden.forwarding = handed.json.forwarding.id;
	const view = await staff.request("POST", "/office/api/v1/" +
	    "defect-reporter/tickets/views", { body: { name: text,
	    filter: { q: text } } });
	assert.equal(view.status, 201, view.text);
	open.view = hidden.view = view.json.id;
	return { open, hidden };
}

const bodies = {
	"POST /api/v1/defect-reporter/reports": aReport("herne"),
	"POST /office/api/v1/defect-reporter/reports/{id}/release": {},
	"POST /office/api/v1/defect-reporter/reports/{id}/reject":
	    { reason: text },
	["PUT /office/api/v1/defect-reporter/reports/{id}/photos/{photo}" +
	    "/redaction"]: { areas: [{ x: 0, y: 0, width: 0.5, height: 0.5 }] },
	"POST /office/api/v1/defect-reporter/reports/{id}/status":
	    { status: "in-progress" },
	"POST /office/api/v1/defect-reporter/reports/{id}/answers": { text },
	"POST /office/api/v1/defect-reporter/reports/{id}/forward":
	    { body: "strassen-nrw" },
	"POST /api/v1/defect-reporter/forwarded": { token: "A".repeat(43) },
	"POST /api/v1/defect-reporter/forwarded/act":
	    { token: "A".repeat(43), action: "accept" },
	...Object.fromEntries(["revoke", "prolong", "resend"].map((step) =>
	    [`POST /office/api/v1/defect-reporter/forwardings/{forwarding}/${
	    step}`, step === "prolong" ? { days: 9 } : {}])),
	"POST /api/v1/defect-reporter/reports/mine/{id}/reopen":
	    { reason: text },
	"POST /office/api/v1/defect-reporter/tickets": { channel: "letter",
	    category: "green", text, address: "Markt 1" },
	"POST /office/api/v1/defect-reporter/tickets/views": { name: "Meine",
	    filter: { sort: "changed" } },
	"PATCH /office/api/v1/defect-reporter/tickets/{id}":
	    { priority: "low" },
	...Object.fromEntries(Object.entries({ preview: {}, assign:
	    { department: "stadtgruen" }, accept: {}, return: { reason: text },
	    person: {}, take: {}, merge: { into:
	    "00000000-0000-4000-8000-000000000000" }, split: {}, divide:
	    { category: "green", parts: [{ text: "0" }] },
	    notes: { text }, undo: {}, spam: { spam: true }, "answers/{answer}/release":
	    {}, "answers/{answer}/reject": { reason: text } })
	    .map(([step, body]) => ["POST /office/api/v1/defect-reporter/" +
	    `tickets/{id}/${step}`, body])),
};
// Sent as a form; the report's id is filled in.
const forms = Object.fromEntries(["v2", "test/v2"].flatMap((version) => [
	[`POST /open311/${version}/requests.{format}`, () =>
	    "service_code=green&description=Ein+Ast&lat=51.5426&long=7.219"],
	[`POST /open311/${version}/servicerequestupdates.{format}`, (object) =>
	    `service_request_id=${object.id}&description=Der+Ast`],
]));

export default {
	objects,
	bodies,
	forms,
	files: Object.fromEntries(photos.map((name) => [name,
	    { body: picture("rgb.png"),
	    headers: { "content-type": "image/png" } }])),
	queries: { "GET /api/v1/defect-reporter/reports/nearby":
	    "?lat=51.5426&lon=7.219" },
	// Who is affected too may say so of any released report.
	everybodys: {
		"POST /api/v1/defect-reporter/reports/{id}/support": 201,
		"DELETE /api/v1/defect-reporter/reports/{id}/support": 204,
	},
	mounts: ["/open311/"],
	anybody: [
		"GET /api/v1/defect-reporter/map.geojson",
		"GET /api/v1/defect-reporter/reports",
		"GET /api/v1/defect-reporter/reports/nearby",
		"GET /api/v1/defect-reporter/reports/{id}",
		"GET /api/v1/defect-reporter/reports/{id}/photos/{photo}",
		"GET /api/v1/defect-reporter/reports/{id}/photos/{photo}" +
		    "/thumbnail",
		"POST /api/v1/defect-reporter/forwarded",
		"POST /api/v1/defect-reporter/forwarded/act",
		"GET /open311/discovery.{format}",
		...["test/v2", "v2"].flatMap((version) => [
		"bulk", "discovery", "requests", "requests/{id}",
		"servicerequestupdates", "services", "services/{code}",
		"tokens/{id}"].map((what) =>
		`GET /open311/${version}/${what}.{format}`)),
	],
};
