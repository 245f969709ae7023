/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of an OpenAPI document. */
#ifndef CORE_OPENAPI_PARTS_H
#define CORE_OPENAPI_PARTS_H

#include <stadtkern/json.h>

#include "core/plugin/mount.h"
#include "core/plugin/openapi.h"

#define OPENAPI_MAX	((size_t)4 << 20)

struct openapi_name {
	struct openapi_name	*next;
	const char		*name;
};

struct openapi {
	struct arena		*arena;
	const struct registry	*registry;
	struct json		 json;
	struct openapi_name	*names;		/* used already */
};

/* openapi, info, servers. */
void		 openapi_head(struct openapi *o, enum router_side side);
void		 openapi_components(struct openapi *o, enum router_side side);

/* {"$ref": "#/components/<kind>/<name>"} */
void		 openapi_reference(struct openapi *o, const char *member,
		    const char *kind, const char *name);

/* A parameter object; without a field it is a UUID. */
void		 openapi_parameter(struct openapi *o, const char *in,
		    const char *name, const struct field *field);

/* A text parameter that no table describes, and one with choices. */
void		 openapi_text(struct openapi *o, const char *in,
		    const char *name, const char *says);
void		 openapi_choice(struct openapi *o, const char *in,
		    const char *name, const char *choices);

/* Whether `name` was used; it is from now on. */
bool		 openapi_seen(struct openapi *o, const char *name);
/* `name`, or where that was used, `name` with what tells them apart. */
const char	*openapi_unique(struct openapi *o, const char *name,
		    const char *method);

#endif
