// SPDX-License-Identifier: EUPL-1.2
// Staff in front of a browser: accounts, signing in, a virtual authenticator.

import fs from "node:fs";
import path from "node:path";
import { parse } from "../../../platform/app/node_modules/yaml/dist/index.js";
import { newStaff, staffPassword, top, until } from "../../http/lib/server.mjs";
import { desk } from "./browser.mjs";

export const desktop = { ...desk, viewport: { width: 1440, height: 900 } };
export const password = staffPassword;

function flat(tree, prefix, into) {
	for (const [key, value] of Object.entries(tree))
		if (typeof value === "object")
			flat(value, `${prefix}${key}.`, into);
		else
			into[prefix + key] = String(value);
	return into;
}

// The office's German texts: tests say what a person reads.
const read = (file) => parse(fs.readFileSync(path.join(top, file), "utf8"));
const texts = flat({ app: read("platform/app/messages/de.yaml").app,
    office: read("platform/office/messages/de.yaml").office }, "", {});

export function t(key, values = {}) {
	const text = texts[key];
	if (text === undefined)
		throw new Error(`no text "${key}"`);
	return text.replace(/\{([a-z_]+)\}/g, (all, name) => values[name] ?? all);
}

let number = 0;

export async function person(world, city, role = "admin") {
	const email = `person${++number}@example.org`;
	await newStaff(world, city, email, role);
	return email;
}

export const button = (page, key, values) => page.getByRole("button",
    { name: t(key, values), exact: true });

export async function firstStep(page, email, secret = password) {
	await page.locator("#email").fill(email);
	await page.locator("#password").fill(secret);
	await button(page, "office.sign-in.go").click();
}

export const heading = (page, text) => page.getByRole("heading", { level: 1,
    name: text });

// Signed in, and on the screen that was asked for.
export async function signedIn(visit, email, target = "/") {
	const page = await visit.open(target);
	await firstStep(page, email);
	await page.locator(".of-header__person").waitFor();
	return page;
}

// A device that has whatever passkey is made on it, and whose owner agrees to
// everything.
export async function authenticator(page) {
	const session = await page.context().newCDPSession(page);
	await session.send("WebAuthn.enable");
	await session.send("WebAuthn.addVirtualAuthenticator", { options: {
	    protocol: "ctap2", transport: "internal", hasResidentKey: true,
	    hasUserVerification: true, isUserVerified: true,
	    automaticPresenceSimulation: true } });
	return session;
}

// An option chosen by its first letters, as the browser finds it: typed again
// when a busy machine takes them for the beginnings of several.
export async function pick(page, selector, letters) {
	const select = page.locator(`${selector}:focus`);
	await select.waitFor();
	await until(`"${letters}" is chosen`, async () => {
		await page.keyboard.type(letters);
		return select.evaluate((one, its) => one.selectedOptions[0]
		    .text.startsWith(its), letters);
	});
}
