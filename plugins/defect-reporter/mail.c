/* SPDX-License-Identifier: EUPL-1.2 */
/* Who takes mail, and the office's filter of it. */

#include "mail.h"

struct mail_filter {
	bool	unread;
};

const struct field mail_query[] = {
	FIELD_BOOL(struct mail_filter, unread,
	    .says = "only what nobody has read"),
	FIELD_END
};

const struct inbox mail_inbox = { .run = "mail_received" };
