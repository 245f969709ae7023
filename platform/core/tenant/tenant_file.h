/* SPDX-License-Identifier: EUPL-1.2 */
/* The content of tenants/<slug>.yaml, checked. */
#ifndef CORE_TENANT_FILE_H
#define CORE_TENANT_FILE_H

#include "core/tenant/tenant.h"

/*
 * Checks `node` against tenant_fields, then what the table cannot say, then
 * each plugin's section; fills tenant->file, plugins and settings. All that
 * is wrong is found, pointers begin at the file's root.
 */
enum status	 tenant_file_fill(struct tenant *tenant,
		    const struct registry *registry, const struct node *node,
		    struct findings *findings);

/* Reads the rights of the roles that are listed; see roles.c. */
void		 tenant_roles_fill(struct tenant *tenant,
		    const struct registry *registry,
		    struct findings *findings);

/* Puts in the department and the role that stand for none listed. */
void		 tenant_file_default(struct arena *arena,
		    struct tenant_file *file);

#endif
