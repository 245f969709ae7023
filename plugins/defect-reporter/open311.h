/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Open311 GeoReport v2 (http://wiki.open311.org/GeoReport_v2), its Service
 * Discovery, mySociety's extension for updates and the GeoReport bulk format.
 * docs/open311.md says what of it is done how.
 */
#ifndef DEFECT_REPORTER_OPEN311_H
#define DEFECT_REPORTER_OPEN311_H

#include "settings.h"

#define OPEN311_PATH	"/open311/v2"
#define OPEN311_TEST	"/open311/test/v2"

/* Ends in MOUNT_END. */
extern const struct mount open311_mounts[];

extern const struct field open311_create_fields[];
extern const struct field open311_update_fields[];
extern const struct field open311_requests_query[];
extern const struct field open311_request_query[];
extern const struct field open311_updates_query[];
extern const struct field open311_bulk_query[];

enum status	open311_create_check(struct exchange *exchange);
enum status	open311_create_prepare(struct exchange *exchange);
enum status	open311_update_check(struct exchange *exchange);
enum status	open311_update_prepare(struct exchange *exchange);
enum status	open311_requests_check(struct exchange *exchange);
enum status	open311_requests_prepare(struct exchange *exchange);
enum status	open311_request_prepare(struct exchange *exchange);
enum status	open311_updates_check(struct exchange *exchange);
enum status	open311_updates_prepare(struct exchange *exchange);
enum status	open311_bulk_check(struct exchange *exchange);
enum status	open311_bulk_prepare(struct exchange *exchange);

/*
 * Answers with JSON, or with the XML of it, as the path asks: `root` is the
 * element around it, which JSON does without.
 */
enum status	open311_answer(struct exchange *exchange, int status,
		    const char *root, const char *json, size_t len);

/*
 * A time in W3C's profile of ISO 8601, as clients send it: with "Z", an offset
 * or (for UTC) neither, with or without a fraction, minutes or seconds; a day
 * alone is its beginning. A blank counts as the '+' that a form has eaten.
 * Gives "2026-11-20T08:30:00Z" from `arena`; NULL: it is none.
 */
const char	*open311_time(struct arena *arena, const char *text);

#endif
