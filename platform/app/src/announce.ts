// SPDX-License-Identifier: EUPL-1.2
// Says something to those who do not see it change: two live regions that are
// in the page from the beginning, as a region that comes with its text is
// often not read.

const regions = new Map<string, HTMLElement>();

export function makeRegions(parent: HTMLElement): void {
	for (const kind of ["polite", "assertive"]) {
		const region = document.createElement("div");
		region.className = "kern-sr-only";
		region.setAttribute("aria-live", kind);
		region.setAttribute("aria-atomic", "true");
		parent.append(region);
		regions.set(kind, region);
	}
}

export function announce(text: string,
    kind: "polite" | "assertive" = "polite"): void {
	const region = regions.get(kind);
	if (!region)
		return;
	region.textContent = "";
	// The same text twice is a change only with a pause between.
	setTimeout(() => { region.textContent = text; }, 50);
}
