/* SPDX-License-Identifier: EUPL-1.2 */
/* Input of the office's routes. */

#include <string.h>

#include "hooks.h"

struct office_list {
	const char	*status;
	const char	*category;
	const char	*department;
	const char	*release;
};

struct release {
	const char	*text;
	int64_t		 version;
};

struct reject {
	const char	*reason;
	int64_t		 version;
};

struct transition {
	const char	*status;
	const char	*text;
	int64_t		 version;
};

struct answer {
	const char	*text;
	int64_t		 version;
};

static const char *const releases[] = {
	"pending", "released", "rejected", NULL
};

const struct field office_filter[] = {
	FIELD_TEXT(struct office_list, status, .format = FIELD_FORMAT_CODES,
	    .max = 1000, .says = "only these statuses"),
	FIELD_TEXT(struct office_list, category, .format = FIELD_FORMAT_CODES,
	    .max = 1000, .says = "only these categories"),
	FIELD_TEXT(struct office_list, department,
	    .format = FIELD_FORMAT_CODES, .max = 1000,
	    .says = "only these departments"),
	FIELD_CHOICE(struct office_list, release, .choices = releases,
	    .says = "only those in this state of release"),
	FIELD_END
};

const struct field release_fields[] = {
	FIELD_TEXT(struct release, text, .min = 1, .max = 4000,
	    .multiline = true,
	    .says = "what is published; the sender's text otherwise"),
	VERSION_FIELD(struct release),
	FIELD_END
};

const struct field reject_fields[] = {
	FIELD_TEXT(struct reject, reason, .min = 1, .max = 1000,
	    .multiline = true, .required = true,
	    .says = "why it is not published; the sender reads it"),
	VERSION_FIELD(struct reject),
	FIELD_END
};

const struct field status_fields[] = {
	FIELD_TEXT(struct transition, status, .format = FIELD_FORMAT_CODE,
	    .required = true, .says = "a status that may follow"),
	FIELD_TEXT(struct transition, text, .min = 1, .max = 4000,
	    .multiline = true, .says = "public answer that goes with it"),
	VERSION_FIELD(struct transition),
	FIELD_END
};

const struct field answer_fields[] = {
	FIELD_TEXT(struct answer, text, .min = 1, .max = 4000,
	    .multiline = true, .required = true, .says = "public answer"),
	VERSION_FIELD(struct answer),
	FIELD_END
};

static const char *
stage_codes(struct arena *arena, const struct settings *settings)
{
	struct buf	codes;
	size_t		i;

	buf_init(&codes, arena, 8192);
	for (i = 0; i < settings->statuses.count; i++)
		buf_format(&codes, "%s%s", i > 0 ? ", " : "",
		    settings->statuses.items[i].code);

	return (buf_finish(&codes, NULL));
}

enum status
status_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	const struct transition	*transition = exchange_body(exchange);

	if (settings_stage(settings, transition->status) == NULL) {
		exchange_finding(exchange, "/status", FINDING_CHOICE,
		    stage_codes(exchange_arena(exchange), settings));
		return (STATUS_INVALID);
	}

	return (STATUS_OK);
}

enum status
status_check(struct exchange *exchange)
{
	const struct transition	*transition = exchange_body(exchange);

	return (answer_text_check(exchange, transition->text));
}

enum status
answer_check(struct exchange *exchange)
{
	const struct answer	*answer = exchange_body(exchange);

	return (answer_text_check(exchange, answer->text));
}
