// SPDX-License-Identifier: EUPL-1.2
// A vector tile of a test's own, by the encoder that comes with the map's
// library. Layers as { name: [[geometry, properties], …] }; a geometry is a
// point, or a list of points (a line), or a list of rings, in 0 … 4096.

import { fromGeojsonVt } from
    "../../../platform/app/node_modules/@maplibre/vt-pbf/dist/index.es.js";

const POINT = 1, LINE = 2, POLYGON = 3;

function feature([geometry, tags = {}], id) {
	const [first] = geometry;
	const type = typeof first === "number" ? POINT :
	    typeof first[0] === "number" ? LINE : POLYGON;
	return { id, type, tags, geometry: type === POLYGON ? geometry :
	    [geometry] };
}

export const vectorTile = (layers) => Buffer.from(fromGeojsonVt(
    Object.fromEntries(Object.entries(layers).map(([name, features]) =>
    [name, { features: features.map(feature) }])), { version: 2 }));
