/* SPDX-License-Identifier: EUPL-1.2 */
/* files.json of the built citizens' app. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/document/file.h"
#include "core/document/node_util.h"
#include "core/plugin/bundle.h"

#define BUNDLE_NAME	"files.json"
#define BUNDLE_MAX	(4u << 20)
#define SERVICE_WORKER	"/service-worker.js"
#define ASSETS		"/assets/"
#define PIECE_MAX	65536
#define SERVED_MAX	100

static const struct field file_fields[] = {
	FIELD_TEXT(struct bundle_file, path, .required = true),
	FIELD_TEXT(struct bundle_file, file, .required = true,
	    .format = FIELD_FORMAT_PATH),
	FIELD_TEXT(struct bundle_file, type, .required = true, .max = 100),
	FIELD_BOOL(struct bundle_file, gzip),
	FIELD_BOOL(struct bundle_file, brotli),
	FIELD_BOOL(struct bundle_file, immutable),
	FIELD_END
};

static const struct field first_fields[] = {
	FIELD_TEXT(struct bundle_first, frame, .max = PIECE_MAX),
	FIELD_TEXT(struct bundle_first, tiles, .max = PIECE_MAX),
	FIELD_TEXT(struct bundle_first, list, .max = PIECE_MAX),
	FIELD_TEXT(struct bundle_first, grid, .max = PIECE_MAX),
	FIELD_TEXT(struct bundle_first, slot, .max = PIECE_MAX),
	FIELD_ANY(struct bundle_first, texts),
	FIELD_END
};

static const struct field first_plugin_fields[] = {
	FIELD_TEXT(struct bundle_first_plugin, tiles, .max = PIECE_MAX),
	FIELD_TEXT(struct bundle_first_plugin, rows, .max = PIECE_MAX),
	FIELD_ANY(struct bundle_first_plugin, cards),
	FIELD_ANY(struct bundle_first_plugin, texts),
	FIELD_END
};

static const struct field shell_fields[] = {
	FIELD_TEXT(struct bundle_shell, script, .required = true),
	FIELD_TEXT(struct bundle_shell, style, .required = true),
	FIELD_LIST(struct bundle_shell, preload, .max = 50),
	FIELD_ANY(struct bundle_shell, messages, .required = true),
	FIELD_OBJECT(struct bundle_shell, first, .fields = first_fields),
	FIELD_END
};

static const struct field plugin_fields[] = {
	FIELD_TEXT(struct bundle_plugin, name, .format = FIELD_FORMAT_CODE),
	FIELD_TEXT(struct bundle_plugin, module, .required = true),
	FIELD_TEXT(struct bundle_plugin, style),
	FIELD_ANY(struct bundle_plugin, messages, .required = true),
	FIELD_ANY(struct bundle_plugin, entries),
	FIELD_OBJECT(struct bundle_plugin, first,
	    .fields = first_plugin_fields),
	FIELD_END
};

static const struct field bundle_fields[] = {
	FIELD_LIST(struct bundle, files, .fields = file_fields, .min = 1,
	    .max = BUNDLE_FILES_MAX, .required = true),
	FIELD_LIST(struct bundle, served, .max = SERVED_MAX, .required = true),
	FIELD_OBJECT(struct bundle, shell, .fields = shell_fields,
	    .required = true),
	FIELD_KEYED(struct bundle, plugins, .fields = plugin_fields),
	FIELD_END
};

struct bundle_check {
	struct arena		*arena;
	struct findings		*findings;
	const char		*file;		/* files.json, as findings say */
	const struct bundle	*bundle;
	const char		**paths;	/* sorted */
	size_t			 count;
};

static void
complain(const struct bundle_check *check, const char *pointer,
    enum finding_code code, const char *argument)
{
	finding_add(check->findings, pointer, check->file, 0, 0, code,
	    argument);
}

static int
path_compare(const void *a, const void *b)
{
	return (strcmp(*(const char *const *)a, *(const char *const *)b));
}

/* What a request can ask for byte by byte, and a header can hold. */
static bool
path_fits(const char *path)
{
	if (strcmp(path, SERVICE_WORKER) == 0)
		return (true);
	return (strncmp(path, ASSETS, sizeof(ASSETS) - 1) == 0 &&
	    path[sizeof(ASSETS) - 1] != '\0' &&
	    strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_./") == strlen(path) && strstr(path, "..") == NULL &&
	    strstr(path, "//") == NULL);
}

static bool
type_fits(const char *type)
{
	const char	*at;

	for (at = type; *at >= ' ' && *at <= '~'; at++)
		continue;
	return (*at == '\0' && strchr(type, '/') != NULL);
}

static void
served_check(const struct bundle_check *check)
{
	size_t	i;

	for (i = 0; i < check->bundle->served.count; i++) {
		if (check->bundle->served.items[i][0] != '/')
			complain(check, arena_format(check->arena,
			    "/served/%zu", i), FINDING_FORMAT, "/…");
	}
}

static void
files_check(struct bundle_check *check)
{
	const struct bundle_file	*file;
	size_t				 i;

	check->count = check->bundle->files.count;
	check->paths = arena_alloc(check->arena, check->count *
	    sizeof(*check->paths));
	for (i = 0; i < check->count; i++) {
		file = &check->bundle->files.items[i];
		check->paths[i] = file->path;
		if (!path_fits(file->path))
			complain(check, arena_format(check->arena,
			    "/files/%zu/path", i), FINDING_FORMAT,
			    SERVICE_WORKER " or " ASSETS "…");
		if (!type_fits(file->type))
			complain(check, arena_format(check->arena,
			    "/files/%zu/type", i), FINDING_FORMAT,
			    "a media type");
	}
	qsort(check->paths, check->count, sizeof(*check->paths), path_compare);
	for (i = 1; i < check->count; i++) {
		if (strcmp(check->paths[i - 1], check->paths[i]) == 0)
			complain(check, "/files", FINDING_DUPLICATE,
			    check->paths[i]);
	}
}

static void
reference_check(const struct bundle_check *check, const char *pointer,
    const char *path)
{
	if (path != NULL && bsearch(&path, check->paths, check->count,
	    sizeof(path), path_compare) == NULL)
		complain(check, pointer, FINDING_REFERENCE, path);
}

static void
messages_check(const struct bundle_check *check, const char *pointer,
    const struct node *messages)
{
	const struct node	*child;

	if (messages->kind != NODE_MAP) {
		complain(check, pointer, FINDING_TYPE, "an object");
		return;
	}
	for (child = messages->first; child != NULL; child = child->next) {
		if (node_text(child) == NULL)
			complain(check, pointer, FINDING_TYPE, "text");
		else
			reference_check(check, pointer, child->text);
	}
}

static void
references_check(const struct bundle_check *check)
{
	const struct bundle_plugin	*plugin;
	const struct bundle_shell	*shell;
	const char			*pointer;
	size_t				 i;

	shell = &check->bundle->shell;
	reference_check(check, "/shell/script", shell->script);
	reference_check(check, "/shell/style", shell->style);
	for (i = 0; i < shell->preload.count; i++)
		reference_check(check, "/shell/preload",
		    shell->preload.items[i]);
	messages_check(check, "/shell/messages", shell->messages);
	for (i = 0; i < check->bundle->plugins.count; i++) {
		plugin = &check->bundle->plugins.items[i];
		pointer = arena_format(check->arena, "/plugins/%s",
		    plugin->name);
		reference_check(check, pointer, plugin->module);
		reference_check(check, pointer, plugin->style);
		messages_check(check, pointer, plugin->messages);
	}
}

/* JSON's nodes know their line, but not of which file. */
static void
findings_name(struct findings *findings, size_t before, const char *file)
{
	struct finding	*finding;
	size_t		 i;

	for (i = 0, finding = findings->first; finding != NULL;
	    finding = finding->next, i++) {
		if (i >= before && finding->file == NULL)
			finding->file = file;
	}
}

static struct bundle *
bundle_parse(struct arena *arena, const char *path, struct findings *findings)
{
	struct field_context	 context = { .arena = arena,
				    .findings = findings };
	struct values		 values;
	struct node		*node;
	char			*text;
	size_t			 len;

	errno = 0;
	if (file_read(arena, path, BUNDLE_MAX, &text, &len) != STATUS_OK) {
		finding_add(findings, "", path, 0, 0, FINDING_FILE,
		    errno == 0 ? "above 4 MiB" : strerror(errno));
		return (NULL);
	}
	if (node_from_json(arena, text, len, &node, findings) != STATUS_OK ||
	    field_check(&context, bundle_fields, node, "", &values) !=
	    STATUS_OK)
		return (NULL);
	return (values.data);
}

enum status
bundle_read(struct arena *arena, const char *dir, struct bundle **bundle,
    struct findings *findings)
{
	struct bundle_check	check = { .arena = arena,
				    .findings = findings };
	size_t			before;

	*bundle = NULL;
	if (access(dir, F_OK) == -1 && errno == ENOENT)
		return (STATUS_NOT_FOUND);
	before = findings->count;
	check.file = arena_format(arena, "%s/" BUNDLE_NAME, dir);
	check.bundle = *bundle = bundle_parse(arena, check.file, findings);
	if (*bundle == NULL) {
		findings_name(findings, before, check.file);
		return (STATUS_INVALID);
	}
	served_check(&check);
	files_check(&check);
	references_check(&check);
	if (findings->count == before)
		return (STATUS_OK);
	*bundle = NULL;
	return (STATUS_INVALID);
}

bool
bundle_has_page(const struct bundle *bundle, const char *path)
{
	const char	*served;
	size_t		 i, len;

	for (i = 0; i < bundle->served.count; i++) {
		served = bundle->served.items[i];
		len = strlen(served);
		if (strncmp(path, served, len) == 0 &&
		    (path[len] == '\0' || path[len] == '/'))
			return (false);
	}
	return (true);
}

const struct bundle_plugin *
bundle_plugin(const struct bundle *bundle, const char *name)
{
	size_t	i;

	for (i = 0; bundle != NULL && i < bundle->plugins.count; i++) {
		if (strcmp(bundle->plugins.items[i].name, name) == 0)
			return (&bundle->plugins.items[i]);
	}
	return (NULL);
}
