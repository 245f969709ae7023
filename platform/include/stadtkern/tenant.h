/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A tenant, as plugins see it: immutable, checked, swapped whole.
 */
#ifndef STADTKERN_TENANT_H
#define STADTKERN_TENANT_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct tenant;

struct department {
	const char	*code;
	const char	*name;
	const char	*email;		/* NULL: none */
	const char	*phone;		/* NULL: none */
};

/* A body outside the city that takes reports over, without an account. */
struct outside_body {
	const char	*code;
	const char	*name;
	const char	*email;
};

const char	*tenant_slug(const struct tenant *tenant);
const char	*tenant_name(const struct tenant *tenant);
const char	*tenant_email(const struct tenant *tenant);

/* NULL when there is none of this code. */
const struct department *tenant_department(const struct tenant *tenant,
		    const char *code);
/* The first department listed: where things go that nobody claimed. */
const struct department *tenant_first_department(const struct tenant *tenant);
/* All of them, in the file's order; `*count` is how many. */
const struct department *tenant_departments(const struct tenant *tenant,
		    size_t *count);
const struct outside_body *tenant_outside_bodies(const struct tenant *tenant,
		    size_t *count);
const struct outside_body *tenant_outside_body(const struct tenant *tenant,
		    const char *code);


/*
 * The roles that give `right` of the plugin, be it limited, as PostgreSQL reads
 * a text[] ("{admin,clerk}"), from `arena`. A plugin asks about its own rights:
 * whom may a thing be given to?
 */
const char	*tenant_roles_array(struct arena *arena,
		    const struct tenant *tenant, const char *plugin,
		    const char *right);

#endif
