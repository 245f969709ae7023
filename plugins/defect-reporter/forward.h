/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Forwarding to outside bodies: what the office's routes and those behind a
 * link take, and the hooks around their statements (queries/forward.sql).
 *
 * A body has no account. It gets a link whose token stands behind the '#', so
 * that no server's log has it, and is sent in the body of each call. Only its
 * keyed hash is kept.
 */
#ifndef DEFECT_REPORTER_FORWARD_H
#define DEFECT_REPORTER_FORWARD_H

#include "settings.h"

extern const struct field forward_fields[];
extern const struct field forward_query[];
extern const struct field revoke_fields[];
extern const struct field prolong_fields[];
extern const struct field resend_fields[];
extern const struct field link_fields[];
extern const struct field act_fields[];

enum status	forward_prepare(struct exchange *exchange);
/* Makes a link, and the mail it stands in, sealed to the courier. */
enum status	forward_work(struct exchange *exchange,
		    const struct row *row);
enum status	resend_prepare(struct exchange *exchange);
enum status	resend_work(struct exchange *exchange,
		    const struct row *row);
enum status	link_prepare(struct exchange *exchange);
/* A reason where something is refused, a text where it is answered. */
enum status	act_check(struct exchange *exchange);
enum status	act_prepare(struct exchange *exchange);

#endif
