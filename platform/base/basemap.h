/* SPDX-License-Identifier: EUPL-1.2 */
/* The route to a city's base map, see plugin.c. */
#ifndef BASE_BASEMAP_H
#define BASE_BASEMAP_H

#include "core/exchange/exchange.h"

extern const struct field basemap_fields[];

enum status	basemap_prepare(struct exchange *x);
enum status	basemap_answer(struct exchange *x, const struct row *row);

#endif
