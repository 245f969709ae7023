// SPDX-License-Identifier: EUPL-1.2
// A city with every kind of Open311 service, clients that ask in both formats,
// and XML read back as the Spark convention wants it, so that it can be
// compared with JSON.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { DOMParser } from "@xmldom/xmldom";
import { newStaff, startWorld, until } from "./server.mjs";

export const CITY = "herne";
export const SHARED = "platform.localhost";
export const V2 = "/open311/v2";
export const TEST = "/open311/test/v2";
export const inside = { lat: "51.5426", long: "7.219" };
export const TYPES = { json: "application/json; charset=utf-8",
    xml: "text/xml; charset=utf-8" };
const URLENCODED = "application/x-www-form-urlencoded";

// Services of each type, questions of each kind, both sorts of agency.
const categories = `    categories:
      - code: pothole
        name: Straßenschaden
        group: Unterwegs
        department: tiefbau
        hint: Bitte die Fahrtrichtung nennen.
        danger: Bei Gefahr bitte 110 anrufen.
        keywords: [Schlagloch, Loch]
        questions:
          - {code: where, ask: Wo ist er?, kind: choice, choices: [Fahrbahn, Gehweg], required: true}
          - {code: damages, ask: Was ist kaputt?, kind: choices, choices: [Asphalt, Pflaster, Bordstein], stops: [Bordstein], stop_text: Bitte sofort die 112 anrufen.}
          - {code: diameter, ask: Wie groß?, kind: number}
          - {code: several, ask: Mehrere?, kind: bool}
          - {code: burns, ask: Brennt es?, kind: bool, stops: ["true"], stop_text: Bitte 112 anrufen.}
          - {code: note, ask: Und sonst?}
      - {code: lamp, name: Beleuchtung, group: Unterwegs, body: stadtwerke, type: batch}
      - {code: hint, name: Hinweis, group: Mitreden, type: blackbox}
      - {code: green, name: Parks & Bäume, group: Draußen, department: stadtgruen}
`;

function writeCity(world) {
	const file = path.join(world.home, `tenants/${CITY}.yaml`);
	const text = fs.readFileSync(file, "utf8");
	fs.writeFileSync(file, text.replace(/^ {4}categories:\n[\s\S]*/m,
	    categories));
	const added = world.cli("tenant", "add", CITY);
	assert.equal(added.status, 0, added.stderr);
}

export function newKey(world, city, rights, name = "Portal") {
	const added = world.cli("apikey", "add", city, "--name", name, "--right",
	    rights.map((right) => `defect-reporter.${right}`).join(","));
	assert.equal(added.status, 0, added.stderr);
	return /: (\S{43})\n$/.exec(added.stdout)[1];
}

// { world, staff, key, get, both, post, sql, … }
export async function startOpen311(env = {}) {
	const world = await startWorld({ home: true,
	    env: { STADTKERN_LIMITS: "0", STADTKERN_HOST: SHARED, ...env } });
	try {
		writeCity(world);
		await world.startServer("public");
		await world.startServer("office");
		world.startCourier();
		return { world, ...await clients(world) };
	} catch (error) {
		await world.stop();
		throw error;
	}
}

async function clients(world) {
	const key = newKey(world, CITY, ["open311.requests", "open311.updates"]);
	const staff = await newStaff(world, CITY, "amt@example.org", "admin");
	const get = (target, options = {}) => world.public.request(
	    options.method ?? "GET", options.host ?? CITY, target, options);
	const post = (target, fields, options = {}) => world.public.request(
	    "POST", options.host ?? CITY, target, { headers:
	    { "content-type": URLENCODED, ...options.headers },
	    body: typeof fields === "string" ? fields :
	    new URLSearchParams(fields).toString() });
	// Both formats, which have to say the same; what JSON says. Each answer may
	// come from another worker, and one of them may not know of a change yet.
	const both = async (what, query = "", options = {}) => {
		let json, xml;
		const agree = async () => {
			json = await get(`${V2}/${what}.json${query}`, options);
			xml = await get(`${V2}/${what}.xml${query}`, options);
			try {
				same(json.json, readXml(xml.text));
				return json.status === xml.status;
			} catch {
				return false;
			}
		};
		// What differs is said below.
		await until("the formats agree", agree, 2000).catch(() => undefined);
		assert.equal(json.status, xml.status, json.text + xml.text);
		assert.equal(json.headers["content-type"], TYPES.json);
		assert.equal(xml.headers["content-type"], TYPES.xml);
		assert.equal(json.headers["access-control-allow-origin"], "*");
		assert.equal(xml.headers["access-control-allow-origin"], "*");
		same(json.json, readXml(xml.text));
		return json;
	};
	const sql = (text) => world.sql("set stadtkern.tenant = '" + tenant +
	    `'; ${text}`);
	const tenant = world.sql("select id from tenant where slug = " +
	    `'${CITY}'`);
	const office = async (id) => (await staff.request("GET",
	    `/office/api/v1/defect-reporter/reports/${id}`)).json;
	return { key, staff, get, post, both, sql, tenant, office };
}

// One request in the format asked for: { status, list }.
export function read(answer, format) {
	assert.equal(answer.headers["content-type"], TYPES[format], answer.text);
	const { root, value } = format === "json" ?
	    { value: JSON.parse(answer.text) } : parseXml(answer.text);
	return { status: answer.status, headers: answer.headers, root, value };
}

// Refused as the standard says, with these words in the descriptions.
export function refusedAs(answer, format, status, ...words) {
	assert.equal(answer.status, status, answer.text);
	const { root, value } = read(answer, format);
	if (format === "xml")
		assert.equal(root, "errors");
	assert.ok(Array.isArray(value) && value.length > 0, answer.text);
	for (const error of value) {
		assert.deepEqual(Object.keys(error), ["code", "description"]);
		assert.equal(String(error.code), String(status));
		assert.match(error.description, /^\S.{5,}$/s, answer.text);
		assert.doesNotMatch(error.description, /[äöüß]/, "in English");
		if (format === "json")
			assert.equal(typeof error.code, "number");
	}
	for (const word of words)
		assert.ok(value.some(({ description }) =>
		    description.includes(word)), `${word}: ${answer.text}`);
	return value;
}

const lists = { endpoints: "endpoint", formats: "format", services: "service",
    attributes: "attribute", values: "value", service_requests: "request",
    service_request_updates: "request_update", errors: "error",
    photos: "photo", notes: "note" };

export function parseXml(text) {
	assert.match(text, /^<\?xml version="1.0" encoding="utf-8"\?>/i);
	const found = [];
	const root = new DOMParser({ onError: (level, message) =>
	    found.push(`${level}: ${message}`) })
	    .parseFromString(text, "text/xml").documentElement;
	assert.deepEqual(found, [], text.slice(0, 2000));
	return { root: root.tagName, value: fromElement(root) };
}

export const readXml = (text) => parseXml(text).value;

function fromElement(element) {
	assert.equal(element.attributes.length, 0, element.tagName);
	const children = Array.from(element.childNodes).filter((node) =>
	    node.nodeType === 1);
	if (Object.hasOwn(lists, element.tagName))
		return children.map((child) => {
			assert.equal(child.tagName, lists[element.tagName]);
			return fromElement(child);
		});
	if (children.length === 0)
		return element.textContent === "" ? null : element.textContent;
	assert.equal(new Set(children.map((child) => child.tagName)).size,
	    children.length, element.tagName);
	return Object.fromEntries(children.map((child) =>
	    [child.tagName, fromElement(child)]));
}

// XML has no types: a number and a boolean are their texts.
export function same(json, xml, where = "") {
	if (json === null || typeof json !== "object") {
		if (typeof json === "number")
			assert.equal(Number(xml), json, where);
		else
			assert.equal(xml, json === null || json === "" ? null :
			    String(json), where);
		return;
	}
	assert.equal(Array.isArray(json), Array.isArray(xml), where);
	assert.deepEqual(Object.keys(json), Object.keys(xml), where);
	for (const name of Object.keys(json))
		same(json[name], xml[name], `${where}/${name}`);
}

// A multipart body: [name, text] or [name, bytes, media type].
export function multipart(...parts) {
	const boundary = "----stadtkern-7f3a";
	const body = Buffer.concat([...parts.flatMap(([name, value, type]) => [
	    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; ` +
	    `name="${name}"${type ? `; filename="bild"\r\ncontent-type: ${type}` :
	    ""}\r\n\r\n`), Buffer.from(value), Buffer.from("\r\n")]),
	    Buffer.from(`--${boundary}--\r\n`)]);
	return { body, type: `multipart/form-data; boundary=${boundary}` };
}

// A report in the table, released unless told otherwise; columns may be SQL.
export function insertReport(o, columns = {}) {
	const all = { number: "(select last from counted)", category: "'green'",
	    department: "'stadtgruen'", status: "'received'",
	    release: "'released'", released_at: "now()", text: "'Ein Ast'",
	    lat: "51.5426", lon: "7.219", ...columns };
	return o.sql("with counted as (insert into defect_reporter.counter as c " +
	    `(tenant_id, last) values (${o.tenant}, 1) on conflict (tenant_id) ` +
	    "do update set last = c.last + 1 returning last), made as (insert " +
	    `into defect_reporter.report (tenant_id, ${Object.keys(all)}) values ` +
	    `(${o.tenant}, ${Object.values(all)}) returning id), sent as (insert ` +
	    "into defect_reporter.submission (tenant_id, report_id, text) select " +
	    `${o.tenant}, id, 'gesandt' from made) select id from made`);
}

// As in report.test.mjs: each request is a connection, so both workers answer.
export const shown = (what, condition) => until(what, async () => {
	for (let i = 0; i < 6; i++)
		if (!await condition())
			return false;
	return true;
}, 10_000);
