// SPDX-License-Identifier: EUPL-1.2
// The service worker, a newer version of the app, and putting the app on the
// home screen.

import { signal } from "@preact/signals";
import { warm } from "./language.ts";
import { outbox } from "./outbox/outbox.ts";

interface InstallPrompt extends Event {
	prompt(): Promise<{ outcome: "accepted" | "dismissed" }>;
}

export const updateReady = signal<ServiceWorker | null>(null);
export const installPrompt = signal<InstallPrompt | null>(null);

export const isInstalled = (): boolean =>
    matchMedia("(display-mode: standalone)").matches;

// iOS has no prompt; the person does it by the browser's menu.
export const installsByHand = (): boolean =>
    /iPad|iPhone|iPod/.test(navigator.userAgent);

export function applyUpdate(): void {
	navigator.serviceWorker.addEventListener("controllerchange",
	    () => location.reload(), { once: true });
	updateReady.value?.postMessage({ type: "take-over" });
}

function watch(registration: ServiceWorkerRegistration): void {
	const ready = (worker: ServiceWorker | null) => {
		// The first one is no update.
		if (worker && navigator.serviceWorker.controller)
			updateReady.value = worker;
	};
	ready(registration.waiting);
	registration.addEventListener("updatefound", () => {
		const fresh = registration.installing;
		fresh?.addEventListener("statechange", () => {
			if (fresh.state === "installed")
				ready(registration.waiting);
		});
	});
	// An app on the home screen may stay open for days.
	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "visible")
			void registration.update().catch(() => undefined);
	});
}

export function startInstall(): void {
	addEventListener("beforeinstallprompt", (event) => {
		event.preventDefault();
		installPrompt.value = event as InstallPrompt;
	});
	addEventListener("appinstalled", () => { installPrompt.value = null; });
	navigator.serviceWorker?.addEventListener("message", (event) => {
		if ((event.data as { type?: string }).type === "flush")
			void outbox.flush(true);
	});
	if (navigator.serviceWorker && !navigator.serviceWorker.controller)
		navigator.serviceWorker.addEventListener("controllerchange",
		    () => void warm(), { once: true });
	navigator.serviceWorker?.register("/service-worker.js",
	    { updateViaCache: "none" }).then(watch, () => undefined);
}
