// SPDX-License-Identifier: EUPL-1.2
// Signing in at the city's own system, in a browser that goes there and comes
// back.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { startProvider } from "../http/lib/provider.mjs";
import { freePort, until } from "../http/lib/server.mjs";
import { startStage } from "./lib/browser.mjs";
import { desktop, t } from "./lib/office.mjs";

const city = "herne", secret = "not-in-the-published-file-7f3a";
const people = {
	alma: { email: "alma@example.org", email_verified: true,
	    name: "Alma Amt", roles: ["app-admin"] },
	nora: { email: "nora@example.org", email_verified: true,
	    name: "Nora Niemand", roles: ["something-else"] },
};
let stage, provider, port;

before(async () => {
	port = await freePort();
	stage = await startStage({ side: "office", world: { office: true,
	    courier: true, home: true } });
	const { world } = stage;
	provider = await startProvider(port, people, secret,
	    { [city]: [stage.at(city, "/sign-in"), "ES256"] });
	fs.appendFileSync(path.join(world.home, `tenants/${city}.yaml`), `
sign_in:
  oidc:
    issuer: http://127.0.0.1:${port}
    client_id: stadtkern-${city}
    secret_file: oidc
    name: Rathaus-Anmeldung
    allow_loopback: true
    roles: {app-admin: admin}
`);
	const folder = path.join(world.dir, "secrets", city);
	fs.mkdirSync(folder, { recursive: true });
	fs.writeFileSync(path.join(folder, "oidc"), `${secret}\n`,
	    { mode: 0o600 });
	const added = world.cli("tenant", "add", city);
	assert.equal(added.status, 0, added.stderr);
	await until("the rule is known", async () => (await world.office.request(
	    "GET", city, "/office/api/v1/session/options")).json.oidc !== null);
}, { timeout: 180_000 });
after(async () => {
	provider?.closeAllConnections();
	provider?.close();
	await stage?.stop();
});

async function signIn(login) {
	const visit = await stage.visit(city, { ...desktop, faults: true });
	const page = await visit.open("/staff");
	await page.getByRole("button", { name: "Rathaus-Anmeldung" }).click();
	await page.waitForURL(`http://127.0.0.1:${port}/**`);
	await page.locator("[name=login]").fill(login);
	await page.locator("[name=password]").fill("any");
	await page.locator("[type=submit]").click();
	await page.locator("input[name=prompt][value=consent]").waitFor(
	    { state: "attached" });
	await page.locator("[type=submit]").click();
	await page.waitForURL(`${stage.at(city, "/")}**`);
	return { visit, page };
}

test("there and back, to where one wanted to go", async () => {
	const { visit, page } = await signIn("alma");
	await page.locator(".of-header__person").waitFor();
	await page.waitForURL(stage.at(city, "/staff"));
	assert.match(await page.locator(".of-header__person").innerText(),
	    /Alma Amt/);
	await page.locator("td", { hasText: "alma@example.org" }).waitFor();
	await visit.context.close();
});

test("who has no role here is told so, and may begin anew", async () => {
	const { visit, page } = await signIn("nora");
	await page.getByText(t("office.city-system.failed")).waitFor();
	await page.getByRole("link", { name: t("office.sign-in.anew") }).click();
	await page.getByRole("button", { name: "Rathaus-Anmeldung" }).waitFor();
	assert.equal(await page.locator(".of-header__person").count(), 0);
	await visit.context.close();
});
