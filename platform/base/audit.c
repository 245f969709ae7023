/* SPDX-License-Identifier: EUPL-1.2 */
/* What of the audit log is asked for, and the words for what stands in it. */

#include <string.h>

#include "base/audit.h"
#include "core/plugin/mount.h"
#include "core/plugin/personal_data.h"
#include "core/plugin/words.h"

#define WORDS_BYTES	(1u << 20)

static const char *const kinds[] = { "read", "change", "refused", "erased",
    NULL };

struct audit_query {
	const char	*kind;
	const char	*staff;
	const char	*object;
	const char	*since;
	const char	*until;
	const char	*words;
};

const struct field audit_query[] = {
	FIELD_CHOICE(struct audit_query, kind, .choices = kinds,
	    .says = "only entries of this kind"),
	FIELD_UUID(struct audit_query, staff, .says = "only by this person"),
	FIELD_UUID(struct audit_query, object,
	    .says = "only what was done to this"),
	FIELD_TEXT(struct audit_query, since, .format = FIELD_FORMAT_DAY,
	    .says = "only from this day on"),
	FIELD_TEXT(struct audit_query, until, .format = FIELD_FORMAT_DAY,
	    .says = "only up to this day"),
	FIELD_COMPUTED(struct audit_query, words),
	FIELD_END
};

struct audit_people_query {
	const char	*q;
	const char	*id;
};

const struct field audit_people_query[] = {
	FIELD_TEXT(struct audit_people_query, q, .format = FIELD_FORMAT_LINE,
	    .max = 100, .says = "words of the name or the address"),
	FIELD_UUID(struct audit_people_query, id, .says = "this one"),
	FIELD_END
};

/* What migrations/0081 enters of others than signed-in staff. */
static const char *const outside[] = {
	"insert staff", "update staff", "delete staff", "insert api_key",
	"update api_key", "delete api_key", "insert tenant", "update tenant",
	NULL
};

static const char *
schema_of(struct exchange *x, const char *plugin)
{
	char	*name, *at;

	name = arena_text(x->arena, *plugin == '\0' ? "stadtkern" : plugin);
	for (at = name; *at != '\0'; at++)
		if (*at == '-')
			*at = '_';
	return (name);
}

/* As subject_says() takes it. */
static void
subject_write(struct exchange *x, struct json *json,
    const struct loaded *loaded, const struct subject *subject)
{
	const char	*id;

	id = strrchr(subject->path, '{') + 1;
	json_open_object(json, "subject");
	json_text(json, "says", message_get(loaded->messages, x->language,
	    words_subject_key(x->arena, subject)));
	if (subject->table != NULL) {
		json_text(json, "schema", schema_of(x, loaded->plugin->name));
		json_text(json, "table", subject->table);
		json_text(json, "name", subject->name);
		json_text(json, "id", arena_copy(x->arena, id,
		    strcspn(id, "}")));
		json_text(json, "plugin", loaded->plugin->name);
		json_text(json, "screen", subject->screen);
	}
	json_close(json);
}

static void
action_write(struct exchange *x, struct json *json, const struct mounted *at)
{
	const struct subject	*subject;

	json_open_object(json, arena_format(x->arena, "%s %s",
	    method_text(at->route->method), mount_path(x->arena, at)));
	json_text(json, "says", words_action(x->arena, at->loaded, at->route,
	    x->language));
	json_text(json, "reads", words_reads(x->arena, x->registry, at->loaded,
	    at->route, x->language));
	json_text(json, "plugin", at->loaded->plugin->name);
	subject = words_subject(at->loaded->plugin, at->route->path);
	if (subject != NULL)
		subject_write(x, json, at->loaded, subject);
	json_close(json);
}

static void
outside_write(struct exchange *x, struct json *json)
{
	const struct loaded	*loaded;
	size_t			 i;

	loaded = &x->registry->plugins[0];
	for (i = 0; outside[i] != NULL; i++) {
		json_open_object(json, outside[i]);
		json_text(json, "says", message_get(loaded->messages,
		    x->language, arena_format(x->arena, "action.%s",
		    outside[i])));
		if (strstr(outside[i], " staff") != NULL)
			subject_write(x, json, loaded,
			    words_subject(loaded->plugin, "/staff/{id}"));
		json_close(json);
	}
}

/* What the courier erases when its time is over. */
static void
erased_write(struct exchange *x, struct json *json,
    const struct loaded *loaded)
{
	const struct personal_data	*data = loaded->plugin->personal_data;
	const char			*says;
	size_t				 i;

	says = message_get(x->registry->plugins[0].messages, x->language,
	    "action.erase");
	for (i = 0; data != NULL && data[i].table != NULL; i++) {
		if (data[i].erase == NULL)
			continue;
		json_open_object(json, personal_data_erased(x->arena,
		    loaded->plugin, i));
		json_text(json, "says", arena_format(x->arena, "%s: %s", says,
		    personal_data_text(x->arena, loaded, i, "what",
		    x->language)));
		json_close(json);
	}
}

static void
rights_write(struct exchange *x, struct json *json,
    const struct loaded *loaded)
{
	const char *const	*right;
	const char		*name;

	right = loaded->plugin->permissions;
	for (; right != NULL && *right != NULL; right++) {
		name = arena_format(x->arena, "%s.%s",
		    RIGHTS_OF(loaded->plugin->name), *right);
		json_text(json, name, words_right(x->arena, x->registry, name,
		    x->language));
	}
}

/* What whoever was refused read; not where it spoke of more than we know. */
static void
problems_write(struct exchange *x, struct json *json,
    const struct loaded *loaded)
{
	const struct problem	*problem;
	const char		*text;

	json_open_object(json, loaded->plugin->name);
	problem = loaded->plugin->problems;
	for (; problem != NULL && problem->code != NULL; problem++) {
		text = message_get(loaded->messages, x->language,
		    arena_format(x->arena, "problem.%s", problem->code));
		if (text != NULL && strchr(text, '{') == NULL)
			json_text(json, problem->code, text);
	}
	json_close(json);
}

/* Whatever an entry may say, in the caller's language. */
enum status
audit_prepare(struct exchange *x)
{
	const struct registry	*registry = x->registry;
	struct audit_query	*query = exchange_query(x);
	struct mounted		 at = { NULL, NULL, NULL };
	struct json		 json;
	size_t			 i;

	json_init(&json, x->arena, WORDS_BYTES);
	json_open_object(&json, NULL);
	json_open_object(&json, "action");
	while (mount_next(registry, &at))
		if (mount_side(at.route) == ROUTER_OFFICE)
			action_write(x, &json, &at);
	outside_write(x, &json);
	for (i = 0; i < registry->count; i++)
		erased_write(x, &json, &registry->plugins[i]);
	json_close(&json);
	json_open_object(&json, "right");
	for (i = 0; i < registry->count; i++)
		rights_write(x, &json, &registry->plugins[i]);
	json_close(&json);
	json_open_object(&json, "problem");
	for (i = 0; i < registry->count; i++)
		problems_write(x, &json, &registry->plugins[i]);
	json_close(&json);
	json_close(&json);
	query->words = json_finish(&json, NULL);

	return (query->words == NULL ? STATUS_LIMIT : STATUS_OK);
}
