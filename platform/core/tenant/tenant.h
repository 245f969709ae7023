/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tenants from their files, and from what was published of them.
 *
 * tenants/<slug>.yaml + themes/ + tenants/<slug>/boundary.geojson
 *	--tenant_read()-->	one document, checked
 *	--published-->		tenant.config in the database (JSON)
 *	--tenant_new()-->	struct tenant in each server process
 */
#ifndef CORE_TENANT_H
#define CORE_TENANT_H

#include <stdbool.h>

#include <stadtkern/node.h>
#include <stadtkern/tenant.h>

#include "core/crypto.h"
#include "core/plugin/registry.h"
#include "core/plugin/router.h"
#include "core/theme/theme.h"

struct legal;

/* A map of somebody else's, which the courier fetches. */
struct tenant_basemap {
	const char	*url;		/* with {z}, {x}, {y}; NULL: none */
	const char	*attribution;
	const char	*type;		/* raster or vector */
	int64_t		 minzoom;
	int64_t		 maxzoom;
};

struct tenant_map {
	double		 lat;
	double		 lon;
	int64_t		 zoom;
	const char	*tiles;		/* a set of the server's; NULL: none */
	const char	*attribution;	/* NULL: what the set says */
	struct tenant_basemap basemap;
};

/* A right as a role gives it. */
struct grant {
	const char	*right;	/* "*", "<plugin>.*", "<plugin>.<right>" */
	LIST_OF(const char *) departments;	/* none: of all */
	LIST_OF(const char *) categories;	/* none: of all */
};

struct role {
	const char	*code;
	const char	*name;
	/* As written, texts and maps; NULL once they are grants. */
	const struct node *rights;
	LIST_OF(struct grant) grants;
};

/* OpenID Connect; `issuer` NULL: not used. */
struct oidc_rules {
	const char	*issuer;
	const char	*client_id;
	const char	*secret_file;	/* in <var>/secrets/<slug>/ */
	const char	*name;		/* on the button */
	const char	*roles_claim;
	/* Map of the claim's values to roles, as written; JSON once filled. */
	const struct node *roles;
	const char	*roles_json;	/* NULL: the city gives roles itself */
	bool		 allow_loopback;	/* plain http to 127.0.0.1 */
};

struct sign_in_rules {
	const char	*second_factor;	/* "required" or "optional" */
	struct oidc_rules oidc;
};

/* Where mail to the city arrives, by IMAP; `host` NULL: nowhere. */
struct mailbox_rules {
	const char	*host;
	int64_t		 port;		/* 0: as `security` says */
	const char	*security;	/* tls, starttls, none */
	const char	*user;
	const char	*password_file;	/* in <var>/secrets/<slug>/ */
	const char	*ca_file;	/* there too; NULL: the system's */
	const char	*folder;
	const char	*processed;	/* NULL: stays where it is */
	const char	*address;
};

/* tenants/<slug>.yaml; tenant_fields is its table. */
struct tenant_file {
	const char	*name;		/* required: Castrop-Rauxel */
	const char	*ags;		/* required */
	LIST_OF(const char *) hosts;	/* required */
	const char	*theme;		/* required */
	const char	*boundary;	/* required: file in tenants/<slug>/ */
	const char	*email;		/* required: the city's, sender of mail */
	/* required: map name to settings; NULL once tenant_new() has filled
	 * those, as its node goes with the document */
	const struct node *plugins;
	const char	*title;		/* of the app; otherwise the name */
	struct tenant_map map;		/* otherwise the boundary's middle */
	/* otherwise one, `city`, with the city's name and e-mail */
	LIST_OF(struct department) departments;
	LIST_OF(struct outside_body) outside_bodies;
	LIST_OF(struct role) roles;	/* otherwise `admin`, who may all */
	LIST_OF(const char *) languages;	/* otherwise de, en */
	const struct node *legal;	/* as plugins; see struct tenant */
	LIST_OF(const char *) events;	/* themes with dates */
	LIST_OF(const char *) order;	/* cards; otherwise the theme's */
	/* map, by language; NULL once tenant_new() is done, as plugins */
	const struct node *words;
	const char	*office;	/* its address; otherwise https:// and
					   the first host */
	struct sign_in_rules sign_in;
	struct mailbox_rules mailbox;
};

extern const struct field tenant_fields[];

struct tenant {
	int32_t		 id;		/* set by the one who read the row */
	int64_t		 version;
	bool		 active;
	const char	*slug;
	struct tenant_file file;
	struct theme	 theme;
	const struct legal *legal;	/* legal.h; NULL: not written */
	double		 bbox[4];	/* west, south, east, north */
	uint64_t	 plugins;	/* bit i: registry->plugins[i] is on */
	uint64_t	 account_required;	/* bit i: `account: required` */
	void		*settings[PLUGINS_MAX];
	unsigned char	 public_key[CRYPTO_KEY_LEN];
	bool		 has_secret_key;	/* office role, once unwrapped */
	unsigned char	 secret_key[CRYPTO_KEY_LEN];
	struct arena	*arena;
	/* Exchanges in flight and the snapshot; tenant_new() leaves 0. */
	unsigned int	 references;
};

/*
 * Reads and checks a tenant's files. `document` gets {"slug", "tenant": the
 * file's content, "theme": resolved, "bbox": […], "boundary_hash": of its
 * file, "boundary": GeoJSON geometry, "publish": the theme's files, see
 * theme_read()}. Of the themes that are an event's, the first that is on at
 * `day` ("2027-08-06"; NULL: today in Berlin) takes the place of the city's.
 * Everything that tenant_new() would refuse is found here too.
 */
enum status	 tenant_read(struct arena *arena,
		    const struct registry *registry, const char *home,
		    const char *slug, const char *day,
		    struct node **document, struct findings *findings);

/*
 * What is published of a document: tenant.config, which is all but the
 * boundary and the files (what changed in them shows in their hashes), and
 * the boundary. JSON from `arena`.
 */
char		*tenant_config(struct arena *arena,
		    const struct node *document);
char		*tenant_boundary(struct arena *arena,
		    const struct node *document);

/* Slugs of all tenants/<slug>.yaml, sorted; NULL-terminated. */
const char	**tenant_slugs(struct arena *arena, const char *home);

/* Hosts that two tenants claim, as findings at the second one's line. */
void		 tenant_hosts_check(struct arena *arena,
		    const char *const *slugs, struct node *const *documents,
		    size_t count, struct findings *findings);

/*
 * A tenant from a document, as tenant_read() made it or as node_from_json()
 * read it from tenant.config; nothing of the document is needed afterwards.
 * Its plugins' settings are checked and filled; tenants that write none of a
 * plugin's settings and no departments share them (see settings.h).
 * Settings of plugins that this process does not have are a finding.
 * STATUS_INVALID leaves *tenant NULL.
 */
enum status	 tenant_new(const struct registry *registry,
		    const struct node *document, struct tenant **tenant,
		    struct findings *findings);
void		 tenant_free(struct tenant *tenant);

/* Where the tenant is served: `url` ("https://{host}") with its first host. */
const char	*tenant_origin(struct arena *arena,
		    const struct tenant *tenant, const char *url);

/* Whether a role of this tenant gives `right` of the plugin, be it limited. */
bool		 tenant_role_gives(const struct tenant *tenant,
		    const char *role, const char *plugin, const char *right);
bool		 role_gives(const struct role *role, const char *plugin,
		    const char *right);

/* NULL when there is none of this code. */
const struct role *tenant_role(const struct tenant *tenant, const char *code);

/*
 * What the roles that give `right` are limited to, as enter_staff() takes
 * it: {"clerk": [{"departments": […]}, …], …}; "{}": nobody is. NULL: it cannot be said, and nobody may.
 */
const char	*tenant_limits_json(struct arena *arena,
		    const struct tenant *tenant, const char *plugin,
		    const char *right);

/* Where staff open the office, without a slash at the end. */
const char	*tenant_office(struct arena *arena,
		    const struct tenant *tenant);

/* GET /api/v1/app of either side: the tenant, its theme, map, plugins and
 * their shown settings, navigation and texts in `language`. */
char		*tenant_app_json(struct arena *arena,
		    const struct registry *registry,
		    const struct tenant *tenant, enum router_side side,
		    const char *language, size_t *len);

#endif
