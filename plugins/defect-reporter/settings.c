/* SPDX-License-Identifier: EUPL-1.2 */
/* The settings' tables and the check that they fit together. */

#include <string.h>

#include "settings.h"

#define ANSWER_SIZE	sizeof(struct field_list)	/* the largest type */
#define ANSWER_TEXT_MAX	500
#define GRAPH_MAX	(128 * 1024)	/* 40 statuses with 40 next ones */
#define TEMPLATES_MAX	(1024 * 1024)	/* as large as a city's file */

static const char *const question_kinds[] = {
	"text", "choice", "choices", "bool", "number", NULL
};

static const char *const service_types[] = {
	"realtime", "batch", "blackbox", NULL
};

static const char *const stage_kinds[] = {
	"open", "closed", "rejected", NULL
};

static const char *const deadline_kinds[] = { "working", "calendar", NULL };

static const char *const answer_modes[] = { "direct", "released", NULL };

/* ticket_templates fills them in. */
static const char *const placeholders[] = {
	"{number}", "{category}", "{city}", "{street}", NULL
};

static const struct field deadline_fields[] = {
	FIELD_INT(struct deadline, days, .min = 1, .max = 1000,
	    .required = true, .says = "days from the day it came"),
	FIELD_CHOICE(struct deadline, kind, .choices = deadline_kinds,
	    .otherwise = "working",
	    .says = "without weekends and holidays in NRW, or all days"),
	FIELD_END
};

static const struct field template_fields[] = {
	FIELD_TEXT(struct template, code, .format = FIELD_FORMAT_CODE,
	    .max = 40, .required = true, .says = "name in the API"),
	FIELD_TEXT(struct template, name, .format = FIELD_FORMAT_LINE,
	    .max = 80, .required = true, .says = "name as staff read it"),
	FIELD_TEXT(struct template, text, .min = 1, .max = 4000,
	    .multiline = true, .required = true,
	    .says = "text with {number}, {category}, {city}, {street}"),
	FIELD_LIST(struct template, categories, .format = FIELD_FORMAT_CODE,
	    .max = 100, .says = "categories it is for; all otherwise"),
	FIELD_END
};

static const struct field question_fields[] = {
	FIELD_TEXT(struct question, code, .format = FIELD_FORMAT_CODE,
	    .max = 40, .required = true, .says = "name of the answer"),
	FIELD_TEXT(struct question, ask, .format = FIELD_FORMAT_LINE,
	    .max = 200, .required = true, .says = "what the citizen is asked"),
	FIELD_CHOICE(struct question, kind, .choices = question_kinds,
	    .otherwise = "text", .says = "what an answer looks like"),
	FIELD_LIST(struct question, choices, .format = FIELD_FORMAT_LINE,
	    .max = 30,
	    .says = "answers to choose one (choice) or several (choices) of"),
	FIELD_BOOL(struct question, required, .otherwise = "false",
	    .says = "whether a report needs this answer"),
	FIELD_LIST(struct question, stops, .format = FIELD_FORMAT_LINE,
	    .max = 30, .says = "answers with which no report is taken, because "
	    "somebody has to be called at once: some of the choices, or true"),
	FIELD_TEXT(struct question, stop_text, .max = 300,
	    .says = "who is to be called then, and what to do until they come"),
	FIELD_END
};

static const struct field category_fields[] = {
	FIELD_TEXT(struct category, code, .format = FIELD_FORMAT_CODE,
	    .max = 40, .required = true,
	    .says = "name in the API; reports keep it, so it should not change"),
	FIELD_TEXT(struct category, name, .format = FIELD_FORMAT_LINE,
	    .max = 80, .required = true, .says = "name as citizens read it"),
	FIELD_TEXT(struct category, group, .format = FIELD_FORMAT_LINE,
	    .max = 80, .says = "heading under which it is listed"),
	FIELD_TEXT(struct category, department, .format = FIELD_FORMAT_CODE,
	    .says = "department that works on it; the first one otherwise"),
	FIELD_TEXT(struct category, body, .format = FIELD_FORMAT_CODE,
	    .says = "outside body that it is usually forwarded to"),
	FIELD_TEXT(struct category, hint, .max = 500, .multiline = true,
	    .says = "what to know before reporting"),
	FIELD_TEXT(struct category, danger, .max = 300,
	    .says = "when to telephone instead"),
	FIELD_CHOICE(struct category, type, .choices = service_types,
	    .otherwise = "realtime", .says = "what other software gets for a "
	    "report: its id at once, a token until staff looked at it, or "
	    "nothing (Open311)"),
	FIELD_OBJECT(struct category, deadline, .fields = deadline_fields,
	    .says = "until when a report should be done"),
	FIELD_LIST(struct category, keywords, .format = FIELD_FORMAT_LINE,
	    .max = 30, .says = "what else people call it, for searching"),
	FIELD_LIST(struct category, questions, .fields = question_fields,
	    .max = 20, .says = "what is asked besides the text"),
	FIELD_END
};

static const struct field stage_fields[] = {
	FIELD_TEXT(struct stage, code, .format = FIELD_FORMAT_CODE,
	    .max = 40, .required = true, .says = "name in the API"),
	FIELD_TEXT(struct stage, name, .format = FIELD_FORMAT_LINE,
	    .max = 80, .required = true, .says = "name as citizens read it"),
	FIELD_CHOICE(struct stage, kind, .choices = stage_kinds,
	    .required = true, .says = "whether work goes on"),
	FIELD_LIST(struct stage, next, .format = FIELD_FORMAT_CODE,
	    .max = 40, .says = "statuses that may follow"),
	FIELD_END
};

const struct field settings_fields[] = {
	FIELD_LIST(struct settings, categories, .fields = category_fields,
	    .min = 1, .max = 100, .required = true, .shown = true,
	    .says = "what can be reported, in the order it is shown"),
	FIELD_LIST(struct settings, statuses, .fields = stage_fields,
	    .min = 1, .max = 40, .required = true, .shown = true,
	    .says = "the status graph"),
	FIELD_TEXT(struct settings, initial, .format = FIELD_FORMAT_CODE,
	    .required = true, .shown = true,
	    .says = "status of a new report"),
	FIELD_TEXT(struct settings, forwarded, .format = FIELD_FORMAT_CODE,
	    .otherwise = "forwarded",
	    .says = "status a forwarded report gets where the graph allows it"),
	FIELD_INT(struct settings, photos_max, .min = 0, .max = 5,
	    .otherwise = "5", .shown = true, .says = "photos of a report"),
	FIELD_INT(struct settings, text_max, .min = 10, .max = 4000,
	    .otherwise = "4000", .shown = true,
	    .says = "characters of a report's text"),
	FIELD_INT(struct settings, nearby_metres, .min = 1, .max = 500,
	    .otherwise = "50", .shown = true,
	    .says = "metres within which a report is near another"),
	FIELD_INT(struct settings, first_look_days, .min = 0, .max = 60,
	    .otherwise = "0", .shown = true,
	    .says = "working days until staff look at a new report, as citizens "
	    "are told; 0: nothing is promised"),
	FIELD_INT(struct settings, contact_keep_days, .min = 1, .max = 3650,
	    .otherwise = "90",
	    .says = "days after closing until contact data are erased"),
	FIELD_INT(struct settings, reopen_days, .min = 0, .max = 365,
	    .otherwise = "14", .shown = true,
	    .says = "days after closing in which the sender may say that it is "
	    "not done; 0: none"),
	FIELD_INT(struct settings, forward_days, .min = 1, .max = 365,
	    .otherwise = "28",
	    .says = "days in which an outside body's link opens something"),
	FIELD_COMPUTED(struct settings, mail_rules),
	FIELD_TEXT(struct settings, mail_category,
	    .format = FIELD_FORMAT_CODE, .says = "category of a report that "
	    "came by mail, until staff know better; otherwise the last one"),
	FIELD_CHOICE(struct settings, answers, .choices = answer_modes,
	    .otherwise = "direct",
	    .says = "public answers: at once, or when somebody released them"),
	FIELD_LIST(struct settings, answer_templates,
	    .fields = template_fields, .max = 200,
	    .says = "answers to begin with, in the order they are offered"),
	/* Derived, for statements. */
	FIELD_COMPUTED(struct settings, graph),
	FIELD_COMPUTED(struct settings, open),
	FIELD_COMPUTED(struct settings, deadlines),
	FIELD_END
};

const struct category *
settings_category(const struct settings *settings, const char *code)
{
	size_t	i;

	for (i = 0; i < settings->categories.count; i++) {
		if (strcmp(settings->categories.items[i].code, code) == 0)
			return (&settings->categories.items[i]);
	}

	return (NULL);
}

const struct stage *
settings_stage(const struct settings *settings, const char *code)
{
	size_t	i;

	for (i = 0; i < settings->statuses.count; i++) {
		if (strcmp(settings->statuses.items[i].code, code) == 0)
			return (&settings->statuses.items[i]);
	}

	return (NULL);
}

static bool
question_stops(const struct question *question, const struct node *answer)
{
	const struct node	*item;
	const char		*text;
	size_t			 i;

	if (answer == NULL)
		return (false);
	if (answer->kind == NODE_LIST) {
		for (item = answer->first; item != NULL; item = item->next) {
			if (question_stops(question, item))
				return (true);
		}
		return (false);
	}
	if (answer->kind == NODE_BOOL)
		text = answer->boolean ? "true" : "false";
	else
		text = answer->text;
	for (i = 0; text != NULL && i < question->stops.count; i++) {
		if (strcmp(question->stops.items[i], text) == 0)
			return (true);
	}

	return (false);
}

const struct question *
settings_stop(const struct category *category, const struct node *answers)
{
	const struct question	*question;
	size_t			 i;

	if (answers == NULL || answers->kind != NODE_MAP)
		return (NULL);
	for (i = 0; i < category->questions.count; i++) {
		question = &category->questions.items[i];
		if (question_stops(question, node_get(answers, question->code)))
			return (question);
	}

	return (NULL);
}

static const struct node *
node_at(const struct node *list, size_t index)
{
	const struct node	*item;

	item = list != NULL ? list->first : NULL;
	while (item != NULL && index-- > 0)
		item = item->next;

	return (item);
}

/* Where list[index].key stands, or the item when it has no such key. */
static const struct node *
node_in_list(const struct node *list, size_t index, const char *key)
{
	const struct node	*item, *value;

	item = node_at(list, index);
	value = node_get(item, key);

	return (value != NULL ? value : item);
}

/* Every answer that stops is one that can be given, and says what to do. */
static void
stops_check(const struct settings_check *check,
    const struct question *question, const struct node *item,
    const char *pointer)
{
	const struct node	*list;
	const char		*at, *answer;
	size_t			 i, j;
	bool			 found;

	list = node_get(item, "stops");
	for (i = 0; i < question->stops.count; i++) {
		answer = question->stops.items[i];
		found = strcmp(question->kind, "bool") == 0 &&
		    (strcmp(answer, "true") == 0 ||
		    strcmp(answer, "false") == 0);
		for (j = 0; j < question->choices.count; j++)
			found = found ||
			    strcmp(question->choices.items[j], answer) == 0;
		at = arena_format(check->arena, "%s/stops/%zu", pointer, i);
		if (!found)
			settings_finding(check, node_at(list, i), at,
			    FINDING_REFERENCE, answer);
	}
	if (question->stops.count > 0 && question->stop_text == NULL)
		settings_finding(check, item, arena_format(check->arena,
		    "%s/stop_text", pointer), FINDING_REQUIRED, "");
	if (question->stops.count == 0 && question->stop_text != NULL)
		settings_finding(check, item, arena_format(check->arena,
		    "%s/stops", pointer), FINDING_REQUIRED, "");
}

static void
questions_check(const struct settings_check *check,
    const struct category *category, const struct node *list,
    const char *pointer)
{
	const struct question	*question;
	const struct node	*item;
	const char		*at;
	size_t			 i, j;
	bool			 choice;

	for (i = 0; i < category->questions.count; i++) {
		question = &category->questions.items[i];
		item = node_at(list, i);
		at = arena_format(check->arena, "%s/questions/%zu", pointer, i);
		for (j = 0; j < i; j++) {
			if (strcmp(category->questions.items[j].code,
			    question->code) == 0)
				settings_finding(check, node_get(item, "code"),
				    arena_format(check->arena, "%s/code", at),
				    FINDING_DUPLICATE, "");
		}
		choice = strncmp(question->kind, "choice",
		    strlen("choice")) == 0;
		if (choice && question->choices.count == 0)
			settings_finding(check, item,
			    arena_format(check->arena, "%s/choices", at),
			    FINDING_REQUIRED, "");
		if (!choice && question->choices.count > 0)
			settings_finding(check, node_get(item, "choices"),
			    arena_format(check->arena, "%s/choices", at),
			    FINDING_CONFLICT, "kind");
		stops_check(check, question, item, at);
	}
}

static const char *const *
choices_new(struct arena *arena, const struct question *question)
{
	const char	**choices;
	size_t		  i, count;

	count = question->choices.count;
	choices = arena_alloc(arena, (count + 1) * sizeof(*choices));
	for (i = 0; i < count; i++)
		choices[i] = question->choices.items[i];

	return (choices);
}

/*
 * The table for a category's answers, made of its questions, so that
 * field_check() reads them like any other input. Members lie ANSWER_SIZE
 * apart in a struct that has no name.
 */
static const struct field *
answers_new(struct arena *arena, const struct category *category)
{
	const struct question	*question;
	struct field		*fields;
	size_t			 i, count;

	count = category->questions.count;
	fields = arena_alloc(arena, (count + 1) * sizeof(*fields));
	for (i = 0; i < count; i++) {
		question = &category->questions.items[i];
		fields[i].name = question->code;
		fields[i].offset = i * ANSWER_SIZE;
		fields[i].within = count * ANSWER_SIZE;
		fields[i].required = question->required;
		fields[i].says = question->ask;
		if (strcmp(question->kind, "bool") == 0) {
			fields[i].type = FIELD_TYPE_BOOL;
		} else if (strcmp(question->kind, "number") == 0) {
			fields[i].type = FIELD_TYPE_NUMBER;
		} else if (strcmp(question->kind, "choice") == 0) {
			fields[i].type = FIELD_TYPE_CHOICE;
			fields[i].choices = choices_new(arena, question);
		} else if (strcmp(question->kind, "choices") == 0) {
			fields[i].type = FIELD_TYPE_LIST;
			fields[i].item = sizeof(const char *);
			fields[i].min = question->required ? 1 : 0;
			fields[i].max = (double)question->choices.count;
			fields[i].choices = choices_new(arena, question);
		} else {
			fields[i].type = FIELD_TYPE_TEXT;
			fields[i].max = ANSWER_TEXT_MAX;
			fields[i].multiline = true;
		}
	}

	return (fields);
}

static void
category_check(const struct settings_check *check,
    const struct settings *settings, size_t index)
{
	struct category		*category;
	const struct node	*list;
	const char		*at;

	list = node_get(check->node, "categories");
	category = &settings->categories.items[index];
	at = arena_format(check->arena, "/categories/%zu", index);
	if (settings_category(settings, category->code) != category)
		settings_finding(check, node_in_list(list, index, "code"),
		    arena_format(check->arena, "%s/code", at),
		    FINDING_DUPLICATE, "");
	if (category->department == NULL)
		category->department =
		    tenant_first_department(check->tenant)->code;
	else if (tenant_department(check->tenant, category->department) == NULL)
		settings_finding(check,
		    node_in_list(list, index, "department"),
		    arena_format(check->arena, "%s/department", at),
		    FINDING_REFERENCE, category->department);
	if (category->body != NULL &&
	    tenant_outside_body(check->tenant, category->body) == NULL)
		settings_finding(check, node_in_list(list, index, "body"),
		    arena_format(check->arena, "%s/body", at),
		    FINDING_REFERENCE, category->body);
	questions_check(check, category,
	    node_get(node_at(list, index), "questions"), at);
	category->answers = answers_new(check->arena, category);
}

static void
stage_check(const struct settings_check *check,
    const struct settings *settings, size_t index)
{
	const struct stage	*stage;
	const struct node	*list, *next;
	const char		*at;
	size_t			 i;

	list = node_get(check->node, "statuses");
	stage = &settings->statuses.items[index];
	at = arena_format(check->arena, "/statuses/%zu", index);
	if (settings_stage(settings, stage->code) != stage)
		settings_finding(check, node_in_list(list, index, "code"),
		    arena_format(check->arena, "%s/code", at),
		    FINDING_DUPLICATE, "");
	next = node_get(node_at(list, index), "next");
	for (i = 0; i < stage->next.count; i++) {
		if (settings_stage(settings, stage->next.items[i]) == NULL)
			settings_finding(check, node_at(next, i),
			    arena_format(check->arena, "%s/next/%zu", at, i),
			    FINDING_REFERENCE, stage->next.items[i]);
	}
}

const char *
settings_placeholder(struct arena *arena, const char *text, bool known)
{
	const char *const	*name;
	size_t			 len;

	for (; text != NULL && (text = strchr(text, '{')) != NULL; text++) {
		len = strcspn(text, "} \n");
		if (text[len] != '}')
			continue;
		for (name = placeholders; *name != NULL; name++) {
			if (strlen(*name) == len + 1 &&
			    strncmp(text, *name, len + 1) == 0)
				break;
		}
		if ((*name != NULL) == known)
			return (arena_copy(arena, text, len + 1));
	}

	return (NULL);
}

static void
template_check(const struct settings_check *check,
    const struct settings *settings, size_t index)
{
	const struct template	*template;
	const struct node	*list, *categories;
	const char		*at, *wrong;
	size_t			 i;

	list = node_get(check->node, "answer_templates");
	template = &settings->answer_templates.items[index];
	at = arena_format(check->arena, "/answer_templates/%zu", index);
	for (i = 0; i < index; i++) {
		if (strcmp(settings->answer_templates.items[i].code,
		    template->code) == 0)
			settings_finding(check,
			    node_in_list(list, index, "code"),
			    arena_format(check->arena, "%s/code", at),
			    FINDING_DUPLICATE, "");
	}
	wrong = settings_placeholder(check->arena, template->text, false);
	if (wrong != NULL)
		settings_finding(check, node_in_list(list, index, "text"),
		    arena_format(check->arena, "%s/text", at),
		    FINDING_REFERENCE, wrong);
	categories = node_get(node_at(list, index), "categories");
	for (i = 0; i < template->categories.count; i++) {
		if (settings_category(settings,
		    template->categories.items[i]) == NULL)
			settings_finding(check, node_at(categories, i),
			    arena_format(check->arena, "%s/categories/%zu", at,
			    i), FINDING_REFERENCE,
			    template->categories.items[i]);
	}
}

static const char *
labels_new(struct arena *arena, const struct settings *settings)
{
	struct json	json;
	size_t		i;

	json_init(&json, arena, GRAPH_MAX);
	json_open_object(&json, NULL);
	for (i = 0; i < settings->categories.count; i++)
		json_text(&json, settings->categories.items[i].code,
		    settings->categories.items[i].name);
	json_close(&json);

	return (json_finish(&json, NULL));
}

static const char *
deadlines_new(struct arena *arena, const struct settings *settings)
{
	const struct category	*category;
	struct json		 json;
	size_t			 i;

	json_init(&json, arena, GRAPH_MAX);
	json_open_object(&json, NULL);
	for (i = 0; i < settings->categories.count; i++) {
		category = &settings->categories.items[i];
		if (category->deadline.days == 0)
			continue;
		json_open_object(&json, category->code);
		json_int(&json, "days", category->deadline.days);
		json_text(&json, "kind", category->deadline.kind);
		json_close(&json);
	}
	json_close(&json);

	return (json_finish(&json, NULL));
}

static const char *
templates_new(struct arena *arena, const struct settings *settings)
{
	const struct template	*template;
	struct json		 json;
	size_t			 i, j;

	json_init(&json, arena, TEMPLATES_MAX);
	json_open_array(&json, NULL);
	for (i = 0; i < settings->answer_templates.count; i++) {
		template = &settings->answer_templates.items[i];
		json_open_object(&json, NULL);
		json_text(&json, "code", template->code);
		json_text(&json, "name", template->name);
		json_text(&json, "text", template->text);
		if (template->categories.count > 0)
			json_open_array(&json, "categories");
		for (j = 0; j < template->categories.count; j++)
			json_text(&json, NULL, template->categories.items[j]);
		if (template->categories.count > 0)
			json_close(&json);
		json_close(&json);
	}
	json_close(&json);

	return (json_finish(&json, NULL));
}

static const char *
names_new(struct arena *arena, const struct settings *settings)
{
	struct json	json;
	size_t		i;

	json_init(&json, arena, GRAPH_MAX);
	json_open_object(&json, NULL);
	for (i = 0; i < settings->statuses.count; i++)
		json_text(&json, settings->statuses.items[i].code,
		    settings->statuses.items[i].name);
	json_close(&json);

	return (json_finish(&json, NULL));
}

/* A blackbox service is told things and tells nothing. */
static const char *
services_new(struct arena *arena, const struct settings *settings)
{
	const struct category	*category;
	struct json		 json;
	size_t			 i;

	json_init(&json, arena, GRAPH_MAX);
	json_open_object(&json, NULL);
	for (i = 0; i < settings->categories.count; i++) {
		category = &settings->categories.items[i];
		if (strcmp(category->type, "blackbox") == 0)
			continue;
		json_open_object(&json, category->code);
		json_text(&json, "name", category->name);
		json_text(&json, "notice", category->danger);
		json_close(&json);
	}
	json_close(&json);

	return (json_finish(&json, NULL));
}

/* What a report that came by mail begins with. */
static const char *
mail_rules_new(struct arena *arena, const struct settings *settings)
{
	const struct category	*category;
	struct json		 json;

	category = settings_category(settings, settings->mail_category == NULL ?
	    "" : settings->mail_category);
	if (category == NULL)
		return (NULL);
	json_init(&json, arena, GRAPH_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "category", category->code);
	json_text(&json, "department", category->department);
	json_text(&json, "outside", category->body);
	json_text(&json, "initial", settings->initial);
	json_int(&json, "photos_max", settings->photos_max);
	if (settings->deadlines != NULL)
		json_raw(&json, "deadlines", settings->deadlines,
		    strlen(settings->deadlines));
	json_close(&json);

	return (json_finish(&json, NULL));
}

/* Codes are letters, digits and hyphens: nothing to quote in text[]. */
static void
settings_derive(struct arena *arena, struct settings *settings)
{
	const struct stage	*stage;
	struct json		 json;
	struct buf		 open;
	size_t			 i, j;

	json_init(&json, arena, GRAPH_MAX);
	buf_init(&open, arena, GRAPH_MAX);
	json_open_object(&json, NULL);
	buf_char(&open, '{');
	for (i = 0; i < settings->statuses.count; i++) {
		stage = &settings->statuses.items[i];
		json_open_object(&json, stage->code);
		json_text(&json, "kind", stage->kind);
		json_open_array(&json, "next");
		for (j = 0; j < stage->next.count; j++)
			json_text(&json, NULL, stage->next.items[j]);
		json_close(&json);
		json_close(&json);
		if (strcmp(stage->kind, "open") == 0)
			buf_format(&open, "%s%s", open.len > 1 ? "," : "",
			    stage->code);
	}
	json_close(&json);
	buf_char(&open, '}');
	settings->graph = json_finish(&json, NULL);
	settings->open = buf_finish(&open, NULL);
	settings->labels = labels_new(arena, settings);
	settings->services = services_new(arena, settings);
	settings->names = names_new(arena, settings);
	settings->photos_text = arena_format(arena, "%d",
	    (int)settings->photos_max);
	settings->nearby_text = arena_format(arena, "%d",
	    (int)settings->nearby_metres);
	settings->keep_text = arena_format(arena, "%d",
	    (int)settings->contact_keep_days);
	settings->forward_text = arena_format(arena, "%d",
	    (int)settings->forward_days);
	settings->deadlines = deadlines_new(arena, settings);
	settings->templates = templates_new(arena, settings);
	settings->mail_rules = mail_rules_new(arena, settings);
}

enum status
settings_check(const struct settings_check *check, void *data)
{
	struct settings		*settings = data;
	const struct stage	*initial;
	size_t			 i, before;

	before = check->findings->count;
	for (i = 0; i < settings->categories.count; i++)
		category_check(check, settings, i);
	for (i = 0; i < settings->statuses.count; i++)
		stage_check(check, settings, i);

	for (i = 0; i < settings->answer_templates.count; i++)
		template_check(check, settings, i);

	initial = settings_stage(settings, settings->initial);
	if (initial == NULL)
		settings_finding(check, node_get(check->node, "initial"),
		    "/initial", FINDING_REFERENCE, settings->initial);
	else if (strcmp(initial->kind, "open") != 0)
		settings_finding(check, node_get(check->node, "initial"),
		    "/initial", FINDING_CONFLICT, "kind is not open");

	if (settings->mail_category == NULL && settings->categories.count > 0)
		settings->mail_category = settings->categories.items[
		    settings->categories.count - 1].code;
	else if (settings->mail_category != NULL &&
	    settings_category(settings, settings->mail_category) == NULL)
		settings_finding(check, node_get(check->node,
		    "mail_category"), "/mail_category", FINDING_REFERENCE,
		    settings->mail_category);

	settings_derive(check->arena, settings);

	return (check->findings->count == before ? STATUS_OK : STATUS_INVALID);
}
