// SPDX-License-Identifier: EUPL-1.2
// The catalogue: what is to be collected, how much of it fits, and what is not
// taken and where it goes.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatNumber, kit, type Translate } from "@stadtkern/app";
import { groups, loadOf, room, search, withCount, type Form } from "./form.ts";
import { Drawing } from "./icons.tsx";
import type { Catalogue, Excluded, Item, Settings } from "./types.ts";

// How much of a pick-up a thing takes, in what the city's limit is in.
const sizeOf = (item: Item, { limit }: Settings, t: Translate): string =>
    item.electrical ? t("app.things.device") : limit?.unit === "kg" ?
    `${formatNumber(item.weight)} ${t("app.unit.kg")}` :
    `${formatNumber(item.volume, 2)} ${t("app.unit.m3")}`;

function Thing({ item, count, size, onCount, t }: { item: Item; count: number;
    size: string; onCount: (count: number) => void; t: Translate }): JSX.Element {
	return <li class={`bw-thing${count > 0 ? " bw-thing--on" : ""}`}>
		<button type="button" class="bw-thing__add" aria-pressed={count > 0}
		    onClick={() => onCount(count > 0 ? 0 : 1)}>
			<Drawing name={item.icon} />
			<span class="bw-thing__name">{item.name}</span>
			<span class="sk-muted">{size}</span>
			{item.hint && <span class="sk-muted">{item.hint}</span>}
		</button>
		{count > 0 && <span class="bw-count">
			<button type="button" class="bw-count__step"
			    aria-label={t("app.things.less", { name: item.name })}
			    onClick={() => onCount(count - 1)}>−</button>
			<output aria-live="polite">{count}</output>
			<button type="button" class="bw-count__step"
			    aria-label={t("app.things.more", { name: item.name })}
			    disabled={count >= 50} onClick={() => onCount(count + 1)}>+</button>
		</span>}
	</li>;
}

function NotTaken({ excluded, t }: { excluded: readonly Excluded[];
    t: Translate }): JSX.Element {
	return <ul class="bw-excluded">{excluded.map((one) => <li key={one.code}>
		<Drawing name={one.icon} />
		<p class="kern-body"><strong>{one.name}</strong>{" – "}
			{t("app.things.because", { because: one.because,
			    take_to: one.take_to })}</p>
	</li>)}</ul>;
}

// How much of a pick-up is full: as words, and as a bar beside them.
export function Room({ items, catalogue, settings, t }: { items: Form["items"];
    catalogue: Catalogue; settings: Settings; t: Translate }): JSX.Element | null {
	const load = loadOf(items, catalogue);
	const space = room(load, settings);
	if (space === null)
		return null;
	const over = space.used > space.most;
	return <div class={`bw-room${over ? " bw-room--over" : ""}`}>
		<label for="room">{t(over ? "app.things.over" : "app.things.room", {
		    used: formatNumber(space.used, 1), most: formatNumber(space.most, 1),
		    unit: t(`app.unit.${space.unit}`) })}</label>
		<progress id="room" max={space.most} value={Math.min(space.used,
		    space.most)} />
	</div>;
}

export function Things({ items, onItems, catalogue, settings, error, t }: {
    items: Form["items"]; onItems: (items: Form["items"]) => void;
    catalogue: Catalogue; settings: Settings; error?: string | undefined;
    t: Translate }): JSX.Element {
	const [asked, setAsked] = useState("");
	const found = search(catalogue, asked);
	const nothing = found.items.length + found.excluded.length === 0;
	return <>
		<kit.Field id="search" label={t("app.things.search")} value={asked}
		    hint={t("app.things.search-hint")} error={error} spellcheck={false}
		    onValue={setAsked} />
		<p role="status" class="kern-sr-only">{asked && t("app.things.found",
		    { count: found.items.length })}</p>
		{found.excluded.length > 0 && <kit.Notice kind="warning"
		    title={t("app.things.not-taken")}>
			<NotTaken excluded={found.excluded} t={t} />
		</kit.Notice>}
		{nothing && <p class="kern-body">{t("app.things.none")}</p>}
		{[...groups(found.items)].map(([group, list]) => <section key={group}>
			<h3 class="kern-title">{group}</h3>
			<ul class="bw-things">{list.map((item) => <Thing key={item.code}
			    item={item} count={items[item.code] ?? 0} t={t}
			    size={sizeOf(item, settings, t)} onCount={(count) =>
				onItems(withCount(items, item.code, count))} />)}</ul>
		</section>)}
		{asked === "" && catalogue.excluded.length > 0 &&
		    <details class="sk-details">
			<summary>{t("app.things.excluded")}</summary>
			<NotTaken excluded={catalogue.excluded} t={t} />
		</details>}
		<Room items={items} catalogue={catalogue} settings={settings} t={t} />
	</>;
}
