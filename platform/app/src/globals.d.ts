// SPDX-License-Identifier: EUPL-1.2
// What build.mjs puts in.

declare module "stadtkern:icons" {
	const icons: Record<string, string>;
	export default icons;
}

// Addresses of files that are loaded when they are needed.
declare const ASSETS: { mapStyle: string; mapWorker: string };
