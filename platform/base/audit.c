/* SPDX-License-Identifier: EUPL-1.2 */
/* What of the audit log is asked for. */

#include "base/audit.h"

static const char *const kinds[] = { "read", "change", "refused", "erased",
    NULL };

struct audit_query {
	const char	*kind;
	const char	*staff;
	const char	*object;
	const char	*since;
	const char	*until;
};

const struct field audit_query[] = {
	FIELD_CHOICE(struct audit_query, kind, .choices = kinds,
	    .says = "only entries of this kind"),
	FIELD_UUID(struct audit_query, staff, .says = "only by this person"),
	FIELD_UUID(struct audit_query, object,
	    .says = "only what was done to this"),
	FIELD_TEXT(struct audit_query, since, .format = FIELD_FORMAT_DAY,
	    .says = "only from this day on"),
	FIELD_TEXT(struct audit_query, until, .format = FIELD_FORMAT_DAY,
	    .says = "only up to this day"),
	FIELD_END
};
