// SPDX-License-Identifier: EUPL-1.2
// Grouped rows and tiles: the ways that lead on from a page.

import type { ComponentChildren, JSX } from "preact";
import { Icon } from "../kit/icon.tsx";

export function Rows({ title, children }: { title?: string;
    children: ComponentChildren }): JSX.Element {
	return <section class="sk-rows">
		{title && <h2 class="sk-rows__title">{title}</h2>}
		<ul>{children}</ul>
	</section>;
}

interface Way {
	icon: string;
	label: string;
	says?: string | undefined;
	href: string;
}

export function Row({ icon, label, says, href, mark }: Way & {
    mark?: string | undefined }): JSX.Element {
	return <li>
		<a class="sk-row" href={href}>
			<span class="sk-row__icon"><Icon name={icon} /></span>
			<span class="sk-row__text">
				<span class="sk-row__label">{label}</span>
				{says && <span class="sk-row__says">{says}</span>}
			</span>
			{mark && <span class="sk-row__mark">{mark}</span>}
			<Icon name="chevron-right" turn />
		</a>
	</li>;
}

export function Tile({ icon, label, says, href }: Way): JSX.Element {
	return <li>
		<a class="sk-tile" href={href}>
			<span class="sk-tile__icon"><Icon name={icon} size={32} /></span>
			<span class="sk-tile__label">{label}</span>
			{says && <span class="sk-tile__says">{says}</span>}
		</a>
	</li>;
}
