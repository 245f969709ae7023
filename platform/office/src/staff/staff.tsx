// SPDX-License-Identifier: EUPL-1.2
// Who works here: everybody, somebody new, one person.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t, theApp } from "../../../app/src/context.ts";
import { formatAge } from "../../../app/src/format.ts";
import { Badge, Button, Failure, LinkButton, Notice, Skeleton, Title, type
    BadgeKind } from "../../../app/src/kit/basics.tsx";
import { Check, Field } from "../../../app/src/kit/fields.tsx";
import { Confirm } from "../../../app/src/kit/layers.tsx";
import { navigate } from "../../../app/src/router.ts";
import { Missing } from "../../../app/src/frame/missing.tsx";
import { api, newKey, refresh, useApi, type Loaded } from "../api.ts";
import { Table, type Sort } from "../kit/table.tsx";
import { Toolbar } from "../kit/panes.tsx";
import { BASE, me } from "../session.ts";
import { Form, useSending } from "../sign_in/form.tsx";
import { undoable } from "../toast.tsx";

const STAFF = `${BASE}/staff`;
const MOST = 100;

interface Person {
	id: string;
	name: string;
	email: string;
	roles: string[];
	state: "active" | "invited" | "disabled";
	second_factor: boolean;
	last_seen_at: string | null;
}

interface Role {
	code: string;
	name: string;
	// `says`: what the right is; of "<plugin>.*" the plugin's title.
	rights: { right: string; says: string | null; departments: string[];
	    categories: string[] }[];
}

const useRoles = (): Loaded<{ items: Role[] }> =>
    useApi<{ items: Role[] }>(`${BASE}/roles`);

interface Page {
	items: Person[];
	next: string | null;
}

// All of them: a page, and those after it.
function usePeople(): { people: Person[] | null; error: unknown;
    reload: () => void } {
	const first = useApi<Page>(`${STAFF}?limit=${MOST}`);
	const [rest, setRest] = useState<Person[]>([]);
	useEffect(() => {
		let gone = false;
		const load = async () => {
			const all: Person[] = [];
			let next = first.data?.next ?? null;
			while (next !== null && !gone) {
				const page: Page = await api.get<Page>(`${STAFF}?limit=${MOST}` +
				    `&cursor=${encodeURIComponent(next)}`);
				all.push(...page.items);
				next = page.next;
			}
			if (!gone)
				setRest(all);
		};
		load().catch(console.error);
		return () => { gone = true; };
	}, [first.data]);
	return { people: first.data && [...first.data.items, ...rest],
	    error: first.error, reload: first.reload };
}

const kinds: Record<Person["state"], BadgeKind> = { active: "success",
    invited: "info", disabled: "warning" };

function State({ state }: { state: Person["state"] }): JSX.Element {
	return <Badge kind={kinds[state]}>{t(`office.staff.state.${state}`)}</Badge>;
}

const nameOf = (roles: Role[] | undefined, code: string): string =>
    roles?.find((one) => one.code === code)?.name ?? code;

type Key = "name" | "state" | "seen";

const sorters: Record<Key, (one: Person) => string> = {
	name: ({ name }) => name,
	state: ({ state }) => t(`office.staff.state.${state}`),
	seen: ({ last_seen_at: at }) => at ?? "",
};

function People(): JSX.Element {
	const roles = useRoles().data?.items;
	const { people, error, reload } = usePeople();
	const [sort, setSort] = useState<Sort>({ key: "name", down: false });
	const [search, setSearch] = useState("");
	const by = sorters[sort.key as Key];
	const wanted = search.trim().toLowerCase();
	const rows = (people ?? []).filter(({ name, email }) =>
	    `${name} ${email}`.toLowerCase().includes(wanted))
	    .sort((a, b) => by(a).localeCompare(by(b)) * (sort.down ? -1 : 1));
	return <>
		<Title says={t("office.staff.says")}>{t("office.menu.staff")}</Title>
		<Toolbar label={t("office.staff.tools")}>
			<Field id="search" label={t("office.staff.search")} value={search}
			    onValue={setSearch} />
			<LinkButton kind="primary" icon="add" href="/staff/new">
				{t("office.staff.new")}</LinkButton>
		</Toolbar>
		{error !== null && !people && <Failure error={error} retry={reload} />}
		{!people ? error === null && <Skeleton lines={6} /> : <Table
		    caption={t("office.menu.staff")} rows={rows} sort={sort}
		    rowKey={({ id }) => id} onSort={setSort} columns={[
			{ key: "name", label: t("office.staff.name"), sortable: true,
			    heads: true, cell: ({ id, name }) =>
			    <a href={`/staff/${id}`}>{name}</a> },
			{ key: "email", label: t("app.data.field.email"),
			    cell: ({ email }) => email },
			{ key: "roles", label: t("office.staff.roles"),
			    cell: (one) => one.roles.map((code) =>
				nameOf(roles, code)).join(", ") },
			{ key: "factor", label: t("office.staff.factor"),
			    cell: ({ second_factor: on }) => t(on ?
				"office.staff.factor-on" : "office.staff.factor-off") },
			{ key: "state", label: t("office.staff.state"), sortable: true,
			    cell: ({ state }) => <State state={state} /> },
			{ key: "seen", label: t("office.staff.seen"), sortable: true,
			    cell: ({ last_seen_at: at }) => at ? formatAge(at) :
				t("office.staff.never") }]} />}
	</>;
}

// "Tiefbau" of a code; a category's name is its plugin's, so its code has to do.
const department = (code: string): string =>
    theApp().departments.find((one) => one.code === code)?.name ?? code;

function Rights({ role }: { role: Role }): JSX.Element {
	return <>{role.rights.map(({ right, says, departments, categories }, i) =>
	    <span class="of-right" key={i}>{right === "*" ?
		t("office.staff.all") : right.endsWith(".*") ?
		t("office.staff.all-of", { name: says ?? right }) : says ?? right}
		{departments.length > 0 && <>{" "}{t("office.staff.only-departments",
		    { names: departments.map(department).join(", ") })}</>}
		{categories.length > 0 && <>{" "}{t("office.staff.only-categories",
		    { names: categories.join(", ") })}</>}
	</span>)}</>;
}

function RoleChoice({ roles, chosen, onChosen, error }: { roles: Role[];
    chosen: string[]; onChosen: (chosen: string[]) => void;
    error: string | undefined }): JSX.Element {
	return <fieldset class="kern-fieldset sk-field">
		<legend class="kern-label">{t("office.staff.roles")}</legend>
		{error && <p class="kern-error sk-field-error">
			<span class="kern-body">{error}</span></p>}
		{roles.map((role, i) => <Check key={role.code}
		    id={i === 0 ? "roles" : `roles-${role.code}`} label={role.name}
		    hint={<Rights role={role} />}
		    checked={chosen.includes(role.code)}
		    onValue={(on) => onChosen(on ? [...chosen, role.code] :
			chosen.filter((one) => one !== role.code))} />)}
	</fieldset>;
}

const noRole = (chosen: string[]) => chosen.length > 0 ? [] :
    [{ id: "roles", message: t("office.staff.role-missing") }];
const fields = { "/name": "name", "/email": "email", "/roles": "roles" };

function NewPerson(): JSX.Element {
	const { data, error, reload } = useRoles();
	const [name, setName] = useState("");
	const [email, setEmail] = useState("");
	const [chosen, setChosen] = useState<string[]>([]);
	const [key] = useState(newKey);
	const sending = useSending(fields);
	const go = async () => {
		const wrong = [...name.trim() !== "" ? [] : [{ id: "name",
		    message: t("office.staff.name-missing") }],
		    .../^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim()) ? [] :
		    [{ id: "email", message: t("app.account.email-wrong") }],
		    ...noRole(chosen)];
		if (wrong.length > 0)
			return sending.fail(wrong);
		const body = { name: name.trim(), email: email.trim(), roles: chosen };
		await api.post(STAFF, body, { key: `${key}-${JSON.stringify(body)
		    .length}` });
		refresh(STAFF);
		undoable(t("office.staff.invited", { email: email.trim() }));
		navigate("/staff");
	};
	return <>
		<Title says={t("office.staff.new-says")}>{t("office.staff.new")}</Title>
		{error !== null && !data && <Failure error={error} retry={reload} />}
		{data && <Form sending={sending} button={t("office.staff.invite")}
		    onSend={go} after={<LinkButton href="/staff">
			{t("app.button.cancel")}</LinkButton>}>
			<Field id="name" label={t("office.staff.name")} value={name}
			    onValue={setName} error={sending.errorOf("name")} required
			    autocomplete="off" />
			<Field id="email" label={t("app.data.field.email")} type="email"
			    inputMode="email" value={email} onValue={setEmail} required
			    autocomplete="off" error={sending.errorOf("email")} />
			<RoleChoice roles={data.items} chosen={chosen}
			    onChosen={setChosen} error={sending.errorOf("roles")} />
		</Form>}
	</>;
}

function Actions({ person }: { person: Person }): JSX.Element {
	const [asking, setAsking] = useState<"disable" | "reset" | null>(null);
	const sending = useSending();
	const at = `${STAFF}/${person.id}`;
	const act = async (what: string) => {
		setAsking(null);
		await api.post(`${at}/${what}`, what === "reset" ? {} : undefined);
		refresh(STAFF);
		undoable(t(`office.staff.${what}-done`, { name: person.name }),
		    what === "disable" ? async () => {
			await api.post(`${at}/enable`);
			refresh(STAFF);
		    } : undefined);
	};
	return <section class="of-section" aria-labelledby="access">
		<h2 class="kern-heading-medium" id="access">
			{t("office.staff.access")}</h2>
		<p class="kern-body">{t(`office.staff.access-${person.state}`)}</p>
		{sending.errors.map(({ message }) => <Notice key={message}
		    kind="danger" live title={message} />)}
		<p class="sk-actions">
			{person.state === "disabled" ? <Button kind="primary"
			    busy={sending.busy}
			    onClick={() => void sending.send(() => act("enable"))}>
				{t("office.staff.enable")}</Button> : <>
				<Button busy={sending.busy} onClick={() => setAsking("reset")}>
					{t("office.staff.reset")}</Button>
				<Button busy={sending.busy}
				    onClick={() => setAsking("disable")}>
					{t("office.staff.disable")}</Button>
			</>}
		</p>
		{asking && <Confirm title={t(`office.staff.${asking}-title`,
		    { name: person.name })} text={t(`office.staff.${asking}-says`)}
		    yes={t(`office.staff.${asking}`)} onNo={() => setAsking(null)}
		    onYes={() => void sending.send(() => act(asking))} />}
	</section>;
}

function RolesOf({ person, roles }: { person: Person; roles: Role[] }):
    JSX.Element {
	const [chosen, setChosen] = useState(person.roles);
	const sending = useSending(fields);
	const go = async () => {
		const wrong = noRole(chosen);
		if (wrong.length > 0)
			return sending.fail(wrong);
		const before = person.roles;
		const put = async (list: string[]) => {
			await api.post(`${STAFF}/${person.id}/roles`, { roles: list });
			refresh(STAFF);
		};
		await put(chosen);
		undoable(t("office.staff.roles-changed", { name: person.name }),
		    async () => {
			await put(before);
			setChosen(before);
		});
	};
	return <Form sending={sending} button={t("app.button.save")} onSend={go}>
		<RoleChoice roles={roles} chosen={chosen} onChosen={setChosen}
		    error={sending.errorOf("roles")} />
	</Form>;
}

function OnePerson({ id }: { id: string }): JSX.Element {
	const { people, error: lost, reload } = usePeople();
	const roles = useRoles();
	const person = people?.find((one) => one.id === id);
	const error = lost ?? roles.error;
	if (!people || !roles.data)
		return error === null ? <Skeleton lines={6} /> :
		    <Failure error={error} retry={() => {
			reload();
			roles.reload();
		    }} />;
	if (!person)
		return <Missing />;
	const myself = person.email === me.value?.email;
	return <>
		<Title says={<>{person.email} <State state={person.state} /></>}>
			{person.name}</Title>
		<p><a href="/staff">{t("office.staff.back")}</a></p>
		{myself ? <Notice kind="info" title={t("office.staff.yourself")} /> :
		    <div class="of-columns">
			<section class="of-section" aria-label={t("office.staff.roles")}>
				<RolesOf key={person.id} person={person}
				    roles={roles.data.items} />
			</section>
			<Actions person={person} />
		</div>}
	</>;
}

export function StaffPage({ at }: { at: string | undefined }): JSX.Element {
	return at === undefined ? <People /> : at === "new" ? <NewPerson /> :
	    <OnePerson id={at} />;
}
