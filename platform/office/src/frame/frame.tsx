// SPDX-License-Identifier: EUPL-1.2
// What is around every screen: the city on top, the menu at the side. Without
// a session, signing in is all there is, under whatever address: afterwards
// the person is where they wanted to be.

import type { ComponentChildren, JSX } from "preact";
import { t, theApp } from "../../../app/src/context.ts";
import { Icon } from "../../../app/src/kit/icon.tsx";
import { online } from "../../../app/src/online.ts";
import { place } from "../../../app/src/router.ts";
import { Counters } from "../counters.tsx";
import { enrols } from "../account/enrol.tsx";
import { helpOpen, KeysHelp, useKeys } from "../keys.tsx";
import { menu, type Item } from "../menu.ts";
import { has, interrupted, me, signOut } from "../session.ts";
import { AgainDialog, SignInPage } from "../sign_in/sign_in.tsx";
import { Toast } from "../toast.tsx";
import { Expiry } from "./expiry.tsx";
import { Routes } from "./routes.tsx";
import { useTexts } from "./use_texts.ts";

const isBelow = (path: string): boolean =>
    `${place.value.path}/`.startsWith(`${path}/`);

function Link({ href, icon, label, children, current = isBelow(href) }: {
    href: string; icon: string; label: string; children?: ComponentChildren;
    current?: boolean }): JSX.Element {
	return <li>
		<a href={href} class="sk-bar__link"
		    aria-current={current ? "page" : undefined}>
			<span class="sk-bar__icon"><Icon name={icon} /></span>
			<span>{label}</span>
			{children}
		</a>
	</li>;
}

function PluginLink({ item }: { item: Item }): JSX.Element | null {
	const texts = useTexts(item.plugin);
	return texts && <Link href={item.href} icon={item.entry.icon}
	    label={texts(item.entry.label)}>
		<Counters item={item} t={texts} />
	</Link>;
}

function Menu(): JSX.Element {
	return <nav class="sk-bar" aria-label={t("office.menu.label")}>
		<ul>
			<Link href="/" icon="home" label={t("office.menu.start")}
			    current={place.value.path === "/"} />
			{menu().map((item) => <PluginLink key={item.href} item={item} />)}
			{has("platform", "staff.manage") && <Link href="/staff"
			    icon="group" label={t("office.menu.staff")} />}
			{has("platform", "audit.read") && <Link href="/audit"
			    icon="shield" label={t("office.menu.audit")} />}
		</ul>
	</nav>;
}

function Header({ plain }: { plain: boolean }): JSX.Element {
	const { name, theme } = theApp();
	const person = me.value;
	return <header class="sk-header of-header">
		<a href="/" class="sk-header__city">
			{theme.logo && <img src={theme.logo} alt="" width="40" height="40" />}
			<span>{name} <span class="of-header__office">
				{t("office.header")}</span></span>
		</a>
		{person && <ul class="of-header__person">
			{!plain && <li><button type="button"
			    class="of-header__link" onClick={() => {
				helpOpen.value = true;
			    }}><Icon name="info" /> {t("office.keys.title")}</button></li>}
			<li>{plain ? <span class="of-header__link">{person.name}</span> :
			    <a href="/account" class="of-header__link"
				aria-current={isBelow("/account") ? "page" : undefined}>
				<Icon name="account-circle" /> {person.name}</a>}</li>
			<li><button type="button" class="of-header__link"
			    onClick={() => void signOut()}>
				<Icon name="logout" /> {t("office.sign-out")}</button></li>
		</ul>}
	</header>;
}

function Notes(): JSX.Element {
	return <div class="sk-notes" role="status">
		{!online.value && <p class="sk-note">
			<Icon name="offline" size={20} /> {t("office.offline")}</p>}
	</div>;
}

function Inside(): JSX.Element {
	useKeys({ "?": { label: t("office.keys.show"),
	    run: () => { helpOpen.value = true; } } });
	return <>
		{!enrols() && <Menu />}
		<div class="sk-content">
			<Notes />
			<main id="main" class="sk-main" tabindex={-1}><Routes /></main>
		</div>
		<KeysHelp />
		<Expiry />
		<Toast />
	</>;
}

export function Frame(): JSX.Element {
	const skip = (event: Event) => {
		event.preventDefault();
		document.getElementById("main")?.focus();
	};
	const inside = me.value !== null && !isBelow("/invitation");
	const plain = !inside || enrols();
	return <div class={`sk-frame of-frame${plain ? " of-frame--plain" : ""}`}>
		<a class="sk-skip" href="#main" onClick={skip}>{t("app.skip")}</a>
		<Header plain={plain} />
		{inside ? <Inside /> : <div class="sk-content">
			<main id="main" class="sk-main" tabindex={-1}>
				<SignInPage /></main>
		</div>}
		{interrupted.value && <AgainDialog />}
	</div>;
}
