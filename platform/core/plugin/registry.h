/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * All plugins of this process, loaded once before any fork, never changed.
 * The platform's own routes are a plugin too: the first one, with the empty
 * name, always on (base/plugin.c, messages and queries.sql beside it).
 */
#ifndef CORE_REGISTRY_H
#define CORE_REGISTRY_H

#include <stdint.h>

#include <stadtkern/plugin.h>

#include "core/plugin/message.h"
#include "core/plugin/statement.h"

#define PLUGINS_MAX	64
#define TOPICS_MAX	64	/* cache topics of all plugins together */

struct loaded {
	const struct plugin	*plugin;
	unsigned int		 index;		/* bit in a tenant's mask */
	const char		*dir;		/* plugins/<name> */
	struct statement	*statements;
	struct messages		*messages;
	const struct node	*defaults;	/* defaults.yaml or NULL */
	void			*handle;	/* of dlopen */
	void			*shared;	/* settings of tenants that write
						   none; kept by settings.c */
};

struct bundle;
struct tilesets;

struct registry {
	struct arena		*arena;
	size_t			 count;
	struct loaded		*plugins;	/* [0] is the platform */
	size_t			 statement_count;
	struct statement	**statements;	/* by index */
	const struct bundle	*bundle;	/* the citizens' app; NULL: none;
						   put there by the server */
	const struct tilesets	*tilesets;	/* a server's; NULL elsewhere */
};

/* What stands before the dot of a right; the platform's own plugin has no
 * name, its rights are "platform.…". */
#define RIGHTS_OF(name)	(*(name) == '\0' ? "platform" : (name))

/* Begins a statement's parameter that is a setting: :settings.open. */
#define SETTINGS_PREFIX	"settings."

extern const struct plugin base_plugin;

/*
 * Loads platform/base/ and every <objects>/<name>.so with its folder
 * <home>/plugins/<name>/, whose statements lie in queries.sql and then, by name,
 * in queries/<any>.sql. Refused, each with a reason: wrong ABI, a name that
 * is not the folder's, a statement that two files have, a route that names no statement, a statement whose
 * parameter no field table has, a .created route whose statement does not call
 * answered() (unless an .answer hook makes the answer), a
 * problem code without a text, a duplicate route, a right that is not in
 * .permissions. All findings at once.
 */
enum status	 registry_load(struct registry **registry, const char *home,
		    const char *objects, struct findings *findings);
void		 registry_free(struct registry *registry);

const struct loaded *registry_plugin(const struct registry *registry,
		    const char *name);
const struct statement *registry_statement(const struct loaded *loaded,
		    const char *name);

/* A text of the plugin, else of the platform, else NULL. */
const char	*registry_message(const struct registry *registry,
		    const struct loaded *loaded, const char *language,
		    const char *key);

#endif
