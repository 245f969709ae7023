// SPDX-License-Identifier: EUPL-1.2
// Areas of a photo as they are drawn: in shares of the upright picture, as the
// server takes them. Knows no page.

export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

export const AREAS_MAX = 20;
// What one press of a key or a button moves or grows.
export const STEP = 0.01;
const LEAST = 0.01;

// Four digits are a fifth of a pixel of the largest picture.
const round = (share: number): number => Math.round(share * 1e4) / 1e4;
const between = (least: number, share: number, most: number): number =>
    Math.min(Math.max(share, least), most);

// Inside the picture, and large enough to be seen.
export function fit(area: Area): Area {
	const width = between(LEAST, round(area.width), 1);
	const height = between(LEAST, round(area.height), 1);
	return { width, height, x: round(between(0, area.x, 1 - width)),
	    y: round(between(0, area.y, 1 - height)) };
}

// Between two corners, whichever comes first; null: it was only a click.
export function drawn(ax: number, ay: number, bx: number, by: number): Area | null {
	const [left, right] = [between(0, Math.min(ax, bx), 1),
	    between(0, Math.max(ax, bx), 1)];
	const [top, bottom] = [between(0, Math.min(ay, by), 1),
	    between(0, Math.max(ay, by), 1)];
	return right - left < LEAST || bottom - top < LEAST ? null :
	    fit({ x: left, y: top, width: right - left, height: bottom - top });
}

// Where a new one comes that is not drawn: the middle, beside those there are.
export const another = (areas: readonly Area[]): Area => fit({
    x: 0.4 + 0.03 * (areas.length % 5), y: 0.4 + 0.03 * (areas.length % 5),
    width: 0.2, height: 0.2 });

export type Move = "left" | "right" | "up" | "down" | "wider" | "narrower" |
    "higher" | "lower";

const MOVES: Record<Move, Partial<Record<keyof Area, number>>> = {
	left: { x: -STEP }, right: { x: STEP }, up: { y: -STEP }, down: { y: STEP },
	wider: { width: STEP }, narrower: { width: -STEP },
	higher: { height: STEP }, lower: { height: -STEP },
};

export function moved(area: Area, move: Move): Area {
	const by = MOVES[move];
	return fit({ x: area.x + (by.x ?? 0), y: area.y + (by.y ?? 0),
	    width: Math.min(area.width + (by.width ?? 0), 1 - area.x),
	    height: Math.min(area.height + (by.height ?? 0), 1 - area.y) });
}

const KEYS: Record<string, [Move, Move]> = { ArrowLeft: ["left", "narrower"],
    ArrowRight: ["right", "wider"], ArrowUp: ["up", "lower"],
    ArrowDown: ["down", "higher"] };

// Arrows move, and with Shift they size.
export const moveOf = (key: string, shift: boolean): Move | null =>
    KEYS[key]?.[shift ? 1 : 0] ?? null;

export const same = (a: readonly Area[], b: readonly Area[]): boolean =>
    a.length === b.length && a.every((one, i) => {
	const other = b[i];
	return other !== undefined && one.x === other.x && one.y === other.y &&
	    one.width === other.width && one.height === other.height;
    });
