// SPDX-License-Identifier: EUPL-1.2
// Queue, ticket and map on one screen. The filter stands in the query, the
// ticket in the path: /tickets/<id>?status=…; /tickets/map is the map alone.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { kit, t } from "@stadtkern/office";
import { TicketPane } from "./detail.tsx";
import { Overview } from "./map.tsx";
import { QueuePane, useQueue, type Props } from "./queue.tsx";
import { askedOf, filterOf, queryOf, type Filter } from "./view.ts";

const MAP = "map";

function useMedia(query: string): boolean {
	const [fits, setFits] = useState(() => matchMedia(query).matches);
	useEffect(() => {
		const media = matchMedia(query);
		const change = () => setFits(media.matches);
		media.addEventListener("change", change);
		return () => media.removeEventListener("change", change);
	}, [query]);
	return fits;
}

export function TicketsScreen(props: Props): JSX.Element {
	const { plugin, settings, params, query, link, navigate } = props;
	const filter = filterOf(query);
	const of = queryOf(filter);
	const asked = askedOf(filter, settings.statuses);
	const [first = null] = params;
	const open = first === MAP ? null : first;
	const beside = useMedia("(min-width: 80rem)");
	// A map besides, where a ticket still has the room it needs.
	const three = useMedia("(min-width: 120rem)");
	const queue = useQueue(props, asked);
	const at = (id: string | null, to = of) =>
	    link("tickets", ...id === null ? [] : [id]) + (to === "" ? "" : `?${to}`);
	const onFilter = (to: Filter) => navigate(at(first, queryOf(to)),
	    { replace: true });
	const map = () => <Overview base={plugin.api} query={queryOf(asked)} settings={settings}
	    open={open} onOpen={(id) => navigate(at(id))} />;
	const tools = first !== MAP && (!beside || open !== null) && !three ?
	    <div class="dt-tools"><kit.LinkButton icon="map" href={at(MAP)}>
		{t("office.map.show")}</kit.LinkButton></div> : null;
	return <kit.Split at={first === null ? "queue" : "detail"}
	    onBack={() => navigate(at(null))}
	    queue={{ label: t("office.menu.tickets"), content: <QueuePane queue={queue}
		props={props} filter={filter} open={open} hrefOf={(id) => at(id)}
		onFilter={onFilter} tools={tools} /> }}
	    detail={{ label: open === null ? t("office.map.show") : t("office.report"),
		content: open !== null ? <TicketPane key={open} id={open} props={props}
		    hrefOf={(id) => at(id)} /> : (beside && !three) || first === MAP ?
		    map() : <p class="kern-body">{t("office.choose-ticket")}</p> }}
	    map={three ? { label: t("office.map.show"), content: map() } :
		undefined} />;
}
