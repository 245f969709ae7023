/* SPDX-License-Identifier: EUPL-1.2 */
/* Input of the citizens' routes. */

#include <string.h>

#include "hooks.h"

#define EMERGENCY_MAX	4096	/* a code and 300 characters, escaped */

struct position {
	double	lat;
	double	lon;
};

struct report {
	const char		*category;
	struct position		 position;
	const char		*text;
	const struct node	*answers;
	struct sealed		 contact;
	bool			 consent_forward;
	const char		*department;
	const char		*outside;
	const char		*initial;
	const char		*deadlines;
};

struct filter {
	const char	*status;
	const char	*category;
	const char	*bbox;
	const char	*since;
};

struct nearby {
	double		 lat;
	double		 lon;
	int64_t		 metres;
	const char	*radius;
	const char	*open;
};

struct photo {
	const char	*media_type;
	const char	*photos_max;
	const char	*open;
};

static const struct field position_fields[] = {
	FIELD_NUMBER(struct position, lat, .min = -90, .max = 90,
	    .required = true, .says = "latitude in degrees, WGS 84"),
	FIELD_NUMBER(struct position, lon, .min = -180, .max = 180,
	    .required = true, .says = "longitude in degrees, WGS 84"),
	FIELD_END
};

const struct field report_fields[] = {
	FIELD_TEXT(struct report, category, .format = FIELD_FORMAT_CODE,
	    .required = true, .says = "code of one of the city's categories"),
	FIELD_OBJECT(struct report, position, .fields = position_fields,
	    .required = true, .says = "where it is"),
	FIELD_TEXT(struct report, text, .min = 10, .max = 4000,
	    .multiline = true, .required = true, .says = "what it is"),
	FIELD_ANY(struct report, answers,
	    .says = "answers to the category's questions, by their codes"),
	FIELD_SEALED(struct report, contact, .fields = contact_fields,
	    .says = "for questions; only staff can read it"),
	FIELD_BOOL(struct report, consent_forward, .otherwise = "false",
	    .says = "whether the contact may go along to an outside body"),
	FIELD_COMPUTED(struct report, department),
	FIELD_COMPUTED(struct report, outside),
	FIELD_COMPUTED(struct report, initial),
	FIELD_COMPUTED(struct report, deadlines),
	FIELD_END
};

#define FILTER_STATUS							\
	FIELD_TEXT(struct filter, status, .format = FIELD_FORMAT_CODES,	\
	    .max = 1000, .says = "only these statuses")
#define FILTER_CATEGORY							\
	FIELD_TEXT(struct filter, category, .format = FIELD_FORMAT_CODES, \
	    .max = 1000, .says = "only these categories")
#define FILTER_BBOX							\
	FIELD_TEXT(struct filter, bbox, .format = FIELD_FORMAT_BBOX,	\
	    .says = "only inside west,south,east,north")

const struct field map_filter[] = {
	FILTER_STATUS,
	FILTER_CATEGORY,
	FILTER_BBOX,
	FIELD_END
};

const struct field report_filter[] = {
	FILTER_STATUS,
	FILTER_CATEGORY,
	FILTER_BBOX,
	FIELD_TEXT(struct filter, since, .format = FIELD_FORMAT_TIME,
	    .says = "only those received then or later"),
	FIELD_END
};

const struct field nearby_query[] = {
	FIELD_NUMBER(struct nearby, lat, .min = -90, .max = 90,
	    .required = true, .says = "latitude in degrees, WGS 84"),
	FIELD_NUMBER(struct nearby, lon, .min = -180, .max = 180,
	    .required = true, .says = "longitude in degrees, WGS 84"),
	FIELD_INT(struct nearby, metres, .min = 1, .max = 500,
	    .says = "radius; the city's nearby_metres otherwise"),
	FIELD_COMPUTED(struct nearby, radius),
	FIELD_COMPUTED(struct nearby, open),
	FIELD_END
};

const struct field photo_query[] = {
	FIELD_COMPUTED(struct photo, media_type),
	FIELD_COMPUTED(struct photo, photos_max),
	FIELD_COMPUTED(struct photo, open),
	FIELD_END
};

/* Characters of valid UTF-8: bytes that do not continue one. */
static size_t
text_length(const char *text)
{
	size_t	count;

	for (count = 0; *text != '\0'; text++) {
		if (((unsigned char)*text & 0xc0) != 0x80)
			count++;
	}

	return (count);
}

const char *
category_codes(struct arena *arena, const struct settings *settings)
{
	struct buf	codes;
	size_t		i;

	buf_init(&codes, arena, 8192);
	for (i = 0; i < settings->categories.count; i++)
		buf_format(&codes, "%s%s", i > 0 ? ", " : "",
		    settings->categories.items[i].code);

	return (buf_finish(&codes, NULL));
}

enum status
answers_check(struct exchange *exchange, const struct category *category,
    const struct node *answers)
{
	struct findings		 findings;
	struct values		 values;
	const struct finding	*finding;
	struct field_context	 ctx = { .arena = exchange_arena(exchange) };

	findings_init(&findings, ctx.arena);
	ctx.findings = &findings;
	if (field_check(&ctx, category->answers, answers, "/answers",
	    &values) == STATUS_OK)
		return (STATUS_OK);
	for (finding = findings.first; finding != NULL; finding = finding->next)
		exchange_finding(exchange, finding->pointer, finding->code,
		    finding->argument);

	return (STATUS_INVALID);
}

enum status
report_check(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	const struct report	*report = exchange_body(exchange);
	const struct category	*category;

	if (report->text != NULL &&
	    text_length(report->text) > (size_t)settings->text_max)
		exchange_finding(exchange, "/text", FINDING_TOO_LONG,
		    arena_format(exchange_arena(exchange), "%d",
		    (int)settings->text_max));
	if (report->category == NULL)
		return (STATUS_INVALID);
	category = settings_category(settings, report->category);
	if (category == NULL) {
		exchange_finding(exchange, "/category", FINDING_CHOICE,
		    category_codes(exchange_arena(exchange), settings));
		return (STATUS_INVALID);
	}

	return (answers_check(exchange, category, report->answers));
}

enum status
emergency_check(struct exchange *exchange, const struct category *category,
    const struct node *answers)
{
	const struct question	*question;
	struct json		 json;

	if ((question = settings_stop(category, answers)) == NULL)
		return (STATUS_OK);
	json_init(&json, exchange_arena(exchange), EMERGENCY_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "question", question->code);
	json_text(&json, "text", question->stop_text);
	json_close(&json);

	return (exchange_refuse(exchange, "emergency",
	    json_finish(&json, NULL)));
}

enum status
report_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct report		*report = exchange_body(exchange);
	const struct category	*category;
	enum status		 status;

	category = settings_category(settings, report->category);
	status = emergency_check(exchange, category, report->answers);
	if (status != STATUS_OK)
		return (status);
	report->department = category->department;
	report->outside = category->body;
	report->initial = settings->initial;
	report->deadlines = settings->deadlines;

	return (STATUS_OK);
}

enum status
nearby_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct nearby		*nearby = exchange_query(exchange);

	nearby->open = settings->open;
	/* 0 is below the field's minimum: it was not given. */
	nearby->radius = nearby->metres == 0 ? settings->nearby_text :
	    arena_format(exchange_arena(exchange), "%d", (int)nearby->metres);

	return (STATUS_OK);
}

enum status
photo_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct photo		*photo = exchange_query(exchange);
	struct bytes		 content = exchange_content(exchange);
	struct image_header	 header;
	enum image_verdict	 verdict;

	verdict = image_header_read(content.at, content.len, &header);
	if (verdict != IMAGE_OK)
		return (exchange_refuse(exchange, image_verdict_text(verdict),
		    NULL));
	/* What it is, whatever the Content-Type header calls it. */
	photo->media_type = image_media_type(header.type);
	photo->photos_max = settings->photos_text;
	photo->open = settings->open;

	return (STATUS_OK);
}
