// SPDX-License-Identifier: EUPL-1.2
// What the public is not to see of a photo: drawn with a pointer, or added,
// moved and sized with keys or with buttons. The courier burns it in.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { announce, api, errorText, kit, t } from "@stadtkern/office";
import { another, type Area, AREAS_MAX, drawn, fit, type Move, moved, moveOf, same } from
    "./redact.ts";

const MOVES: readonly Move[] = ["left", "right", "up", "down", "wider", "narrower",
    "higher", "lower"];

const percent = (share: number): number => Math.round(share * 100);

const says = (area: Area, at: number, of: number): string =>
    t("office.redact.area", { at: at + 1, of, left: percent(area.x),
	top: percent(area.y), width: percent(area.width),
	height: percent(area.height) });

interface Canvas {
	src: string;
	alt: string;
	width: number;
	height: number;
	areas: readonly Area[];
	chosen: number | null;
	set: (areas: Area[], chosen: number | null) => void;
	remove: (gone: (at: number) => boolean) => void;
}

// An area on the picture; it takes the focus, the arrows and Delete.
function Mark({ area, at, canvas }: { area: Area; at: number;
    canvas: Canvas }): JSX.Element {
	const { width, height, areas, chosen, set, remove } = canvas;
	const press = (event: KeyboardEvent) => {
		const move = moveOf(event.key, event.shiftKey);
		if (move) {
			const next = moved(area, move);
			set(areas.map((one, i) => i === at ? next : one), at);
			announce(says(next, at, areas.length));
		} else if (event.key === "Delete" || event.key === "Backspace")
			remove((one) => one === at);
		else if (event.key === "Enter" || event.key === " ")
			set([...areas], at);
		else
			return;
		event.preventDefault();
	};
	return <rect class={at === chosen ? "dt-mark dt-mark--chosen" : "dt-mark"}
	    role="button" tabindex={0} aria-pressed={at === chosen}
	    aria-label={says(area, at, areas.length)} data-at={at}
	    x={area.x * width} y={area.y * height} width={area.width * width}
	    height={area.height * height} onKeyDown={press}
	    onFocus={() => chosen !== at && set([...areas], at)} />;
}

function Picture({ canvas }: { canvas: Canvas }): JSX.Element {
	const { src, alt, width, height, areas, set } = canvas;
	const box = useRef<SVGSVGElement>(null);
	// Where the pointer went down, and on which area.
	const [drag, setDrag] = useState<{ x: number; y: number; at: number | null;
	    now: Area | null } | null>(null);
	const place = (event: PointerEvent) => {
		const edge = box.current?.getBoundingClientRect();
		return edge ? { x: (event.clientX - edge.left) / edge.width,
		    y: (event.clientY - edge.top) / edge.height } : { x: 0, y: 0 };
	};
	const down = (event: PointerEvent) => {
		if (event.button !== 0)
			return;
		const target = event.target as Element;
		const mark = target.getAttribute("data-at");
		box.current?.setPointerCapture(event.pointerId);
		setDrag({ ...place(event), at: mark === null ? null : Number(mark),
		    now: null });
		if (mark !== null)
			(target as SVGElement).focus();
	};
	const move = (event: PointerEvent) => {
		if (!drag)
			return;
		const { x, y } = place(event);
		const area = drag.at === null ? undefined : areas[drag.at];
		setDrag({ ...drag, now: area ? fit({ ...area, x: area.x + x - drag.x,
		    y: area.y + y - drag.y }) : drawn(drag.x, drag.y, x, y) });
	};
	const up = () => {
		if (drag?.now && drag.at !== null) {
			const { at, now } = drag;
			set(areas.map((one, i) => i === at ? now : one), at);
		} else if (drag?.now && areas.length < AREAS_MAX)
			set([...areas, drag.now], areas.length);
		setDrag(null);
	};
	const shown = drag?.now && drag.at !== null ? areas.map((one, i) =>
	    i === drag.at && drag.now ? drag.now : one) : areas;
	return <div class="dt-redact__picture">
		<img src={src} alt={alt} width={width} height={height}
		    draggable={false} />
		<svg ref={box} viewBox={`0 0 ${width} ${height}`} class="dt-redact__marks"
		    role="group" aria-label={t("office.redact.areas")}
		    onPointerDown={down} onPointerMove={move} onPointerUp={up}
		    onPointerCancel={() => setDrag(null)}>
			{shown.map((area, at) => <Mark key={at} area={area} at={at}
			    canvas={canvas} />)}
			{drag?.now && drag.at === null && <rect class="dt-mark"
			    aria-hidden="true" x={drag.now.x * width}
			    y={drag.now.y * height} width={drag.now.width * width}
			    height={drag.now.height * height} />}
		</svg>
	</div>;
}

interface Redacted {
	areas: Area[];
	redaction: "none" | "waiting" | "done" | "failed";
	version: number;
}

export function RedactDialog({ path, src, alt, width, height, areas: before, onClose,
    onSaved }: { path: string; src: string; alt: string; width: number;
    height: number; areas: readonly Area[]; onClose: () => void;
    onSaved: (redacted: Redacted) => void }): JSX.Element {
	const [state, setState] = useState({ areas: [...before],
	    chosen: null as number | null });
	const [error, setError] = useState<unknown>(null);
	const [busy, setBusy] = useState(false);
	const [asking, setAsking] = useState(false);
	const focus = useRef(false);
	const { areas, chosen } = state;
	const set = (areas: Area[], chosen: number | null) => setState({ areas, chosen });
	const area = chosen === null ? undefined : areas[chosen];
	// What had the focus is gone with it.
	const remove = (gone: (at: number) => boolean) => {
		set(areas.filter((_, at) => !gone(at)), null);
		document.getElementById("redact-add")?.focus();
	};
	const add = () => {
		const next = another(areas);
		focus.current = true;
		set([...areas, next], areas.length);
		announce(says(next, areas.length, areas.length + 1));
	};
	// An area that was added takes the focus, so that the arrows move it.
	useEffect(() => {
		if (!focus.current || chosen === null)
			return;
		document.querySelector<SVGElement>(`.dt-mark[data-at="${chosen}"]`)
		    ?.focus();
		focus.current = false;
	}, [areas.length]);
	const change = (move: Move) => {
		if (chosen === null || !area)
			return;
		const next = moved(area, move);
		set(areas.map((one, i) => i === chosen ? next : one), chosen);
		announce(says(next, chosen, areas.length));
	};
	const save = async () => {
		setBusy(true);
		setError(null);
		try {
			onSaved(await api.put<Redacted>(`${path}/redaction`, { areas }));
		} catch (failure) {
			setError(failure);
			setBusy(false);
		}
	};
	const close = () => same(areas, before) ? onClose() : setAsking(true);
	if (asking)
		return <kit.Confirm title={t("office.redact.discard")}
		    text={t("office.redact.discard-says")}
		    yes={t("office.redact.discard-yes")} onYes={onClose}
		    onNo={() => setAsking(false)} />;
	return <kit.Dialog title={t("office.redact.title")} onClose={close} footer={<>
		<kit.Button onClick={close}>{t("app.button.cancel")}</kit.Button>
		<kit.Button kind="primary" busy={busy} onClick={() => void save()}>
			{t("office.redact.save")}</kit.Button>
	</>}>
		<div class="dt-redact">
			<p class="kern-body" id="redact-how">{t("office.redact.how")}</p>
			{error !== null && <kit.Notice kind="danger" live
			    title={errorText(error, t)} />}
			<kit.Toolbar label={t("office.redact.tools")}>
				<kit.Button id="redact-add" icon="add" onClick={add}
				    busy={areas.length >= AREAS_MAX}>
					{t("office.redact.add")}</kit.Button>
				<kit.Button icon="delete" busy={!area} onClick={() =>
				    remove((at) => at === chosen)}>
					{t("office.redact.remove")}</kit.Button>
				<kit.Button busy={areas.length === 0}
				    onClick={() => remove(() => true)}>
					{t("office.redact.clear")}</kit.Button>
			</kit.Toolbar>
			<Picture canvas={{ src, alt, width, height, areas, chosen, set,
			    remove }} />
			<p role="status" class="sk-muted">{area && chosen !== null ?
			    says(area, chosen, areas.length) :
			    t("office.redact.count", { count: areas.length })}</p>
			<kit.Toolbar label={t("office.redact.place")}>
				{MOVES.map((move) => <kit.Button key={move} busy={!area}
				    onClick={() => change(move)}>
					{t(`office.redact.${move}`)}</kit.Button>)}
			</kit.Toolbar>
		</div>
	</kit.Dialog>;
}
