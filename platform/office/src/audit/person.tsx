// SPDX-License-Identifier: EUPL-1.2
// Whose entries: found by name or address, also who is disabled. Nothing is
// asked before somebody types, as each reading of names is an entry itself.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../../../app/src/announce.ts";
import { t } from "../../../app/src/context.ts";
import { Field } from "../../../app/src/kit/fields.tsx";
import { useApi } from "../api.ts";
import { BASE } from "../session.ts";

interface Found {
	id: string;
	name: string;
	email: string;
	state: "active" | "disabled";
}

interface People {
	items: Found[];
	more: boolean;
}

const PEOPLE = `${BASE}/audit/people`;
const PAUSE = 300;
const LEAST = 2;

// What a pause in typing leaves.
function useAsked(text: string | null): string {
	const [asked, setAsked] = useState("");
	useEffect(() => {
		const wanted = text?.trim() ?? "";
		const timer = setTimeout(() => setAsked([...wanted].length < LEAST ?
		    "" : wanted), text === null ? 0 : PAUSE);
		return () => clearTimeout(timer);
	}, [text]);
	return text === null ? "" : asked;
}

function Suggestions({ people, onTake }: { people: People;
    onTake: (one: Found) => void }): JSX.Element {
	const { items, more } = people;
	return <div class="of-suggest__found">
		{items.length > 0 && <ul aria-label={t("office.audit.people")}>
			{items.map((one) => <li key={one.id}>
				<button type="button" onClick={() => onTake(one)}>
					<span>{one.name}{one.state === "disabled" &&
					    ` (${t("office.staff.state.disabled")})`}</span>
					<span class="sk-muted">{one.email}</span>
				</button></li>)}
		</ul>}
		{(items.length === 0 || more) && <p class="kern-body">
			{t(more ? "office.audit.people-more" :
			    "office.audit.people-none")}</p>}
	</div>;
}

// `known`: the name, as an entry that is shown has it; null: none has, undefined:
// none is there yet.
export function PersonFilter({ id, known, onChange }: { id: string;
    known: string | null | undefined; onChange: (id: string) => void }):
    JSX.Element {
	// Null: nothing is being typed.
	const [text, setText] = useState<string | null>(null);
	const [taken, setTaken] = useState<Found | null>(null);
	const asked = useAsked(text);
	const people = useApi<People>(asked === "" ? null :
	    `${PEOPLE}?q=${encodeURIComponent(asked)}`).data;
	const name = taken?.id === id ? taken.name : known;
	const chosen = useApi<People>(id === "" || name !== null ? null :
	    `${PEOPLE}?id=${id}`).data?.items[0]?.name;
	useEffect(() => {
		if (people)
			announce(t("office.audit.people-count",
			    { count: people.items.length }));
	}, [people]);
	const take = (one: Found) => {
		setTaken(one);
		setText(null);
		onChange(one.id);
		document.getElementById("staff")?.focus();
	};
	const type = (value: string) => {
		setText(value === "" ? null : value);
		if (value === "" && id !== "")
			onChange("");
	};
	return <div class="of-suggest" onKeyDown={(event) => {
		if (event.key === "Escape")
			setText(null);
	}}>
		<Field id="staff" label={t("office.audit.person")}
		    autocomplete="off" spellcheck={false} maxLength={100}
		    value={text ?? (id === "" ? "" : name ?? chosen ??
			t("office.audit.chosen"))} onValue={type} />
		{people && <Suggestions people={people} onTake={take} />}
	</div>;
}
