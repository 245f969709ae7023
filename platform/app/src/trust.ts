// SPDX-License-Identifier: EUPL-1.2
// Trusted Types: scripts of workers come from our own files, and from nowhere
// else. There is no way from a string to HTML at all. The map's library makes
// its worker from a string, so the policy has to be the default one.

interface Factory {
	createPolicy(name: string, rules: {
	    createScriptURL: (url: string) => string }): unknown;
}

export function startTrust(): void {
	const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
	factory?.createPolicy("default", { createScriptURL(url) {
		const { origin, pathname } = new URL(url, location.href);
		if (origin === location.origin && (pathname.startsWith("/assets/") ||
		    pathname === "/service-worker.js"))
			return url;
		throw new TypeError(`no script of ours: ${pathname}`);
	} });
}
