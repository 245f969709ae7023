// SPDX-License-Identifier: EUPL-1.2
// What this person can do here, and how much of it waits.

import type { JSX } from "preact";
import { t, theApp } from "../../../app/src/context.ts";
import { Empty, Title } from "../../../app/src/kit/basics.tsx";
import { Icon } from "../../../app/src/kit/icon.tsx";
import { Counters } from "../counters.tsx";
import { menu, type Item } from "../menu.ts";
import { has, me } from "../session.ts";
import { useTexts } from "./use_texts.ts";

function Way({ icon, label, says, href, children }: { icon: string;
    label: string; says?: string | undefined; href: string;
    children?: JSX.Element }): JSX.Element {
	return <li class="of-way">
		<a class="of-way__link" href={href}>
			<Icon name={icon} size={32} />
			<span class="of-way__label">{label}</span></a>
		{says && <p class="of-way__says">{says}</p>}
		{children && <p class="of-way__counts">{children}</p>}
	</li>;
}

function PluginWay({ item }: { item: Item }): JSX.Element | null {
	const texts = useTexts(item.plugin);
	const { icon, label, says, counters } = item.entry;
	return texts && <Way icon={icon} label={texts(label)} href={item.href}
	    says={says && texts(says)}>
		{counters ? <Counters item={item} t={texts} long /> : undefined}
	</Way>;
}

export function StartPage(): JSX.Element {
	const items = menu();
	const staff = has("platform", "staff.manage");
	const audit = has("platform", "audit.read");
	return <>
		<Title>{t("office.start.hello", { name: me.value?.name ?? "",
		    city: theApp().name })}</Title>
		{items.length === 0 && !staff && !audit ?
		    <Empty icon="info" title={t("office.start.nothing")}>
			{t("office.start.nothing-says")}</Empty> :
		    <ul class="of-ways">
			{items.map((item) => <PluginWay key={item.href} item={item} />)}
			{staff && <Way icon="group" href="/staff"
			    label={t("office.menu.staff")}
			    says={t("office.staff.says")} />}
			{audit && <Way icon="shield" href="/audit"
			    label={t("office.menu.audit")}
			    says={t("office.audit.says")} />}
		    </ul>}
	</>;
}
