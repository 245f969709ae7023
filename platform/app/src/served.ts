// SPDX-License-Identifier: EUPL-1.2
// What the server answers itself, each with all that lies below it; every
// other address is a page of the app. The build tells the server the same.

import served from "./served.json";

export const isServed = (path: string): boolean =>
    served.some((one) => path === one || path.startsWith(`${one}/`));
