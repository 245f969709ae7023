/* SPDX-License-Identifier: EUPL-1.2 */
/* A plugin's settings in one tenant. */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include "core/tenant/tenant.h"

/* The tenant, as far as it bears on the settings of its plugins. */
enum settings_of {
	SETTINGS_OF_PLAIN,	/* no departments or outside bodies listed */
	SETTINGS_OF_OWN,	/* some */
	SETTINGS_OF_BROKEN,	/* refused already: check hooks are left out */
};

/*
 * Reads `section`, the plugin's map in the tenant's file (NODE_NULL: it
 * writes nothing), over the plugin's defaults.yaml: a key that is written
 * replaces the whole default. Fills tenant->settings, sets the plugin's bit,
 * and reads the key that every section may have, `account`.
 *
 * Where a tenant has neither settings nor departments nor outside bodies of
 * its own, the struct is made once for all such tenants, in the registry's
 * arena. A check hook is then given a tenant that has just the default
 * department, and so can keep no pointer into one tenant that another sees.
 */
enum status	 settings_fill(const struct registry *registry,
		    struct loaded *loaded, struct tenant *tenant,
		    enum settings_of of, const struct node *section,
		    struct findings *findings);

#endif
