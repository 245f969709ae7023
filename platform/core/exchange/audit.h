/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the audit log says of a request to the office. All of it comes from
 * the route's declaration and its checked input, and nothing in it is personal
 * data of citizens: ids, codes, choices and switches are told with their
 * values, of all else that a body held only the name.
 */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include "core/exchange/exchange.h"

#define AUDIT_REQUEST_LEN	36	/* a UUID */

enum audit_kind { AUDIT_NOTHING, AUDIT_READ, AUDIT_CHANGE };

/* What is entered in the transaction of such a request. */
enum audit_kind	 audit_kind(const struct route *route);

/* Whether an answer of this status is entered as a refusal. */
bool		 audit_is_refusal(const struct route *route, int status);

/* "change" */
const char	*audit_kind_text(enum audit_kind kind);

/* "POST /office/api/v1/lost-property/finds/{id}/hand-out" */
const char	*audit_action(struct exchange *exchange);

/* "lost-property.finds.write"; NULL: the route asks for none. */
const char	*audit_right(struct exchange *exchange);

/* {"id":"…"}: parameters of the path that are ids, codes, choices or days. */
const char	*audit_object(struct exchange *exchange);

/* {"claim":"…","text":null}: what the body held; NULL: there is none. */
const char	*audit_detail(struct exchange *exchange);

/* A random id (UUID, version 4) that ties a refusal to its entry. */
const char	*audit_request(struct arena *arena);

#endif
