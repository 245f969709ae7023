/* SPDX-License-Identifier: EUPL-1.2 */
/* Whether the settings fit together, and what is derived from them. */

#include <math.h>
#include <string.h>

#include "payment.h"
#include "settings.h"

#define RULES_MAX	(256 * 1024)
#define CATALOGUE_MAX	(1024 * 1024)

int64_t
money_cents(const char *text)
{
	int64_t	cents;
	size_t	i, digits;

	digits = strspn(text, "0123456789");
	if (digits == 0 || digits > 4)
		return (-1);
	cents = 0;
	for (i = 0; i < digits; i++)
		cents = cents * 10 + (text[i] - '0');
	cents *= 100;
	text += digits;
	if (*text == '\0')
		return (cents);
	if ((*text != '.' && *text != ',') ||
	    strspn(text + 1, "0123456789") != 2 || text[3] != '\0')
		return (-1);

	return (cents + (text[1] - '0') * 10 + (text[2] - '0'));
}

/* Where a.b of the section stands, else a, else the section. */
static const struct node *
node_of(const struct settings_check *check, const char *name,
    const char *member)
{
	const struct node	*outer, *inner;

	outer = node_get(check->node, name);
	inner = member == NULL ? NULL : node_get(outer, member);

	return (inner != NULL ? inner : outer);
}

/* Where entry `index` of a list stands, or its member. */
static const struct node *
node_entry(const struct settings_check *check, const char *name,
    size_t index, const char *member)
{
	const struct node	*list, *item, *inner;

	list = node_get(check->node, name);
	item = list == NULL ? NULL : list->first;
	while (item != NULL && index-- > 0)
		item = item->next;
	inner = node_get(item, member);

	return (inner != NULL ? inner : item);
}

static const char *
entry_pointer(const struct settings_check *check, const char *name,
    size_t index, const char *member)
{
	return (arena_format(check->arena, "/%s/%zu/%s", name, index, member));
}

static void
money_check(const struct settings_check *check, const char *fee,
    const struct node *node, const char *pointer)
{
	if (fee != NULL && money_cents(fee) == -1)
		settings_finding(check, node, pointer, FINDING_FORMAT,
		    "euros such as 25.00");
}

static void
fees_check(const struct settings_check *check,
    const struct settings *settings)
{
	size_t	i;

	money_check(check, settings->fee, node_of(check, "fee", NULL),
	    "/fee");
	money_check(check, settings->electrical.fee,
	    node_of(check, "electrical", "fee"), "/electrical/fee");
	money_check(check, settings->express.fee,
	    node_of(check, "express", "fee"), "/express/fee");
	if (settings->free_per_year > 0 && settings->limit.unit == NULL)
		settings_finding(check, node_of(check, "free_per_year", NULL),
		    "/limit", FINDING_REQUIRED, "free_per_year");
	if (settings->free_per_year == 0 && settings->fee == NULL)
		settings_finding(check, node_of(check, "free_per_year", NULL),
		    "/fee", FINDING_REQUIRED, "nothing could be booked");
	for (i = 0; i < settings->items.count; i++) {
		if (!settings->items.items[i].electrical)
			continue;
		if (settings->electrical.free_per_year == 0 &&
		    settings->electrical.fee == NULL)
			settings_finding(check, node_of(check, "electrical",
			    NULL), "/electrical/fee", FINDING_REQUIRED,
			    "no device could be booked");
		break;
	}
}

static void
times_check(const struct settings_check *check,
    const struct settings *settings)
{
	const struct lead	*lead = &settings->lead_days;
	const struct express	*express = &settings->express;

	if (lead->min > lead->max)
		settings_finding(check, node_of(check, "lead_days", "max"),
		    "/lead_days/max", FINDING_CONFLICT,
		    "min is more than max");
	if (node_get(check->node, "express") == NULL)
		return;
	if (express->fee == NULL)
		settings_finding(check, node_of(check, "express", NULL),
		    "/express/fee", FINDING_REQUIRED, "");
	if (express->lead_days >= lead->min)
		settings_finding(check, node_of(check, "express",
		    "lead_days"), "/express/lead_days", FINDING_CONFLICT,
		    "not before lead_days: min");
}

static bool
is_time(const char *text)
{
	return (strlen(text) == 5 && text[2] == ':' &&
	    strspn(text, "0123456789") == 2 &&
	    strspn(text + 3, "0123456789") == 2 &&
	    (text[0] < '2' || (text[0] == '2' && text[1] < '4')) &&
	    text[3] < '6');
}

static void
keep_check(const struct settings_check *check,
    const struct settings *settings)
{
	if (settings->contact_keep_days > settings->booking_keep_days)
		settings_finding(check, node_of(check, "contact_keep_days",
		    NULL), "/contact_keep_days", FINDING_CONFLICT,
		    "longer than booking_keep_days");
}

static void
put_out_check(const struct settings_check *check,
    const struct settings *settings)
{
	if (!is_time(settings->put_out.from))
		settings_finding(check, node_of(check, "put_out", "from"),
		    "/put_out/from", FINDING_FORMAT, "a time such as 18:00");
	if (!is_time(settings->put_out.until))
		settings_finding(check, node_of(check, "put_out", "until"),
		    "/put_out/until", FINDING_FORMAT, "a time such as 06:00");
}

/* What the limit counts, every item has; and none is more than the limit. */
static void
item_limit_check(const struct settings_check *check,
    const struct settings *settings, size_t index)
{
	const struct item	*item = &settings->items.items[index];
	const char		*member;
	double			 amount;

	if (settings->limit.unit == NULL || item->electrical)
		return;
	member = strcmp(settings->limit.unit, "kg") == 0 ? "weight" :
	    "volume";
	amount = *member == 'w' ? item->weight : item->volume;
	if (amount == 0)
		settings_finding(check, node_entry(check, "items", index,
		    member), entry_pointer(check, "items", index, member),
		    FINDING_REQUIRED, arena_format(check->arena, "limit in %s",
		    settings->limit.unit));
	else if (amount > settings->limit.value)
		settings_finding(check, node_entry(check, "items", index,
		    member), entry_pointer(check, "items", index, member),
		    FINDING_CONFLICT, "more than the limit");
}

static void
duplicate(const struct settings_check *check, const char *list, size_t index)
{
	settings_finding(check, node_entry(check, list, index, "code"),
	    entry_pointer(check, list, index, "code"), FINDING_DUPLICATE, "");
}

static void
catalogue_check(const struct settings_check *check,
    const struct settings *settings)
{
	const struct excluded	*excluded;
	size_t			 i;

	for (i = 0; i < settings->items.count; i++) {
		if (settings_item(settings, settings->items.items[i].code) !=
		    &settings->items.items[i])
			duplicate(check, "items", i);
		item_limit_check(check, settings, i);
	}
	for (i = 0; i < settings->excluded.count; i++) {
		excluded = &settings->excluded.items[i];
		if (settings_excluded(settings, excluded->code) != excluded)
			duplicate(check, "excluded", i);
		if (settings_item(settings, excluded->code) != NULL)
			settings_finding(check, node_entry(check, "excluded",
			    i, "code"), entry_pointer(check, "excluded", i,
			    "code"), FINDING_CONFLICT, "is collected, too");
	}
}

static void
districts_check(const struct settings_check *check,
    const struct settings *settings)
{
	const struct district	*district;
	size_t			 i;

	for (i = 0; i < settings->districts.count; i++) {
		district = &settings->districts.items[i];
		if (settings_district(settings, district->code) != district)
			duplicate(check, "districts", i);
	}
}

static void
department_check(const struct settings_check *check,
    struct settings *settings)
{
	const struct department	*first;

	if (settings->department != NULL) {
		if (tenant_department(check->tenant, settings->department) ==
		    NULL)
			settings_finding(check, node_of(check, "department",
			    NULL), "/department", FINDING_REFERENCE,
			    settings->department);
		return;
	}
	first = tenant_first_department(check->tenant);
	if (first != NULL)
		settings->department = first->code;
}

static int64_t
weekday(const char *name)
{
	static const char	 names[] = "montuewedthufrisatsun";

	return ((strstr(names, name) - names) / 3 + 1);
}

static void
fee_write(struct json *json, const char *name, const char *fee)
{
	if (fee != NULL)
		json_int(json, name, money_cents(fee));
}

static void
districts_write(struct json *json, const struct settings *settings)
{
	const struct district	*district;
	size_t			 i, j;

	json_open_object(json, "districts");
	for (i = 0; i < settings->districts.count; i++) {
		district = &settings->districts.items[i];
		json_open_object(json, district->code);
		json_text(json, "name", district->name);
		json_int(json, "capacity", district->capacity);
		json_open_array(json, "days");
		for (j = 0; j < district->days.count; j++)
			json_int(json, NULL,
			    weekday(district->days.items[j]));
		json_close(json);
		json_close(json);
	}
	json_close(json);
}

/* Which job tells a provider of payments what is owed. */
static void
payments_write(struct json *json)
{
	const struct payment	*payment;

	json_open_object(json, "payments");
	for (payment = payments; payment->name != NULL; payment++) {
		if (payment->job != NULL)
			json_text(json, payment->name, payment->job);
	}
	json_close(json);
}

static const char *
rules_new(struct arena *arena, const struct settings *settings)
{
	const struct put_out	*put_out = &settings->put_out;
	struct json		 json;

	json_init(&json, arena, RULES_MAX);
	json_open_object(&json, NULL);
	districts_write(&json, settings);
	json_open_object(&json, "lead");
	json_int(&json, "min", settings->lead_days.min);
	json_int(&json, "max", settings->lead_days.max);
	json_close(&json);
	if (settings->express.fee != NULL) {
		json_open_object(&json, "express");
		json_int(&json, "days", settings->express.lead_days);
		fee_write(&json, "fee", settings->express.fee);
		json_close(&json);
	}
	json_open_object(&json, "free");
	json_int(&json, "bulky", settings->free_per_year);
	json_int(&json, "electrical", settings->electrical.free_per_year);
	json_close(&json);
	json_open_object(&json, "fee");
	fee_write(&json, "bulky", settings->fee);
	fee_write(&json, "electrical", settings->electrical.fee);
	json_close(&json);
	json_open_object(&json, "change");
	json_int(&json, "days", settings->change_until.days);
	json_int(&json, "hour", settings->change_until.hour);
	json_close(&json);
	json_text(&json, "payment", settings->payment);
	payments_write(&json);
	json_text(&json, "operator", settings->operator);
	json_text(&json, "from", put_out->from);
	json_text(&json, "until", put_out->until);
	json_text(&json, "place", put_out->place);
	json_close(&json);

	return (json_finish(&json, NULL));
}

/* The members of the tables, as the city wrote them. */
static const char *
catalogue_new(struct arena *arena, const struct settings *settings)
{
	struct json	json;

	json_init(&json, arena, CATALOGUE_MAX);
	json_open_object(&json, NULL);
	field_to_json(&json, settings_fields, settings, false);
	json_close(&json);

	return (json_finish(&json, NULL));
}

enum status
settings_check(const struct settings_check *check, void *data)
{
	struct settings	*settings = data;
	size_t		 before;

	before = check->findings->count;
	fees_check(check, settings);
	times_check(check, settings);
	put_out_check(check, settings);
	keep_check(check, settings);
	catalogue_check(check, settings);
	districts_check(check, settings);
	department_check(check, settings);
	if (check->findings->count != before)
		return (STATUS_INVALID);
	settings->rules = rules_new(check->arena, settings);
	settings->catalogue = catalogue_new(check->arena, settings);

	return (STATUS_OK);
}
