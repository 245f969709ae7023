/* SPDX-License-Identifier: EUPL-1.2 */
/* What a city sets in its YAML, and what is derived from that once. */
#ifndef BULKY_WASTE_SETTINGS_H
#define BULKY_WASTE_SETTINGS_H

#include <stadtkern/plugin.h>

struct limit {
	double			 value;
	const char		*unit;		/* m3, kg */
};

struct electrical {
	int64_t			 free_per_year;
	const char		*fee;
	int64_t			 max_devices;
};

struct lead {
	int64_t			 min;
	int64_t			 max;
};

struct express {
	int64_t			 lead_days;
	const char		*fee;		/* NULL: there is none */
};

struct change {
	int64_t			 days;
	int64_t			 hour;
};

struct put_out {
	const char		*from;
	const char		*until;
	const char		*place;
};

/* Something of the catalogue. */
struct item {
	const char		*code;
	const char		*name;
	const char		*group;
	const char		*icon;		/* icons */
	double			 volume;	/* m³ */
	double			 weight;	/* kg */
	bool			 electrical;
	const char		*hint;
	LIST_OF(const char *)	 keywords;
};

struct excluded {
	const char		*code;
	const char		*name;
	const char		*icon;
	const char		*because;
	const char		*take_to;
	LIST_OF(const char *)	 keywords;
};

struct district {
	const char		*code;		/* as in the street list */
	const char		*name;
	LIST_OF(const char *)	 days;		/* weekdays */
	int64_t			 capacity;
};

struct settings {
	const char		*operator;
	const char		*email;
	const char		*phone;
	const char		*department;
	int64_t			 free_per_year;
	const char		*fee;
	struct limit		 limit;
	struct electrical	 electrical;
	struct lead		 lead_days;
	int64_t			 wish_dates;
	struct express		 express;
	struct change		 change_until;
	struct put_out		 put_out;
	const char		*payment;
	LIST_OF(struct item)	 items;
	LIST_OF(struct excluded) excluded;
	LIST_OF(struct district) districts;
	int64_t			 contact_keep_days;
	int64_t			 booking_keep_days;
	/* Derived. */
	const char		*rules;		/* what SQL needs to know, JSON */
	const char		*catalogue;	/* the answer of GET /catalogue */
};

extern const struct field settings_fields[];

/* The plugin's .check hook. */
enum status		 settings_check(const struct settings_check *check,
			    void *settings);

/* NULL when there is none of this code. */
const struct item	*settings_item(const struct settings *settings,
			    const char *code);
const struct excluded	*settings_excluded(const struct settings *settings,
			    const char *code);
const struct district	*settings_district(const struct settings *settings,
			    const char *code);

/* "25", "25.00" or "25,00" euros as cents; -1: no amount of money. */
int64_t			 money_cents(const char *text);

#endif
