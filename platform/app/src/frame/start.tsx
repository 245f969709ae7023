// SPDX-License-Identifier: EUPL-1.2
// The start page: cards by slot in the theme's order. `tiles` is a calm grid;
// `list` has a picture with a search field on top and grouped rows.

import type { ComponentChildren, JSX, RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { language, t, theApp } from "../context.ts";
import { Empty, LinkButton } from "../kit/basics.tsx";
import { Icon } from "../kit/icon.tsx";
import { loadTranslate, translateNow } from "../modules.ts";
import type { Plugin, Theme, Tile as TileEntry, Translate } from "../module.ts";
import { useArrival } from "./arrival.ts";
import { Row, Rows, Tile } from "./rows.tsx";
import { PluginCard } from "./screen.tsx";

const ORDER = ["warnings", "collections", "mine", "actions", "news", "events",
    "coupons"];

interface Action {
	icon: string;
	label: string;
	says: string;
	href: string;
	group: string;
}

const tileAction = (plugin: Plugin, tile: TileEntry, translate: Translate): Action =>
    ({ icon: tile.icon, label: translate(tile.label),
	says: tile.says ? translate(tile.says) : "", group: plugin.title,
	href: `/${plugin.name}/${tile.screen}` });

// Tiles are known before any module is loaded; their words are the plugins'.
const withTiles = (): Plugin[] => theApp().plugins.filter(({ app }) =>
    (app?.entries?.tiles?.length ?? 0) > 0);

export const actionsOf = (plugin: Plugin, translate: Translate): Action[] =>
    plugin.app?.entries?.tiles?.map((tile) =>
	tileAction(plugin, tile, translate)) ?? [];

function actionsNow(): Action[] | null {
	const all: Action[] = [];
	for (const plugin of withTiles()) {
		const translate = translateNow(plugin);
		if (!translate)
			return null;
		all.push(...actionsOf(plugin, translate));
	}
	return all;
}

function useActions(): Action[] | null {
	const [actions, setActions] = useState<Action[] | null>(actionsNow);
	useEffect(() => {
		let gone = false;
		void Promise.all(withTiles().map(async (plugin) => actionsOf(plugin,
		    await loadTranslate(plugin).catch(() => t))))
		    .then((all) => gone || setActions(all.flat()));
		return () => { gone = true; };
	}, [language.value]);
	return actions;
}

export function TileGrid({ children }: { children: ComponentChildren }): JSX.Element {
	return <section class="sk-slot" aria-labelledby="actions">
		<h2 class="kern-heading-medium" id="actions">{t("app.start.actions")}</h2>
		<ul class="sk-tiles">{children}</ul>
	</section>;
}

function Tiles({ actions }: { actions: Action[] | null }): JSX.Element | null {
	if (actions === null)
		return <ul class="sk-tiles" aria-hidden="true">
			{theApp().plugins.flatMap(({ app }) => app?.entries?.tiles ?? [])
			    .map((_, i) => <li key={i} class="sk-tile sk-tile--empty" />)}
		</ul>;
	if (actions.length === 0)
		return null;
	return <TileGrid>{actions.map((action) =>
	    <Tile key={action.href} {...action} />)}</TileGrid>;
}

export function Groups({ actions }: { actions: Action[] | null }): JSX.Element {
	const groups = new Map<string, Action[]>();
	for (const action of actions ?? [])
		groups.set(action.group, [...groups.get(action.group) ?? [], action]);
	return <>
		{[...groups].map(([title, list]) => <Rows key={title} title={title}>
			{list.map((action) => <Row key={action.href} {...action} />)}
		</Rows>)}
	</>;
}

const pages = (): Action[] => [["/map", "map", "map"],
    ["/mine", "mine", "mine"], ["/data", "shield", "data"],
    ["/outbox", "outbox", "outbox"], ["/settings", "settings", "settings"]]
    .map(([href = "", icon = "", key = ""]) => ({ href, icon, says: "",
	group: "", label: t(key === "map" || key === "mine" ?
	`app.tab.${key}` : `app.page.${key}`) }));

const plain = (text: string) => text.normalize("NFKD")
    .replace(/\p{M}/gu, "").toLocaleLowerCase(language.value);

function Search({ actions }: { actions: Action[] }): JSX.Element {
	const [text, setText] = useState("");
	const words = plain(text).split(/\s+/).filter(Boolean);
	const found = words.length === 0 ? [] : [...actions, ...pages()]
	    .filter(({ label, says, group }) => {
		const all = plain(`${label} ${says} ${group}`);
		return words.every((word) => all.includes(word));
	    });
	return <search class="sk-search">
		<div class="sk-search__field">
			<Icon name="search" />
			<label class="kern-sr-only" for="search">{t("app.search")}</label>
			<input id="search" type="search" value={text} autocomplete="off"
			    placeholder={t("app.search")}
			    onInput={(event) => setText(event.currentTarget.value)} />
		</div>
		<div role="status" class="kern-sr-only">{words.length > 0 &&
		    t("app.search.found", { count: found.length })}</div>
		{found.length > 0 && <Rows>{found.map((action) =>
		    <Row key={action.href} {...action} />)}</Rows>}
		{words.length > 0 && found.length === 0 &&
		    <p class="kern-body">{t("app.search.nothing")}</p>}
	</search>;
}

export function SlotFrame({ slot, children }: { slot: string;
    children: ComponentChildren }): JSX.Element {
	return <div class={`sk-slot sk-slot--${slot}`}>{children}</div>;
}

function Slot({ slot }: { slot: string }): JSX.Element | null {
	const cards = theApp().plugins.flatMap((plugin) =>
	    (plugin.app?.entries?.cards ?? []).filter((card) => card.slot === slot)
	    .map((card) => ({ plugin, card })));
	if (cards.length === 0)
		return null;
	return <SlotFrame slot={slot}>
		{cards.map(({ plugin, card }) => <PluginCard plugin={plugin} card={card}
		    key={`${plugin.name}/${card.card}`} />)}
	</SlotFrame>;
}

function Nothing(): JSX.Element {
	return <Empty icon="home" title={t("app.start.empty")}
	    action={<LinkButton href="/settings">{t("app.page.settings")}</LinkButton>}>
		{t("app.start.empty-says", { city: theApp().name })}
	</Empty>;
}

export function StartFrame({ theme, city, heading, actions, children }: {
    theme: Pick<Theme, "layout" | "hero">; city: string; actions: Action[];
    heading?: RefObject<HTMLHeadingElement | null>;
    children: ComponentChildren }): JSX.Element {
	const list = theme.layout === "list";
	return <div class={`sk-start sk-start--${list ? "list" : "tiles"}`}>
		<header class="sk-hero">
			{list && theme.hero && <img class="sk-hero__picture" alt=""
			    src={theme.hero} fetchpriority="high" />}
			<div class="sk-hero__text">
				<h1 class="kern-heading-x-large" tabindex={-1} id="title"
				    ref={heading}>{t("app.start.hello", { city })}</h1>
				{list && <Search actions={actions} />}
			</div>
		</header>
		{children}
	</div>;
}

export function StartPage(): JSX.Element {
	const { theme, title, name, plugins } = theApp();
	const actions = useActions();
	const heading = useArrival(title, true);
	const list = theme.layout === "list";
	const order = theme.order ?? ORDER;
	const bare = !plugins.some(({ app }) => app?.entries?.tiles?.length ||
	    app?.entries?.cards?.length);
	return <StartFrame theme={theme} city={name} heading={heading}
	    actions={actions ?? []}>
		{bare && <Nothing />}
		{order.map((slot) => slot === "actions" ?
		    list ? <Groups key={slot} actions={actions} /> :
		    <Tiles key={slot} actions={actions} /> :
		    <Slot key={slot} slot={slot} />)}
	</StartFrame>;
}
