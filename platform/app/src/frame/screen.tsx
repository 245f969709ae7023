// SPDX-License-Identifier: EUPL-1.2
// A plugin's screen or card: its module and texts are loaded, then it is
// drawn. The module is kept, so that only the first time takes a moment.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { language } from "../context.ts";
import { AppError } from "../errors.ts";
import { Card, Failure, LinkButton, Skeleton, Title } from "../kit/basics.tsx";
import { cardProps, loadModule, loadTranslate, moduleNow, screenProps,
    translateNow } from "../modules.ts";
import type { CardEntry, Module, Plugin, Translate } from "../module.ts";
import { place } from "../router.ts";
import { Missing } from "./missing.tsx";

interface Ready {
	module: Module;
	translate: Translate;
}

function useModule(plugin: Plugin): { ready: Ready | null; error: unknown;
    retry: () => void } {
	const [ready, setReady] = useState<Ready | null>(() => {
		const module = moduleNow(plugin), translate = translateNow(plugin);
		return module && translate && { module, translate };
	});
	const [error, setError] = useState<unknown>(null);
	const [count, setCount] = useState(0);
	useEffect(() => {
		let gone = false;
		setError(null);
		Promise.all([loadModule(plugin), loadTranslate(plugin)]).then(
		    ([module, translate]) => gone || setReady({ module, translate }),
		    (failure: unknown) => gone || setError(failure));
		return () => { gone = true; };
	}, [plugin.name, language.value, count]);
	return { ready, error, retry: () => setCount((n) => n + 1) };
}

// `more` is given to the screen besides; the office has a person to tell of.
export function Screen({ plugin, screen, params, more = {} }: { plugin: Plugin;
    screen: string; params: string[]; more?: object }): JSX.Element {
	const { ready, error, retry } = useModule(plugin);
	if (error)
		return <>
			<Title>{plugin.title}</Title>
			<Failure error={error} retry={retry} />
		</>;
	if (!ready)
		return <Skeleton lines={6} />;
	const Content = ready.module.screens[screen];
	return Content ? <Content {...screenProps(plugin, ready.translate, params,
	    place.value.query)} {...more} /> : <Missing />;
}

// A card whose module is still to come: what it says before anything is set up,
// if its entry tells.
export function CardAhead({ plugin, card, translate }: { plugin: Plugin;
    card: CardEntry; translate: Translate | null }): JSX.Element {
	const { before } = card;
	if (!before || !translate)
		return <section class="sk-card"><Skeleton lines={2} /></section>;
	const { link, t } = cardProps(plugin, translate);
	const { icon, title, screen, says, action } = before;
	return <Card icon={icon} href={link(screen)} title={t(title)}
	    action={action && <LinkButton icon={action.icon}
	    href={link(action.screen)}>{t(action.label)}</LinkButton>}>
		<p class="kern-body">{t(says)}</p>
	</Card>;
}

export function PluginCard({ plugin, card }: { plugin: Plugin;
    card: CardEntry }): JSX.Element | null {
	const { ready, error, retry } = useModule(plugin);
	if (error)
		return <section class="sk-card"><h2 class="sk-card__title">
			{plugin.title}</h2><Failure error={error} retry={retry} /></section>;
	if (!ready)
		return <CardAhead plugin={plugin} card={card}
		    translate={translateNow(plugin)} />;
	const Content = ready.module.cards?.[card.card];
	if (!Content)
		return <Failure error={new AppError("app.error.module")} />;
	return <Content {...cardProps(plugin, ready.translate)} />;
}
