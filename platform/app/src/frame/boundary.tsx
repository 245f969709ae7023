// SPDX-License-Identifier: EUPL-1.2
// A screen that fails does not take the frame with it.

import { Component, type ComponentChildren } from "preact";
import { t } from "../context.ts";
import { Button, LinkButton, Notice, Title } from "../kit/basics.tsx";

interface State {
	failed: boolean;
	at: string;
}

export class Boundary extends Component<{ at: string;
    children: ComponentChildren }, State> {
	override state: State = { failed: false, at: this.props.at };

	static override getDerivedStateFromError(): Partial<State> {
		return { failed: true };
	}

	// Another screen is another chance.
	static override getDerivedStateFromProps({ at }: { at: string }, state: State): State | null {
		return at === state.at ? null : { failed: false, at };
	}

	override componentDidCatch(error: unknown): void {
		console.error(error);
	}

	override render() {
		if (!this.state.failed)
			return this.props.children;
		return <>
			<Title>{t("app.broken.title")}</Title>
			<Notice kind="danger" title={t("app.error.unexpected")} live>
				<p>{t("app.broken.text")}</p>
			</Notice>
			<p class="sk-actions">
				<Button kind="primary" onClick={() => location.reload()}>
					{t("app.button.reload")}</Button>
				<LinkButton href="/">{t("app.button.start")}</LinkButton>
			</p>
		</>;
	}
}
