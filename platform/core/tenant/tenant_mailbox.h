/* SPDX-License-Identifier: EUPL-1.2 */
/* A city's mailbox, whose mail one of its plugins takes. */
#ifndef CORE_TENANT_MAILBOX_H
#define CORE_TENANT_MAILBOX_H

#include "core/tenant/tenant.h"

extern const struct field mailbox_fields[];

/*
 * What the table cannot say: plain connections leave the machine nowhere, and
 * exactly one of the tenant's plugins takes mail. After its plugins are known.
 */
void		 tenant_mailbox_check(const struct tenant *tenant,
		    const struct registry *registry, const struct node *node,
		    struct findings *findings);

/* The one of the tenant's plugins that takes mail; NULL: none. */
const struct loaded *tenant_mailbox_plugin(const struct tenant *tenant,
		    const struct registry *registry);

#endif
