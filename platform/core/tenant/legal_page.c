/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The pages. What stands on them are texts (legal.<page>.<section>.heading
 * and .1 to .9); here is their order, and what comes from the city's file and
 * from the plugins' declarations.
 */

#include <string.h>

#include "core/document/node_util.h"
#include "core/plugin/personal_data.h"
#include "core/tenant/legal.h"
#include "core/tenant/tenant.h"

#define LEGAL_MAX	(1024u * 1024)
#define TEXT_MAX	16384u
#define LINES_MAX	9

enum form { PARAGRAPHS, LIST };

struct writer {
	struct arena		*arena;
	const struct registry	*registry;
	const struct tenant	*tenant;
	const char		*language;
	const char		*page;
	struct node		*arguments;
	struct json		 json;
};

static const char *
text_get(const struct writer *w, const char *section, const char *part)
{
	return (message_get(w->registry->plugins[0].messages, w->language,
	    arena_format(w->arena, "legal.%s%s%s%s%s", w->page,
	    section == NULL ? "" : ".", section == NULL ? "" : section,
	    part == NULL ? "" : ".", part == NULL ? "" : part)));
}

static void
argument(struct writer *w, const char *name, const char *value)
{
	if (value != NULL)
		node_append(w->arena, w->arguments, name,
		    node_text_new(w->arena, value));
}

static bool
line_is_known(const struct writer *w, const char *line)
{
	const char	*open, *close;

	for (open = strchr(line, '{'); open != NULL;
	    open = strchr(close, '{')) {
		if ((close = strchr(open, '}')) == NULL)
			return (true);
		if (node_get(w->arguments, arena_copy(w->arena, open + 1,
		    (size_t)(close - open) - 1)) == NULL)
			return (false);
	}
	return (true);
}

/* Without the lines that name what is not known; NULL when none is left. */
static const char *
text_fill(const struct writer *w, const char *text)
{
	const char	*line;
	struct buf	 buf;
	size_t		 len;

	buf_init(&buf, w->arena, TEXT_MAX);
	for (; *text != '\0'; text += text[len] == '\n' ? len + 1 : len) {
		len = strcspn(text, "\n");
		line = arena_copy(w->arena, text, len);
		if (len != 0 && line_is_known(w, line))
			buf_format(&buf, "%s%s", buf.len == 0 ? "" : "\n",
			    message_fill(w->arena, line, w->arguments));
	}
	if (buf.len == 0)
		return (NULL);
	return (buf_finish(&buf, NULL));
}

static size_t
lines_fill(const struct writer *w, const char *section, const char **lines)
{
	const char	*text;
	size_t		 i, count;
	char		 part[2] = "1";

	count = 0;
	for (i = 0; i < LINES_MAX; i++, part[0]++) {
		if ((text = text_get(w, section, part)) == NULL)
			break;
		if ((text = text_fill(w, text)) != NULL)
			lines[count++] = text;
	}
	return (count);
}

static void
section_open(struct writer *w, const char *heading)
{
	json_open_object(&w->json, NULL);
	json_text(&w->json, "heading", heading);
}

static void
lines_write(struct writer *w, enum form form, const char *const *lines,
    size_t count, const char *const *more, size_t more_count)
{
	size_t	i;

	json_open_array(&w->json, form == LIST ? "list" : "paragraphs");
	for (i = 0; i < count; i++)
		json_text(&w->json, NULL, lines[i]);
	for (i = 0; i < more_count; i++)
		json_text(&w->json, NULL, more[i]);
	json_close(&w->json);
}

/* A section of texts alone; left out when nothing of it is known. */
static void
section_write(struct writer *w, const char *section, enum form form)
{
	const char	*lines[LINES_MAX], *heading;
	size_t		 count;

	if ((count = lines_fill(w, section, lines)) == 0)
		return;
	heading = text_get(w, section, "heading");
	section_open(w, heading == NULL ? "" : text_fill(w, heading));
	lines_write(w, form, lines, count, NULL, 0);
	json_close(&w->json);
}

static void
page_open(struct writer *w, const char *page)
{
	w->page = page;
	json_open_object(&w->json, page);
	json_text(&w->json, "title", text_get(w, "title", NULL));
	json_open_array(&w->json, "sections");
}

static void
page_close(struct writer *w)
{
	json_close(&w->json);
	json_close(&w->json);
}

static void
imprint_write(struct writer *w)
{
	static const char *const	sections[] = { "provider",
					    "representative", "contact",
					    "vat", "supervision",
					    "responsible", "software", NULL };
	size_t				i;

	page_open(w, "imprint");
	for (i = 0; sections[i] != NULL; i++)
		section_write(w, sections[i], PARAGRAPHS);
	page_close(w);
}

static const struct legal_body *
controller_find(const struct tenant *tenant, enum controller controller)
{
	const char	*code;
	size_t		 i;

	if (controller == CONTROLLER_CITY || tenant->legal == NULL)
		return (NULL);
	code = controller == CONTROLLER_WASTE ? "waste" : "utility";
	for (i = 0; i < tenant->legal->controllers.count; i++) {
		if (strcmp(tenant->legal->controllers.items[i].code,
		    code) == 0)
			return (&tenant->legal->controllers.items[i]);
	}
	return (NULL);
}

/* The city where no other body is named: somebody has to answer. */
static const char *
controller_name(const struct writer *w, enum controller controller)
{
	const struct legal_body	*body;

	if ((body = controller_find(w->tenant, controller)) != NULL)
		return (body->name);
	return (node_text(node_get(w->arguments, "name")));
}

static bool
plugin_is_on(const struct writer *w, size_t number)
{
	const struct personal_data	*data;

	data = w->registry->plugins[number].plugin->personal_data;
	return ((w->tenant->plugins >> number & 1) != 0 && data != NULL &&
	    data->table != NULL);
}

static bool
controller_is_met(const struct writer *w, enum controller controller)
{
	const struct personal_data	*data;
	size_t				 i;

	for (i = 0; i < w->registry->count; i++) {
		if (!plugin_is_on(w, i))
			continue;
		data = w->registry->plugins[i].plugin->personal_data;
		for (; data->table != NULL; data++) {
			if (data->controller == controller)
				return (true);
		}
	}
	return (false);
}

/* A body of its own beside the city, for what its plugins declare. */
static void
controller_write(struct writer *w, enum controller controller,
    const char *section)
{
	const struct legal_body	*body;
	struct node		*city;

	if ((body = controller_find(w->tenant, controller)) == NULL ||
	    !controller_is_met(w, controller))
		return;
	city = w->arguments;
	w->arguments = node_new(w->arena, NODE_MAP);
	argument(w, "name", body->name);
	argument(w, "street", body->street);
	argument(w, "postcode", body->postcode);
	argument(w, "town", body->town);
	argument(w, "email", body->email);
	argument(w, "phone", body->phone);
	argument(w, "officer_email", body->officer);
	section_write(w, section, PARAGRAPHS);
	w->arguments = city;
}

static void
declared_row(struct writer *w, const struct loaded *loaded, size_t number)
{
	const struct personal_data	*data;

	data = &loaded->plugin->personal_data[number];
	json_open_array(&w->json, NULL);
	json_text(&w->json, NULL, personal_data_text(w->arena, loaded, number,
	    "what", w->language));
	json_text(&w->json, NULL, personal_data_text(w->arena, loaded, number,
	    "why", w->language));
	json_text(&w->json, NULL, data->basis);
	json_text(&w->json, NULL, controller_name(w, data->controller));
	json_text(&w->json, NULL, personal_data_keep(w->arena, loaded, number,
	    w->tenant->settings[loaded->index], w->language));
	json_close(&w->json);
}

/* What a plugin keeps of people, as it declares it. */
static void
declared_write(struct writer *w, const struct loaded *loaded)
{
	static const char *const	 columns[] = { "what", "why", "basis",
					    "controller", "keep", NULL };
	const char			*title;
	size_t				 i;

	title = loaded->index == 0 ? text_get(w, "platform", NULL) :
	    message_get(loaded->messages, w->language, "title");
	section_open(w, title == NULL ? loaded->plugin->name : title);
	json_open_object(&w->json, "table");
	json_open_array(&w->json, "columns");
	for (i = 0; columns[i] != NULL; i++)
		json_text(&w->json, NULL, text_get(w, "columns", columns[i]));
	json_close(&w->json);
	json_open_array(&w->json, "rows");
	for (i = 0; loaded->plugin->personal_data[i].table != NULL; i++)
		declared_row(w, loaded, i);
	json_close(&w->json);
	json_close(&w->json);
	json_close(&w->json);
}

static void
privacy_write(struct writer *w)
{
	size_t	i;

	page_open(w, "privacy");
	section_write(w, "controller", PARAGRAPHS);
	section_write(w, "officer", PARAGRAPHS);
	controller_write(w, CONTROLLER_WASTE, "waste");
	controller_write(w, CONTROLLER_UTILITY, "utility");
	section_write(w, "overview", PARAGRAPHS);
	section_write(w, "operation", PARAGRAPHS);
	section_write(w, "on_device", PARAGRAPHS);
	for (i = 0; i < w->registry->count; i++) {
		if (plugin_is_on(w, i))
			declared_write(w, &w->registry->plugins[i]);
	}
	section_write(w, "recipients", PARAGRAPHS);
	section_write(w, "rights", LIST);
	section_write(w, "complaint", PARAGRAPHS);
	page_close(w);
}

static void
gaps_write(struct writer *w)
{
	const struct legal	*legal;
	const char		*lines[LINES_MAX];
	size_t			 count;

	legal = w->tenant->legal;
	count = lines_fill(w, "gaps", lines);
	section_open(w, text_get(w, "gaps", "heading"));
	lines_write(w, LIST, lines, count, legal == NULL ? NULL :
	    (const char *const *)legal->accessibility.gaps.items,
	    legal == NULL ? 0 : legal->accessibility.gaps.count);
	json_close(&w->json);
}

static void
accessibility_write(struct writer *w)
{
	page_open(w, "accessibility");
	section_write(w, "scope", PARAGRAPHS);
	section_write(w, "status", PARAGRAPHS);
	gaps_write(w);
	section_write(w, node_get(w->arguments, "assessed") == NULL ?
	    "unprepared" : "prepared", PARAGRAPHS);
	section_write(w, "feedback", PARAGRAPHS);
	section_write(w, "enforcement", PARAGRAPHS);
	page_close(w);
}

/* "2026-10-01" as it is written in the language. */
static const char *
day_say(const struct writer *w, const char *day)
{
	if (day == NULL || strcmp(w->language, "de") != 0)
		return (day);
	return (arena_format(w->arena, "%.2s.%.2s.%.4s", day + 8, day + 5,
	    day));
}

static void
arguments_of_section(struct writer *w, const struct legal *legal)
{
	argument(w, "name", legal->provider.name);
	argument(w, "street", legal->provider.street);
	argument(w, "postcode", legal->provider.postcode);
	argument(w, "town", legal->provider.town);
	argument(w, "email", legal->provider.email);
	argument(w, "phone", legal->provider.phone);
	argument(w, "represented_by", legal->represented_by);
	argument(w, "vat_id", legal->vat_id);
	argument(w, "supervised_by", legal->supervised_by);
	argument(w, "responsible", legal->responsible);
	argument(w, "officer_name", legal->officer.name);
	argument(w, "officer_email", legal->officer.email);
	argument(w, "officer_phone", legal->officer.phone);
	argument(w, "accessibility_phone", legal->accessibility.phone);
	argument(w, "assessed", day_say(w, legal->accessibility.assessed));
}

static void
arguments_make(struct writer *w)
{
	const struct tenant_file	*file;

	file = &w->tenant->file;
	w->arguments = node_new(w->arena, NODE_MAP);
	argument(w, "city", file->name);
	argument(w, "title", file->title);
	argument(w, "host", file->hosts.items[0]);
	argument(w, "accessibility_email",
	    legal_feedback_address(w->tenant));
	if (w->tenant->legal != NULL) {
		arguments_of_section(w, w->tenant->legal);
		return;
	}
	argument(w, "name", file->name);
	argument(w, "email", file->email);
}

char *
legal_json(struct arena *arena, const struct registry *registry,
    const struct tenant *tenant, const char *language, size_t *len)
{
	const struct messages	*texts = registry->plugins[0].messages;
	struct writer		 w = { .arena = arena, .registry = registry,
				    .tenant = tenant };

	/* A page is in one language; which one, and why, is said. */
	w.language = message_language(texts, language,
	    "legal.privacy.title");
	arguments_make(&w);
	json_init(&w.json, arena, LEGAL_MAX);
	json_open_object(&w.json, NULL);
	json_bool(&w.json, "complete", tenant->legal != NULL);
	json_text(&w.json, "language", w.language);
	json_text(&w.json, "note", strcmp(w.language, language) == 0 ? NULL :
	    message_get(texts, language, "legal.note"));
	imprint_write(&w);
	privacy_write(&w);
	accessibility_write(&w);
	json_text(&w.json, "feedback", "/api/v1/feedback");
	json_close(&w.json);
	return (json_finish(&w.json, len));
}
