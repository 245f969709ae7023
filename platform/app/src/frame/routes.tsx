// SPDX-License-Identifier: EUPL-1.2
// From an address to a screen.

import type { JSX } from "preact";
import { t } from "../context.ts";
import { Empty, LinkButton, Title } from "../kit/basics.tsx";
import { behindTab, plugin as pluginNamed } from "../modules.ts";
import type { Tab } from "../module.ts";
import { place } from "../router.ts";
import { Boundary } from "./boundary.tsx";
import { DataPage } from "./data.tsx";
import { LegalPage } from "./legal.tsx";
import { Missing } from "./missing.tsx";
import { MorePage } from "./more.tsx";
import { OutboxPage } from "./outbox.tsx";
import { Row, Rows } from "./rows.tsx";
import { Screen } from "./screen.tsx";
import { SettingsPage } from "./settings.tsx";
import { StartPage } from "./start.tsx";

const tabIcons: Record<Tab, string> = { map: "map", report: "report",
    mine: "mine" };

// One plugin behind a tab is shown at once; of several the person chooses.
function TabPage({ tab }: { tab: Tab }): JSX.Element {
	const behind = behindTab(tab);
	const [only] = behind;
	if (only && behind.length === 1)
		return <Screen plugin={only.plugin} screen={only.screen} params={[]} />;
	const title = t(`app.tab.${tab}`);
	return <>
		<Title>{title}</Title>
		{behind.length === 0 ?
		    <Empty icon={tabIcons[tab]} title={t(`app.tab.${tab}.empty`)}
			action={<LinkButton href="/">{t("app.button.start")}</LinkButton>}>
			{t("app.tab.empty-says")}
		    </Empty> :
		    <Rows>{behind.map(({ plugin, screen }) =>
			<Row key={plugin.name} icon={tabIcons[tab]} label={plugin.title}
			    href={`/${plugin.name}/${screen}`} />)}
		    </Rows>}
	</>;
}

function content(path: string): JSX.Element {
	const [first = "", second, ...rest] = path.split("/").slice(1)
	    .filter((part, i) => i === 0 || part !== "");
	switch (first) {
	case "":
		return <StartPage />;
	case "map":
	case "report":
	case "mine":
		return second ? <Missing /> : <TabPage tab={first} />;
	case "more":
		return <MorePage />;
	case "data":
		return <DataPage />;
	case "outbox":
		return <OutboxPage />;
	case "settings":
		return <SettingsPage />;
	case "legal":
		return <LegalPage page={second ?? ""} />;
	}
	const plugin = pluginNamed(first);
	return plugin && second ? <Screen plugin={plugin} screen={second}
	    params={rest} /> : <Missing />;
}

export function Routes(): JSX.Element {
	const { path } = place.value;
	return <Boundary at={path}>{content(path)}</Boundary>;
}
