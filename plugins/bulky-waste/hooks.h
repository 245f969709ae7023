/* SPDX-License-Identifier: EUPL-1.2 */
/* What the routes take, and the hooks around their statements. */
#ifndef BULKY_WASTE_HOOKS_H
#define BULKY_WASTE_HOOKS_H

#include "settings.h"

extern const struct field place_fields[];
extern const struct field quote_fields[];
extern const struct field booking_fields[];
extern const struct field change_booking_fields[];
extern const struct field cancel_fields[];
extern const struct field district_path[];

extern const struct field plan_query[];
extern const struct field days_query[];
extern const struct field search_query[];
extern const struct field day_path[];
extern const struct field day_fields[];
extern const struct field reason_fields[];
extern const struct field order_fields[];

enum status	catalogue_answer(struct exchange *exchange,
		    const struct row *row);
/* The things of a request against the catalogue. */
enum status	quote_check(struct exchange *exchange);
enum status	quote_prepare(struct exchange *exchange);
enum status	booking_check(struct exchange *exchange);
enum status	booking_prepare(struct exchange *exchange);
enum status	change_check(struct exchange *exchange);
enum status	change_prepare(struct exchange *exchange);
enum status	search_prepare(struct exchange *exchange);
/* RFC 5545. */
enum status	calendar_answer(struct exchange *exchange,
		    const struct row *row);

#endif
