// SPDX-License-Identifier: EUPL-1.2
// Mail taken apart, and the mail that a courier without a relay has written.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

function quotedPrintable(text) {
	const bytes = text.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g,
	    (_, hex) => String.fromCharCode(parseInt(hex, 16)));
	return Buffer.from(bytes, "latin1");
}

// RFC 2046, 5.1.1: what stands between the boundaries.
function partsOf(content, boundary) {
	const pieces = `\r\n${content}`.split(`\r\n--${boundary}`);
	assert.match(pieces.at(-1), /^--(\r\n)?$/, "the last boundary");
	return pieces.slice(1, -1).map((piece) => {
		assert.ok(piece.startsWith("\r\n"), "a boundary's line");
		return parsePart(piece.slice(2));
	});
}

// One message or part: { head, type, content (Buffer), parts }.
function parsePart(text) {
	const at = text.indexOf("\r\n\r\n");
	const head = text.slice(0, at).replace(/\r\n[ \t]+/g, " ");
	const content = text.slice(at + 4);
	const value = (name) => new RegExp(`^${name}: (.*)$`, "im")
	    .exec(head)?.[1] ?? "";
	const type = value("Content-Type");
	const boundary = /boundary="([^"]+)"/.exec(type)?.[1];
	const encoding = value("Content-Transfer-Encoding");
	return { head, type, id: value("Content-ID"),
	    parts: boundary ? partsOf(content, boundary) : [],
	    content: boundary ? null : encoding === "base64" ?
	    Buffer.from(content, "base64") : quotedPrintable(content) };
}

const leaves = (part) => part.parts.length > 0 ?
    part.parts.flatMap(leaves) : [part];
const said = (part) => part?.content.toString("utf8").replaceAll("\r\n", "\n");

// { head, body: the plain text, html, emblem: { type, id, content }, order }.
export function parseMail(text) {
	const message = parsePart(text);
	const all = leaves(message);
	const find = (type) => all.find((part) => part.type.startsWith(type));
	return { head: message.head, type: message.type,
	    order: all.map((part) => part.type.split(";")[0]),
	    body: said(find("text/plain")), html: said(find("text/html")),
	    emblem: find("image/png") };
}

// [{ head, body, html, …, mode }] of all of it, in order.
export function readMails(world) {
	const dir = path.join(world.dir, "mail");
	if (!fs.existsSync(dir))
		return [];
	return fs.readdirSync(dir).filter((name) => name.endsWith(".eml"))
	    .sort().map((name) => {
		const file = path.join(dir, name);
		return { ...parseMail(fs.readFileSync(file, "latin1")),
		    mode: fs.statSync(file).mode & 0o777 };
	});
}
