/* SPDX-License-Identifier: EUPL-1.2 */
/* What a city sets in its YAML, and what is derived from that once. */
#ifndef DEFECT_REPORTER_SETTINGS_H
#define DEFECT_REPORTER_SETTINGS_H

#include <stadtkern/plugin.h>

struct question {
	const char		*code;
	const char		*ask;
	const char		*kind;		/* question_kinds */
	LIST_OF(const char *)	 choices;
	bool			 required;
	LIST_OF(const char *)	 stops;		/* answers that end the form */
	const char		*stop_text;
};

/* Until when a report should be done, from the day it came. */
struct deadline {
	int64_t			 days;		/* 0: nobody says */
	const char		*kind;		/* working, calendar */
};

/* What an answer may begin with: {number}, {category}, {city}, {street}. */
struct template {
	const char		*code;
	const char		*name;
	const char		*text;
	LIST_OF(const char *)	 categories;	/* none: all */
};

struct category {
	const char		*code;
	const char		*name;
	const char		*group;
	const char		*department;
	const char		*body;
	const char		*hint;
	const char		*danger;
	const char		*type;		/* realtime, batch, blackbox */
	struct deadline		 deadline;
	LIST_OF(const char *)	 keywords;
	LIST_OF(struct question) questions;
	/* Derived: the table that answers are checked against. */
	const struct field	*answers;
};

/* A node of the status graph. */
struct stage {
	const char		*code;
	const char		*name;
	const char		*kind;		/* open, closed, rejected */
	LIST_OF(const char *)	 next;
};

struct settings {
	LIST_OF(struct category) categories;
	LIST_OF(struct stage)	 statuses;
	const char		*initial;
	const char		*forwarded;
	int64_t			 photos_max;
	int64_t			 text_max;
	int64_t			 nearby_metres;
	int64_t			 first_look_days;
	int64_t			 contact_keep_days;
	int64_t			 reopen_days;
	int64_t			 forward_days;
	const char		*answers;	/* direct, released */
	const char		*mail_category;	/* of what comes by mail; the last
						   one otherwise */
	LIST_OF(struct template) answer_templates;
	/* Derived: what statements need of the above, as SQL reads it. */
	const char		*graph;		/* {code: {kind, next}} */
	const char		*labels;	/* {category: name} */
	const char		*services;	/* {category: {name, notice}} of
						   those that Open311 lists */
	const char		*names;		/* {status: name} */
	const char		*open;		/* text[] of the open statuses */
	const char		*photos_text;
	const char		*nearby_text;
	const char		*keep_text;
	const char		*forward_text;
	const char		*deadlines;	/* {category: {days, kind}} */
	const char		*mail_rules;	/* what a mail becomes */
	const char		*templates;	/* [{code, name, text,
						   categories}] */
};

extern const struct field settings_fields[];

/* The plugin's .check hook. */
enum status		 settings_check(const struct settings_check *check,
			    void *settings);

/* NULL when there is none of this code. */
const struct category	*settings_category(const struct settings *settings,
			    const char *code);
/* The question whose answer says that the city is not who to tell; NULL. */
const struct question	*settings_stop(const struct category *category,
			    const struct node *answers);
const struct stage	*settings_stage(const struct settings *settings,
			    const char *code);

/*
 * The first placeholder in a text ("{street}"), from `arena`; NULL: there is
 * none. `known`: of those that templates may have; otherwise any other.
 */
const char		*settings_placeholder(struct arena *arena,
			    const char *text, bool known);

#endif
