// SPDX-License-Identifier: EUPL-1.2
// A plugin's texts where the shell shows some of them: the menu, the start
// page.

import { useEffect, useState } from "preact/hooks";
import { language } from "../../../app/src/context.ts";
import { loadTranslate, translateNow } from "../../../app/src/modules.ts";
import type { Plugin, Translate } from "../../../app/src/module.ts";

export function useTexts(plugin: Plugin): Translate | null {
	const [, draw] = useState(0);
	useEffect(() => {
		let gone = false;
		const again = () => gone || draw((n) => n + 1);
		loadTranslate(plugin).then(again, again);
		return () => { gone = true; };
	}, [plugin.name, language.value]);
	return translateNow(plugin);
}
