// SPDX-License-Identifier: EUPL-1.2
// What the isolation matrix has to know of new-plugin; ../matrix.test.mjs says
// what each of this is for.

import assert from "node:assert/strict";

const entries = "/office/api/v1/new-plugin/entries";

// All entries are public; what nobody may see is one that was taken away.
async function objects({ staff, text }) {
	const [open, hidden] = await Promise.all([0, 1].map(async (index) => {
		const made = await staff.request("POST", entries,
		    { body: { title: `Eintrag ${index}`, text } });
		assert.equal(made.status, 201, made.text);
		return { id: made.json.id };
	}));
	assert.equal((await staff.request("DELETE",
	    `${entries}/${hidden.id}`)).status, 204);
	return { open, hidden };
}

export default {
	objects,
	bodies: { [`POST ${entries}`]: { title: "Ein Eintrag",
	    text: "Was dazu zu sagen ist." } },
	anybody: [
		"GET /api/v1/new-plugin/entries",
		"GET /api/v1/new-plugin/entries/{id}",
	],
};
