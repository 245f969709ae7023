/* SPDX-License-Identifier: EUPL-1.2 */
/* Loads plugins: objects, statements, messages, defaults. */

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/document/file.h"
#include "core/plugin/conformance.h"
#include "core/plugin/registry.h"

#define OBJECT_SUFFIX	".so"
#define QUERIES_SUFFIX	".sql"
#define QUERIES_MAX	((size_t)1 << 20)

/* A section of any plugin may hold this key besides the plugin's own. */
#define COMMON_KEY	"account"

struct loader {
	struct arena	*arena;
	struct registry	*registry;
	const char	*home;
	struct findings	*findings;
};

static void
complain(const struct loader *l, const char *file, const char *name,
    enum finding_code code, const char *argument)
{
	finding_add(l->findings, *name == '\0' ? "" :
	    arena_format(l->arena, "/%s", name), file, 0, 0, code, argument);
}

static bool
exists(const char *path)
{
	return (access(path, F_OK) == 0);
}

/* NULL: a finding tells why. */
static char *
queries_read(const struct loader *l, const char *path, size_t *len)
{
	char	*text;

	switch (file_read(l->arena, path, QUERIES_MAX, &text, len)) {
	case STATUS_OK:
		return (text);
	case STATUS_LIMIT:
		complain(l, path, "", FINDING_FILE, "no file, or above 1 MiB");
		return (NULL);
	default:
		complain(l, path, "", FINDING_FILE, strerror(errno));
		return (NULL);
	}
}

/* Appends the file's statements; a name that another file has is a finding. */
static void
read_queries(const struct loader *l, struct loaded *loaded, const char *path)
{
	struct statement	*list, *statement, **tail;
	const struct statement	*other;
	char			*sql;
	size_t			 len;

	if ((sql = queries_read(l, path, &len)) == NULL)
		return;
	(void)statements_read(l->arena, loaded->plugin->name, path, sql, len,
	    &list, l->findings);
	for (statement = list; statement != NULL; statement = statement->next) {
		statement->index = (unsigned int)l->registry->statement_count++;
		if ((other = registry_statement(loaded,
		    statement->name)) != NULL)
			finding_add(l->findings, arena_format(l->arena, "/%s",
			    statement->name), path, statement->line, 1,
			    FINDING_CONFLICT, arena_format(l->arena,
			    "%s:%u", other->file, other->line));
	}
	for (tail = &loaded->statements; *tail != NULL; tail = &(*tail)->next)
		continue;
	*tail = list;
}

static int
is_queries(const struct dirent *entry)
{
	size_t	len;

	len = strlen(entry->d_name);
	return (*entry->d_name != '.' && len > strlen(QUERIES_SUFFIX) &&
	    strcmp(entry->d_name + len - strlen(QUERIES_SUFFIX),
	    QUERIES_SUFFIX) == 0);
}

/* By bytes, whatever the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return (strcmp((*a)->d_name, (*b)->d_name));
}

static void
read_statements(const struct loader *l, struct loaded *loaded)
{
	struct dirent	**entries;
	const char	 *path;
	int		  count, i;

	path = arena_format(l->arena, "%s/queries.sql", loaded->dir);
	if (exists(path))
		read_queries(l, loaded, path);
	path = arena_format(l->arena, "%s/queries", loaded->dir);
	count = scandir(path, &entries, is_queries, by_name);
	if (count < 0 && errno != ENOENT)
		complain(l, path, "", FINDING_FILE, strerror(errno));
	for (i = 0; i < count; i++) {
		read_queries(l, loaded, arena_format(l->arena, "%s/%s", path,
		    entries[i]->d_name));
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

/* Required keys may be missing here: the tenant writes those. */
static void
read_defaults(const struct loader *l, struct loaded *loaded)
{
	const struct field	*settings;
	const struct node	*child;
	struct node		*node;
	const char		*path;

	path = arena_format(l->arena, "%s/defaults.yaml", loaded->dir);
	if (!exists(path) || node_from_yaml_file(l->arena, path, &node,
	    l->findings) != STATUS_OK)
		return;
	if (node->kind != NODE_MAP) {
		finding_add(l->findings, "", path, node->line, node->column,
		    FINDING_TYPE, "map");
		return;
	}
	settings = loaded->plugin->settings;
	for (child = node->first; child != NULL; child = child->next) {
		if (strcmp(child->name, COMMON_KEY) == 0 ||
		    (settings != NULL && strchr(child->name, '.') == NULL &&
		    field_find(settings, child->name) != NULL))
			continue;
		finding_add(l->findings, arena_format(l->arena, "/%s",
		    child->name), path, child->line, child->column,
		    FINDING_UNKNOWN, NULL);
	}
	loaded->defaults = node;
}

static void
read_folder(const struct loader *l, struct loaded *loaded)
{
	read_statements(l, loaded);
	(void)messages_read(l->arena, arena_format(l->arena, "%s/messages",
	    loaded->dir), &loaded->messages, l->findings);
	read_defaults(l, loaded);
}

/*
 * The first four members have their place in every version. An object built
 * for a smaller interface leaves the rest zero, which means "none".
 */
static const struct plugin *
take_over(const struct loader *l, const char *object, const char *name,
    const struct plugin *theirs)
{
	struct plugin	*ours;

	if (theirs->abi_major != PLUGIN_ABI_MAJOR ||
	    theirs->abi_minor > PLUGIN_ABI_MINOR ||
	    theirs->route_size != sizeof(struct route) ||
	    theirs->size > sizeof(*ours) ||
	    theirs->size < offsetof(struct plugin, settings)) {
		complain(l, object, name, FINDING_CONFLICT,
		    arena_format(l->arena, "built for interface %u.%u "
		    "(%zu bytes), this program has %u.%u (%zu bytes); "
		    "build it again", theirs->abi_major, theirs->abi_minor,
		    theirs->size, PLUGIN_ABI_MAJOR, PLUGIN_ABI_MINOR,
		    sizeof(*ours)));
		return (NULL);
	}
	ours = arena_alloc(l->arena, sizeof(*ours));
	memcpy(ours, theirs, theirs->size);
	if (ours->name == NULL || strcmp(ours->name, name) != 0) {
		complain(l, object, name, FINDING_CONFLICT,
		    arena_format(l->arena, "calls itself \"%s\"",
		    ours->name == NULL ? "" : ours->name));
		return (NULL);
	}
	if (ours->version == NULL)
		ours->version = "";
	return (ours);
}

static const struct plugin *
open_object(const struct loader *l, const char *object, const char *name,
    void **handle)
{
	const struct plugin	*theirs;

	*handle = dlopen(object, RTLD_NOW | RTLD_LOCAL);
	if (*handle == NULL) {
		complain(l, object, name, FINDING_FILE, dlerror());
		return (NULL);
	}
	theirs = dlsym(*handle, "plugin");
	if (theirs == NULL) {
		complain(l, object, name, FINDING_REQUIRED,
		    "const struct plugin plugin");
		return (NULL);
	}
	return (take_over(l, object, name, theirs));
}

static struct loaded *
registry_next(struct registry *registry)
{
	struct loaded	*loaded;

	loaded = &registry->plugins[registry->count];
	loaded->index = (unsigned int)registry->count++;
	return (loaded);
}

static void
load_object(const struct loader *l, const char *objects, const char *file)
{
	const struct plugin	*plugin;
	struct loaded		*loaded;
	const char		*object, *name, *dir;
	void			*handle;

	object = arena_format(l->arena, "%s%s/%s",
	    strchr(objects, '/') == NULL ? "./" : "", objects, file);
	name = arena_copy(l->arena, file,
	    strlen(file) - strlen(OBJECT_SUFFIX));
	if (l->registry->count == PLUGINS_MAX) {
		complain(l, object, name, FINDING_TOO_MANY,
		    arena_format(l->arena, "%d", PLUGINS_MAX));
		return;
	}
	dir = arena_format(l->arena, "%s/plugins/%s", l->home, name);
	plugin = NULL;
	handle = NULL;
	if (!field_format_fits(FIELD_FORMAT_CODE, name))
		complain(l, object, name, FINDING_FORMAT,
		    field_format_says(FIELD_FORMAT_CODE));
	else if (!exists(dir))
		complain(l, object, name, FINDING_REFERENCE, dir);
	else
		plugin = open_object(l, object, name, &handle);
	if (plugin == NULL) {
		if (handle != NULL)
			(void)dlclose(handle);
		return;
	}
	loaded = registry_next(l->registry);
	loaded->plugin = plugin;
	loaded->handle = handle;
	loaded->dir = dir;
	read_folder(l, loaded);
}

static int
is_object(const struct dirent *entry)
{
	size_t	len;

	len = strlen(entry->d_name);
	return (len > strlen(OBJECT_SUFFIX) && entry->d_name[0] != '.' &&
	    strcmp(entry->d_name + len - strlen(OBJECT_SUFFIX),
	    OBJECT_SUFFIX) == 0);
}

static void
load_objects(const struct loader *l, const char *objects)
{
	struct dirent	**entries;
	int		  i, count;

	count = scandir(objects, &entries, is_object, alphasort);
	if (count == -1) {
		complain(l, objects, "", FINDING_FILE, strerror(errno));
		return;
	}
	for (i = 0; i < count; i++) {
		load_object(l, objects, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

static void
index_statements(struct registry *registry)
{
	struct statement	*statement;
	size_t			 i;

	registry->statements = arena_alloc(registry->arena,
	    (registry->statement_count + 1) * sizeof(statement));
	for (i = 0; i < registry->count; i++) {
		for (statement = registry->plugins[i].statements;
		    statement != NULL; statement = statement->next)
			registry->statements[statement->index] = statement;
	}
}

enum status
registry_load(struct registry **registry, const char *home,
    const char *objects, struct findings *findings)
{
	struct loader	 l = { .home = home, .findings = findings };
	struct loaded	*base;
	size_t		 before;

	before = findings->count;
	l.arena = arena_new(0);
	l.registry = arena_alloc(l.arena, sizeof(*l.registry));
	l.registry->arena = l.arena;
	l.registry->plugins = arena_alloc(l.arena,
	    PLUGINS_MAX * sizeof(*l.registry->plugins));
	base = registry_next(l.registry);
	base->plugin = &base_plugin;
	base->dir = arena_format(l.arena, "%s/platform/base", home);
	read_folder(&l, base);
	load_objects(&l, objects);
	index_statements(l.registry);
	conformance_check(l.registry, findings);
	if (findings->count != before) {
		registry_free(l.registry);
		*registry = NULL;
		return (STATUS_INVALID);
	}
	*registry = l.registry;
	return (STATUS_OK);
}

void
registry_free(struct registry *registry)
{
	size_t	i;

	if (registry == NULL)
		return;
	for (i = 0; i < registry->count; i++) {
		if (registry->plugins[i].handle != NULL)
			(void)dlclose(registry->plugins[i].handle);
	}
	arena_free(registry->arena);
}

const struct loaded *
registry_plugin(const struct registry *registry, const char *name)
{
	size_t	i;

	for (i = 0; i < registry->count; i++) {
		if (strcmp(registry->plugins[i].plugin->name, name) == 0)
			return (&registry->plugins[i]);
	}
	return (NULL);
}

const struct statement *
registry_statement(const struct loaded *loaded, const char *name)
{
	const struct statement	*statement;

	for (statement = loaded->statements; statement != NULL;
	    statement = statement->next) {
		if (strcmp(statement->name, name) == 0)
			return (statement);
	}
	return (NULL);
}

const char *
registry_message(const struct registry *registry,
    const struct loaded *loaded, const char *language, const char *key)
{
	const char	*text;

	text = loaded == NULL ? NULL :
	    message_get(loaded->messages, language, key);
	if (text == NULL)
		text = message_get(registry->plugins[0].messages, language,
		    key);
	return (text);
}
