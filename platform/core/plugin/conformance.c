/* SPDX-License-Identifier: EUPL-1.2 */
/* Whether what plugins declare fits together. */

#include <stdarg.h>
#include <string.h>

#include "core/plugin/conformance.h"
#include "core/plugin/mount.h"
#include "core/plugin/personal_data.h"
#include "core/plugin/words.h"

/* What two routes must not share. */
struct shape {
	const char	*path;		/* "/api/v1/finds/{id}" */
	const char	*form;		/* "/api/v1/finds/{}" */
	enum method	 method;
};

/* What the platform knows of a mail; plugin.h tells them. */
static const char *const	inbox_parameters[] = {
	"kind", "thread", "party", "forged", "known", "contact", "reply",
	"greet", "subject", "text", "shown", "cut", "sent_at", "files", "dropped",
	"status", NULL
};

struct checker {
	const struct registry	*registry;
	const struct loaded	*loaded;
	const struct mount	*mount;		/* of the route, or NULL */
	const struct route	*route;		/* NULL: not about a route */
	const struct statement	*statement;	/* NULL: not about one */
	struct findings		*findings;
	struct arena		*arena;		/* scratch */
	struct shape		*shapes;	/* of the routes before */
	size_t			 shape_count;
};

static void complain(const struct checker *c, enum finding_code code,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void
complain(const struct checker *c, enum finding_code code, const char *fmt,
    ...)
{
	struct arena	*arena;
	const char	*name, *file, *text;
	va_list		 args;

	arena = c->arena;
	name = c->loaded->plugin->name;
	va_start(args, fmt);
	text = arena_vformat(arena, fmt, args);
	va_end(args);
	if (c->route != NULL)
		text = arena_format(arena, "%s %s: %s",
		    method_text(c->route->method), c->route->path == NULL ?
		    "" : c->route->path, text);
	file = c->statement == NULL ? NULL : c->statement->file;
	finding_add(c->findings, arena_format(arena, "/%s",
	    *name == '\0' ? "platform" : name), file,
	    c->statement == NULL ? 0 : c->statement->line,
	    c->statement == NULL ? 0 : 1, code, text);
}

static bool
has_field(const struct field *fields, const char *name)
{
	return (fields != NULL && field_find(fields, name) != NULL);
}

static bool
path_has(const struct route *route, const char *name)
{
	struct segment	segments[ROUTER_SEGMENTS_MAX];
	size_t		count, i;

	if (mount_split(route->path, segments, &count) != STATUS_OK)
		return (false);
	for (i = 0; i < count; i++) {
		if (segments[i].parameter &&
		    strlen(name) == segments[i].len &&
		    memcmp(name, segments[i].at, segments[i].len) == 0)
			return (true);
	}
	return (false);
}

/* The order and the names are those of exchange_parameter(). */
static bool
route_has(const struct checker *c, const struct statement *statement,
    const char *name)
{
	const struct route	*route;

	route = c->route;
	if (strncmp(name, SETTINGS_PREFIX, strlen(SETTINGS_PREFIX)) == 0)
		return (has_field(c->loaded->plugin->settings,
		    name + strlen(SETTINGS_PREFIX)));
	if (route->accepts != NULL && (strcmp(name, "content") == 0 ||
	    strcmp(name, "content_type") == 0))
		return (true);
	if (statement->kind == STATEMENT_PAGE &&
	    (strcmp(name, "after") == 0 || strcmp(name, "limit") == 0))
		return (true);
	return (has_field(route->path_fields, name) ||
	    has_field(route->body, name) || has_field(route->query, name) ||
	    (route->path_fields == NULL && path_has(route, name)));
}

static const struct statement *
check_statement(struct checker *c, const char *name)
{
	const struct statement	*statement;
	size_t			 i;

	if (name == NULL)
		return (NULL);
	statement = registry_statement(c->loaded, name);
	if (statement == NULL) {
		complain(c, FINDING_REFERENCE, "statement \"%s\"", name);
		return (NULL);
	}
	c->statement = statement;
	for (i = 0; i < statement->parameter_count; i++) {
		if (!route_has(c, statement, statement->parameters[i]))
			complain(c, FINDING_REFERENCE,
			    "parameter :%s of \"%s\" is in no table",
			    statement->parameters[i], name);
	}
	if (statement->kind == STATEMENT_PAGE &&
	    (has_field(c->route->query, "cursor") ||
	    has_field(c->route->query, "limit")))
		complain(c, FINDING_CONFLICT,
		    "cursor and limit of \"%s\" are the platform's", name);
	c->statement = NULL;
	return (statement);
}

static const char *
route_path(const struct checker *c)
{
	const struct mounted	at = { c->loaded, c->mount, c->route };

	return (mount_path(c->arena, &at));
}

static void
check_path(const struct checker *c)
{
	struct segment		 segments[ROUTER_SEGMENTS_MAX];
	const struct field	*field;
	const char		*path, *name;
	size_t			 count, i;

	/* Mounted, as that is what the router has to hold. */
	path = c->route->path == NULL ? "" : route_path(c);
	if (c->route->path == NULL || *c->route->path != '/' ||
	    mount_split(path, segments, &count) != STATUS_OK) {
		complain(c, FINDING_FORMAT,
		    "/literal/{parameter}, at most %d segments and %d "
		    "parameters", ROUTER_SEGMENTS_MAX, ROUTER_PARAMETERS_MAX);
		return;
	}
	if ((field = c->route->path_fields) == NULL)
		return;
	for (i = 0; i < count; i++) {
		name = arena_copy(c->arena, segments[i].at,
		    segments[i].len);
		if (segments[i].parameter && !has_field(field, name))
			complain(c, FINDING_REFERENCE,
			    "\"%s\" is not in the table of the path", name);
	}
	for (; field->type != FIELD_TYPE_END; field++) {
		if (field->type != FIELD_TYPE_COMPUTED &&
		    field->type != FIELD_TYPE_BYTES &&
		    !path_has(c->route, field->name))
			complain(c, FINDING_REFERENCE,
			    "field \"%s\" is not in the path", field->name);
	}
}

static void
check_method(const struct checker *c)
{
	const struct route	*route;
	bool			 input;

	route = c->route;
	input = route->body != NULL || route->accepts != NULL;
	if (input && (route->method == GET || route->method == DELETE))
		complain(c, FINDING_CONFLICT, "has a body");
	if (route->body != NULL && route->accepts != NULL)
		complain(c, FINDING_CONFLICT,
		    "takes a JSON body and a raw one");
	if (route->cache != NULL && route->method != GET)
		complain(c, FINDING_CONFLICT, "is cached");
	if (route->cache == NULL && (route->seconds != 0 || route->lasting))
		complain(c, FINDING_REQUIRED,
		    ".cache beside .seconds and .lasting");
	if (route->changes != NULL && route->method == GET)
		complain(c, FINDING_CONFLICT, "changes \"%s\"",
		    route->changes);
	/* A kept answer is given to anybody who asks. */
	if (route->cache != NULL && route->access.kind != ACCESS_PUBLIC &&
	    route->access.kind != ACCESS_SIGN_IN)
		complain(c, FINDING_CONFLICT,
		    "is cached, but not for everybody");
}

static void
check_once(const struct checker *c, const struct statement *run,
    const struct statement *then)
{
	const struct route	*route;
	bool			 once;

	route = c->route;
	once = (run != NULL && run->once) || (then != NULL && then->once);
	if (route->created && route->method != POST)
		complain(c, FINDING_CONFLICT, "is no POST, but creates");
	if (once && route->method == GET)
		complain(c, FINDING_CONFLICT, "keeps its answer");
	/*
	 * With an .answer hook the answer is not what the statement could
	 * keep: a token, say, that must not be stored.
	 */
	if (route->created && !once && route->answer == NULL && run != NULL)
		complain(c, FINDING_REQUIRED, "answered() in \"%s\"",
		    then == NULL ? run->name : then->name);
}

static void
check_right(const struct checker *c)
{
	const char *const	*right;
	const char		*wanted;

	wanted = c->route->access.right;
	if ((c->route->access.kind != ACCESS_OFFICE &&
	    c->route->access.kind != ACCESS_KEY) || wanted == NULL)
		return;
	for (right = c->loaded->plugin->permissions;
	    right != NULL && *right != NULL; right++) {
		if (strcmp(*right, wanted) == 0)
			return;
	}
	complain(c, FINDING_REFERENCE, "right \"%s\" is not in .permissions",
	    wanted);
}

/* What staff read of it: at least in German. */
static void
check_words(const struct checker *c)
{
	if (c->route->path == NULL || mount_side(c->route) != ROUTER_OFFICE)
		return;
	if (words_action(c->arena, c->loaded, c->route, "de") == NULL)
		complain(c, FINDING_REQUIRED, "text \"%s\"",
		    words_action_key(c->arena, c->route));
}

/* What is read in the office is in the audit log, by a word. */
static void
check_reads(const struct checker *c)
{
	const struct route	*route;

	route = c->route;
	if (route->reads == NULL)
		return;
	if (words_reads(c->arena, c->registry, c->loaded, route, "de") == NULL)
		complain(c, FINDING_REQUIRED, "text reads.%s", route->reads);
	if (!field_format_fits(FIELD_FORMAT_CODE, route->reads))
		complain(c, FINDING_FORMAT, "reads \"%s\": a word",
		    route->reads);
	if (route->access.kind != ACCESS_OFFICE)
		complain(c, FINDING_CONFLICT, "reads \"%s\", but is not "
		    "the office's", route->reads);
}

/* What a mount's routes may be, and only they. */
static void
check_mount(const struct checker *c)
{
	const struct mount	*mount;
	enum access_kind	 access;

	mount = c->mount;
	access = c->route->access.kind;
	if (access == ACCESS_KEY && (mount == NULL || mount->key == NULL ||
	    c->route->access.right == NULL))
		complain(c, FINDING_REQUIRED,
		    "a key: a mount with .key, and a right");
	if (mount == NULL)
		return;
	if (access == ACCESS_OFFICE || access == ACCESS_SIGN_IN)
		complain(c, FINDING_CONFLICT, "is the office's, below a mount");
	if (mount->rehearsal == NULL)
		return;
	if (*mount->rehearsal != '/' ||
	    strcmp(mount->rehearsal, mount->path) == 0)
		complain(c, FINDING_FORMAT, "a rehearsal's path is another");
	if (c->route->then != NULL)
		complain(c, FINDING_CONFLICT,
		    "has two statements and cannot be rehearsed");
}

/* It is on its way before it is known as a whole. */
static void
check_csv(const struct checker *c, const struct statement *run,
    const struct statement *then)
{
	const struct route	*route;

	route = c->route;
	if (then != NULL && then->kind == STATEMENT_CSV)
		complain(c, FINDING_CONFLICT, "\"%s\" is CSV, which is .run",
		    then->name);
	if (run == NULL || run->kind != STATEMENT_CSV)
		return;
	if (route->method != GET || route->answer != NULL ||
	    route->work != NULL || route->cache != NULL ||
	    route->formats != NULL || route->media_type != NULL ||
	    (c->mount != NULL && c->mount->rehearsal != NULL))
		complain(c, FINDING_CONFLICT, "\"%s\" is CSV: a GET, and no "
		    ".answer, .work, .cache, .formats, .media_type or "
		    "rehearsal", run->name);
}

static void
check_route(struct checker *c)
{
	const struct statement	*run, *then;
	const struct route	*route;

	route = c->route;
	check_mount(c);
	check_path(c);
	check_method(c);
	check_right(c);
	check_words(c);
	check_reads(c);
	run = check_statement(c, route->run);
	then = check_statement(c, route->then);
	check_once(c, run, then);
	check_csv(c, run, then);
	if (route->run == NULL && route->answer == NULL)
		complain(c, FINDING_REQUIRED, ".run or .answer");
	if ((route->work == NULL) != (route->then == NULL) ||
	    (route->work != NULL && route->run == NULL))
		complain(c, FINDING_REQUIRED,
		    ".run, .work and .then come together");
}

static void
shape_init(struct shape *shape, const struct checker *c)
{
	char	*form, *from, *to;

	shape->method = c->route->method;
	shape->path = route_path(c);
	if (c->route->formats != NULL)
		shape->path = arena_format(c->arena, "%s.{format}",
		    shape->path);
	form = arena_text(c->arena, shape->path);
	for (from = to = form; *from != '\0'; from++) {
		*to++ = *from;
		if (*from == '{')
			from += strcspn(from, "}") - 1;
	}
	*to = '\0';
	shape->form = form;
}

static void
check_duplicates(struct checker *c)
{
	const struct shape	*other;
	struct shape		*shape;

	if (c->route->path == NULL)
		return;
	shape = &c->shapes[c->shape_count];
	shape_init(shape, c);
	for (other = c->shapes; other < shape; other++) {
		if (strcmp(shape->form, other->form) != 0)
			continue;
		if (shape->method == other->method)
			complain(c, FINDING_CONFLICT, "is declared before");
		else if (strcmp(shape->path, other->path) != 0)
			complain(c, FINDING_CONFLICT,
			    "parameters have other names in %s", other->path);
	}
	c->shape_count++;
}

static void
check_problems(const struct checker *c)
{
	const struct problem	*problem, *other;

	problem = c->loaded->plugin->problems;
	for (; problem != NULL && problem->code != NULL; problem++) {
		if (!field_format_fits(FIELD_FORMAT_CODE, problem->code) ||
		    problem->status < 400 || problem->status > 599)
			complain(c, FINDING_FORMAT, "problem \"%s\", %d",
			    problem->code, problem->status);
		if (registry_message(c->registry, c->loaded, "de",
		    arena_format(c->arena, "problem.%s", problem->code)) == NULL)
			complain(c, FINDING_REQUIRED, "text problem.%s",
			    problem->code);
		for (other = c->loaded->plugin->problems; other < problem;
		    other++) {
			if (strcmp(other->code, problem->code) == 0)
				complain(c, FINDING_CONFLICT,
				    "problem \"%s\" is declared twice",
				    problem->code);
		}
	}
}

static bool
schedule_fits(const struct schedule *schedule)
{
	if (schedule->name == NULL || schedule->run == NULL)
		return (false);
	if (schedule->kind == SCHEDULE_EVERY)
		return (schedule->seconds > 0);
	return (schedule->hour < 24 && schedule->minute < 60);
}

static void
check_schedules(const struct checker *c)
{
	const struct schedule	*schedule, *other;

	schedule = c->loaded->plugin->schedules;
	for (; schedule != NULL && schedule->kind != SCHEDULE_KIND_END;
	    schedule++) {
		if (!schedule_fits(schedule)) {
			complain(c, FINDING_FORMAT, "schedule \"%s\"",
			    schedule->name == NULL ? "" : schedule->name);
			continue;
		}
		if (registry_statement(c->loaded, schedule->run) == NULL)
			complain(c, FINDING_REFERENCE,
			    "schedule \"%s\": statement \"%s\"",
			    schedule->name, schedule->run);
		for (other = c->loaded->plugin->schedules; other < schedule;
		    other++) {
			if (other->name != NULL &&
			    strcmp(other->name, schedule->name) == 0)
				complain(c, FINDING_CONFLICT,
				    "schedule \"%s\" is declared twice",
				    schedule->name);
		}
	}
}

/* What citizens read of it, at least in German. */
static void
check_personal_texts(const struct checker *c, size_t number)
{
	static const char *const	parts[] = { "what", "why", "keep" };
	size_t				i;

	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (personal_data_text(c->arena, c->loaded, number, parts[i],
		    "de") == NULL)
			complain(c, FINDING_REQUIRED, "text %s",
			    personal_data_key(c->arena, c->loaded->plugin,
			    number, parts[i]));
	}
}

/* A period is a number or an INT setting, and what erases takes no more. */
static void
check_period(const struct checker *c, const struct personal_data *data)
{
	const struct statement	*erase;
	const struct field	*field;
	const char		*table;
	size_t			 i;

	table = data->table;
	field = data->days_from == NULL ? NULL :
	    field_find(c->loaded->plugin->settings, data->days_from);
	if (data->days_from != NULL && (data->days != 0 || field == NULL ||
	    field->type != FIELD_TYPE_INT))
		complain(c, FINDING_REFERENCE, "personal data of \"%s\": "
		    "setting \"%s\", an INT, instead of .days", table,
		    data->days_from);
	if (data->erase == NULL)
		return;
	erase = registry_statement(c->loaded, data->erase);
	if (erase == NULL) {
		complain(c, FINDING_REFERENCE, "personal data of \"%s\": "
		    "statement \"%s\"", table, data->erase);
		return;
	}
	for (i = 0; i < erase->parameter_count; i++) {
		if (strcmp(erase->parameters[i], "days") != 0 ||
		    (data->days == 0 && data->days_from == NULL))
			complain(c, FINDING_REFERENCE, "parameter :%s of "
			    "\"%s\": there is :days where a period is "
			    "declared", erase->parameters[i], data->erase);
	}
}

static void
check_personal_data(const struct checker *c)
{
	const struct personal_data	*data;
	size_t				 i;

	data = c->loaded->plugin->personal_data;
	for (i = 0; data != NULL && data->table != NULL; data++, i++) {
		check_personal_texts(c, i);
		if (data->what == NULL || data->why == NULL ||
		    data->basis == NULL || data->keep == NULL)
			complain(c, FINDING_REQUIRED, "personal data of \"%s\": "
			    ".what, .why, .basis and .keep", data->table);
		check_period(c, data);
	}
}

static bool
inbox_has(const struct checker *c, const char *name)
{
	size_t	 i;

	if (strncmp(name, SETTINGS_PREFIX, strlen(SETTINGS_PREFIX)) == 0)
		return (has_field(c->loaded->plugin->settings,
		    name + strlen(SETTINGS_PREFIX)));
	for (i = 0; inbox_parameters[i] != NULL; i++) {
		if (strcmp(inbox_parameters[i], name) == 0)
			return (true);
	}
	return (false);
}

static void
check_inbox(const struct checker *c)
{
	const struct statement	*statement;
	const struct inbox	*inbox;
	size_t			 i;

	if ((inbox = c->loaded->plugin->inbox) == NULL)
		return;
	statement = inbox->run == NULL ? NULL :
	    registry_statement(c->loaded, inbox->run);
	if (statement == NULL) {
		complain(c, FINDING_REFERENCE, "statement \"%s\" of mail",
		    inbox->run == NULL ? "" : inbox->run);
		return;
	}
	for (i = 0; i < statement->parameter_count; i++) {
		if (!inbox_has(c, statement->parameters[i]))
			complain(c, FINDING_REFERENCE,
			    "parameter :%s of \"%s\" is none of a mail's",
			    statement->parameters[i], inbox->run);
	}
}

static void
check_rights(const struct checker *c)
{
	const char *const	*right;

	right = c->loaded->plugin->permissions;
	for (; right != NULL && *right != NULL; right++) {
		if (words_right(c->arena, c->registry, arena_format(c->arena,
		    "%s.%s", RIGHTS_OF(c->loaded->plugin->name), *right),
		    "de") == NULL)
			complain(c, FINDING_REQUIRED, "text right.%s", *right);
	}
}

/* A path of one of the plugin's routes, up to a parameter. */
static bool
subject_is_met(const struct plugin *plugin, const struct subject *subject)
{
	const struct route	*route;

	for (route = plugin->routes; route != NULL &&
	    route->method != METHOD_END; route++) {
		if (route->path != NULL && mount_side(route) == ROUTER_OFFICE &&
		    words_subject(plugin, route->path) == subject)
			return (true);
	}
	return (false);
}

static void
check_subjects(const struct checker *c)
{
	const struct subject	*subject;
	size_t			 len;

	subject = c->loaded->plugin->subjects;
	for (; subject != NULL && subject->path != NULL; subject++) {
		len = strlen(subject->path);
		if (len == 0 || subject->path[len - 1] != '}' ||
		    !subject_is_met(c->loaded->plugin, subject))
			complain(c, FINDING_REFERENCE, "subject \"%s\": the "
			    "beginning of an office route's path, up to a "
			    "{parameter}", subject->path);
		if ((subject->table == NULL) != (subject->name == NULL) ||
		    (subject->table == NULL && subject->screen != NULL))
			complain(c, FINDING_REQUIRED, "subject \"%s\": .table "
			    "and .name come together, .screen with them",
			    subject->path);
		if (subject->text == NULL || message_get(c->loaded->messages,
		    "de", words_subject_key(c->arena, subject)) == NULL)
			complain(c, FINDING_REQUIRED, "text subject.%s",
			    subject->text == NULL ? "" : subject->text);
	}
}

static void
check_plugin(struct checker *c)
{
	check_rights(c);
	check_subjects(c);
	check_inbox(c);
	check_problems(c);
	check_schedules(c);
	check_personal_data(c);
}

void
conformance_check(const struct registry *registry, struct findings *findings)
{
	struct checker	c = { .registry = registry, .findings = findings };
	struct mounted	at = { NULL, NULL, NULL };
	size_t		i, topics;

	c.arena = arena_new(0);
	c.shapes = arena_alloc(c.arena, (mount_count(registry) + 1) *
	    sizeof(*c.shapes));
	while (mount_next(registry, &at)) {
		c.loaded = at.loaded;
		c.mount = at.mount;
		c.route = at.route;
		check_route(&c);
		check_duplicates(&c);
	}
	c.mount = NULL;
	c.route = NULL;
	for (i = 0; i < registry->count; i++) {
		c.loaded = &registry->plugins[i];
		check_plugin(&c);
	}
	c.loaded = &registry->plugins[0];
	(void)mount_topics(c.arena, registry, &topics);
	if (topics > TOPICS_MAX)
		complain(&c, FINDING_CONFLICT,
		    "%zu topics of all plugins together, at most %d", topics,
		    TOPICS_MAX);
	arena_free(c.arena);
}
