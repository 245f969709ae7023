// SPDX-License-Identifier: EUPL-1.2
// A QR code, drawn as one path: dark on light in every mode, as cameras want
// it.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

const QUIET = 4;	// modules around it (ISO/IEC 18004)

async function pathOf(text: string): Promise<{ path: string; size: number }> {
	const { generate } = await import("lean-qr");
	const code = generate(text);
	let path = "";
	for (let y = 0; y < code.size; y++)
		for (let x = 0; x < code.size; x++)
			if (code.get(x, y))
				path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
	return { path, size: code.size + 2 * QUIET };
}

export function Qr({ text, label }: { text: string; label: string }): JSX.Element {
	const [drawn, setDrawn] = useState<{ path: string; size: number } | null>(
	    null);
	useEffect(() => {
		let gone = false;
		pathOf(text).then((made) => gone || setDrawn(made), console.error);
		return () => { gone = true; };
	}, [text]);
	return <div class="of-qr">{drawn && <svg role="img" aria-label={label}
	    viewBox={`0 0 ${drawn.size} ${drawn.size}`} shape-rendering="crispEdges">
		<rect width={drawn.size} height={drawn.size} fill="#fff" />
		<path d={drawn.path} fill="#000" />
	</svg>}</div>;
}
