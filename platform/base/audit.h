/* SPDX-License-Identifier: EUPL-1.2 */
/* The audit log, for whoever has the platform's right to look into it. */
#ifndef BASE_AUDIT_H
#define BASE_AUDIT_H

#include "core/exchange/exchange.h"

#define AUDIT_READ_RIGHT	"audit.read"

extern const struct field audit_query[];
extern const struct field audit_people_query[];

enum status	audit_prepare(struct exchange *);

#define AUDIT_ROUTES							\
	{ GET, "/audit", OFFICE(AUDIT_READ_RIGHT), .query = audit_query,\
	    .prepare = audit_prepare, .run = "audit_list",		\
	    .reads = "staff",						\
	    .says = "Who read or changed what, newest first, and in words." },\
	{ GET, "/audit/people", OFFICE(AUDIT_READ_RIGHT),		\
	    .query = audit_people_query, .run = "audit_people",		\
	    .reads = "staff",						\
	    .says = "Staff by name or address, also those who are "	\
	    "disabled." },

#endif
