// SPDX-License-Identifier: EUPL-1.2
// What is around every screen: the city on top, the bar with five ways, and
// quiet notes about network, outbox, clock and a newer version.

import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { AccountDialog } from "../account.tsx";
import { onClock } from "../clock.ts";
import { t, theApp } from "../context.ts";
import { applyUpdate, updateReady } from "../install.ts";
import { Icon } from "../kit/icon.tsx";
import { behindTab } from "../modules.ts";
import type { Tab } from "../module.ts";
import { online } from "../online.ts";
import { outbox } from "../outbox/outbox.ts";
import { place } from "../router.ts";

const clockWrong = signal(false);
onClock((wrong) => { clockWrong.value = wrong; });

const TABS: { path: string; icon: string; tab?: Tab }[] = [
	{ path: "/", icon: "home" },
	{ path: "/map", icon: "map", tab: "map" },
	{ path: "/report", icon: "report", tab: "report" },
	{ path: "/mine", icon: "mine", tab: "mine" },
	{ path: "/more", icon: "dehaze" },
];
const UNDER_MORE = /^\/(more|data|outbox|settings|legal)(\/|$)/;

function isCurrent(path: string, tab: Tab | undefined): boolean {
	const at = place.value.path;
	if (path === "/more")
		return UNDER_MORE.test(at);
	if (at === path)
		return true;
	return tab !== undefined && behindTab(tab).some(({ plugin, screen }) =>
	    `${at}/`.startsWith(`/${plugin.name}/${screen}/`));
}

function Bar(): JSX.Element {
	return <nav class="sk-bar" aria-label={t("app.nav")}>
		<ul>
			{TABS.map(({ path, icon, tab }) => <li key={path}>
				<a href={path} class={`sk-bar__link${
				    tab === "report" ? " sk-bar__link--report" : ""}`}
				    aria-current={isCurrent(path, tab) ? "page" : undefined}>
					<span class="sk-bar__icon"><Icon name={icon} /></span>
					<span>{t(`app.tab.${path.slice(1) || "start"}`)}</span>
				</a>
			</li>)}
		</ul>
	</nav>;
}

function Header(): JSX.Element {
	const { name, theme } = theApp();
	return <header class="sk-header">
		<a href="/" class="sk-header__city">
			{theme.logo && <img src={theme.logo} alt="" width="40" height="40" />}
			<span>{name}</span>
		</a>
	</header>;
}

// Quiet: a line, no alarm. A live region, so that it is said once.
function Notes(): JSX.Element {
	const waiting = outbox.entries.value.filter(({ state }) =>
	    state !== "sent");
	const stuck = waiting.filter(({ state }) => state !== "waiting").length;
	return <div class="sk-notes" role="status">
		{!online.value && <p class="sk-note">
			<Icon name="offline" size={20} /> {t("app.offline")}
		</p>}
		{waiting.length > 0 && <p class="sk-note">
			<Icon name="outbox" size={20} />
			<a href="/outbox">{stuck > 0 ?
			    t("app.note.stuck", { count: stuck }) :
			    t("app.note.waiting", { count: waiting.length })}</a>
		</p>}
		{clockWrong.value && <p class="sk-note">
			<Icon name="warning" size={20} /> {t("app.note.clock")}
		</p>}
		{updateReady.value && <p class="sk-note">
			<Icon name="autorenew" size={20} /> <span>{t("app.note.update")}</span>
			<button type="button" class="sk-note__button"
			    onClick={applyUpdate}>{t("app.note.update-now")}</button>
		</p>}
	</div>;
}

function Footer(): JSX.Element {
	return <footer class="sk-footer">
		<nav aria-label={t("app.legal")}>
			<ul>
				{["imprint", "privacy", "accessibility", "licences"].map((page) =>
				    <li key={page}><a href={`/legal/${page}`}>
					{t(`app.legal.${page}`)}</a></li>)}
			</ul>
		</nav>
	</footer>;
}

export function Frame({ children }: { children: ComponentChildren }): JSX.Element {
	const skip = (event: Event) => {
		event.preventDefault();
		document.getElementById("main")?.focus();
	};
	return <div class="sk-frame">
		<a class="sk-skip" href="#main" onClick={skip}>{t("app.skip")}</a>
		<Header />
		<Bar />
		<div class="sk-content">
			<Notes />
			<main id="main" class="sk-main" tabindex={-1}>{children}</main>
			<Footer />
		</div>
		<AccountDialog />
	</div>;
}
