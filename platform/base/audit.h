/* SPDX-License-Identifier: EUPL-1.2 */
/* The audit log, for whoever has the platform's right to look into it. */
#ifndef BASE_AUDIT_H
#define BASE_AUDIT_H

#include "core/exchange/exchange.h"

#define AUDIT_READ_RIGHT	"audit.read"

extern const struct field audit_query[];

#define AUDIT_ROUTES							\
	{ GET, "/audit", OFFICE(AUDIT_READ_RIGHT), .query = audit_query,\
	    .run = "audit_list", .reads = "staff",			\
	    .says = "Who read or changed what, newest first." },

#endif
