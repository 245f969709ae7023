/* SPDX-License-Identifier: EUPL-1.2 */
/* Input of the citizens' routes. */

#include <math.h>
#include <string.h>

#include "hooks.h"
#include "payment.h"

#define NEED_MAX	(64 * 1024)
#define LETTER_MAX	2048
#define REFUSAL_MAX	2048

struct place {
	const char	*street;
	const char	*house_number;
	const char	*postcode;
};

struct thing {
	const char	*item;
	int64_t		 count;
};

struct things {
	size_t		 count;
	struct thing	*items;
};

struct address {
	struct place	 address;
};

struct quote {
	struct place	 address;
	LIST_OF(struct thing) items;
	const char	*day;
	const char	*need;
};

struct booking {
	struct place	 address;
	LIST_OF(struct thing) items;
	LIST_OF(const char *) days;
	bool		 express;
	int64_t		 fee_cents;
	struct sealed	 household;
	struct sealed	 contact;
	const char	*need;
	struct bytes	 letter;
	const char	*language;
};

struct change_booking {
	int64_t		 version;
	LIST_OF(struct thing) items;
	LIST_OF(const char *) days;
	bool		 express;
	int64_t		 fee_cents;
	const char	*need;
};

struct household {
	const char	*name;
	const char	*note;
};

struct cancel {
	const char	*reason;
};

struct district_of {
	const char	*district;
};

static const struct field address_fields[] = {
	FIELD_TEXT(struct place, street, .format = FIELD_FORMAT_LINE,
	    .max = 100, .required = true,
	    .says = "a street of the city, however it is spelt"),
	FIELD_TEXT(struct place, house_number, .format = FIELD_FORMAT_LINE,
	    .max = 20, .required = true, .says = "12, 12a, 12-14, 7 1/2"),
	FIELD_TEXT(struct place, postcode, .format = FIELD_FORMAT_LINE,
	    .min = 5, .max = 5, .says = "to be sure; it need not be given"),
	FIELD_END
};

static const struct field thing_fields[] = {
	FIELD_TEXT(struct thing, item, .format = FIELD_FORMAT_CODE,
	    .max = 40, .required = true, .says = "code of the catalogue"),
	FIELD_INT(struct thing, count, .min = 1, .max = 50, .otherwise = "1",
	    .says = "how many of it"),
	FIELD_END
};

static const struct field household_fields[] = {
	FIELD_TEXT(struct household, name, .format = FIELD_FORMAT_LINE,
	    .max = 100, .required = true,
	    .says = "whose things they are, and who pays"),
	FIELD_TEXT(struct household, note, .max = 300, .multiline = true,
	    .says = "where the things stand, for the crew"),
	FIELD_END
};

#define ADDRESS(T)							\
	FIELD_OBJECT(T, address, .fields = address_fields,		\
	    .required = true, .says = "where the things are collected")
#define THINGS(T, ...)							\
	FIELD_LIST(T, items, .fields = thing_fields, .min = 1, .max = 50, \
	    __VA_ARGS__, .says = "what is to be collected")
#define DAYS(T, ...)							\
	FIELD_LIST(T, days, .format = FIELD_FORMAT_DAY, .min = 1,	\
	    .max = 5, __VA_ARGS__, .says = "wished days, the dearest "	\
	    "first; the first that is free is taken")
#define EXPRESS(T, ...)							\
	FIELD_BOOL(T, express, __VA_ARGS__ .says = "whether a day before " \
	    "the usual lead time may be taken, for the express fee")
#define FEE(T, ...)							\
	FIELD_INT(T, fee_cents, .min = 0, .max = 1000000, __VA_ARGS__	\
	    .says = "the fee that the person was shown; a higher one is " \
	    "not taken")

const struct field place_fields[] = {
	ADDRESS(struct address),
	FIELD_END
};

const struct field quote_fields[] = {
	ADDRESS(struct quote),
	THINGS(struct quote, .required = true),
	FIELD_TEXT(struct quote, day, .format = FIELD_FORMAT_DAY,
	    .says = "for which day; in this year otherwise"),
	FIELD_COMPUTED(struct quote, need),
	FIELD_END
};

const struct field booking_fields[] = {
	ADDRESS(struct booking),
	THINGS(struct booking, .required = true),
	DAYS(struct booking, .required = true),
	EXPRESS(struct booking, .otherwise = "false",),
	FEE(struct booking, .otherwise = "0",),
	FIELD_SEALED(struct booking, household, .fields = household_fields,
	    .required = true, .says = "only the waste company can read it"),
	FIELD_SEALED(struct booking, contact, .fields = contact_fields,
	    .required = true, .says = "for the confirmation and questions"),
	FIELD_COMPUTED(struct booking, need),
	FIELD_BYTES(struct booking, letter),
	FIELD_COMPUTED(struct booking, language),
	FIELD_END
};

const struct field change_booking_fields[] = {
	FIELD_INT(struct change_booking, version, .min = 1,
	    .max = 2147483647, .required = true,
	    .says = "refused when the booking has changed since"),
	THINGS(struct change_booking, .required = false),
	DAYS(struct change_booking, .required = false),
	EXPRESS(struct change_booking, ),
	FEE(struct change_booking, ),
	FIELD_COMPUTED(struct change_booking, need),
	FIELD_END
};

const struct field cancel_fields[] = {
	FIELD_TEXT(struct cancel, reason, .max = 300, .multiline = true,
	    .says = "why, if that is to be said"),
	FIELD_END
};

const struct field district_path[] = {
	FIELD_TEXT(struct district_of, district, .format = FIELD_FORMAT_CODE,
	    .max = 40, .required = true, .says = "code of a district"),
	FIELD_END
};

/* How much of what; volumes in litres. */
struct load {
	int64_t	volume;
	int64_t	weight;
	int64_t	devices;
};

static struct load
load_of(const struct settings *settings, const struct things *things)
{
	const struct item	*item;
	struct load		 load = { 0, 0, 0 };
	double			 volume, weight;
	size_t			 i;

	volume = weight = 0;
	for (i = 0; i < things->count; i++) {
		item = settings_item(settings, things->items[i].item);
		if (item->electrical) {
			load.devices += things->items[i].count;
			continue;
		}
		volume += item->volume * (double)things->items[i].count;
		weight += item->weight * (double)things->items[i].count;
	}
	load.volume = lround(volume * 1000);
	load.weight = lround(ceil(weight));

	return (load);
}

/* Unknown codes are findings; what is not accepted is a refusal of its own. */
static enum status
things_check(struct exchange *exchange, const struct things *things)
{
	const struct settings	*settings = exchange_settings(exchange);
	enum status		 status;
	size_t			 i;

	status = STATUS_OK;
	for (i = 0; i < things->count; i++) {
		if (things->items[i].item == NULL ||
		    settings_item(settings, things->items[i].item) != NULL ||
		    settings_excluded(settings, things->items[i].item) != NULL)
			continue;
		exchange_finding(exchange, arena_format(
		    exchange_arena(exchange), "/items/%zu/item", i),
		    FINDING_REFERENCE, things->items[i].item);
		status = STATUS_INVALID;
	}

	return (status);
}

static enum status
wishes_check(struct exchange *exchange, size_t count)
{
	const struct settings	*settings = exchange_settings(exchange);

	if (count <= (size_t)settings->wish_dates)
		return (STATUS_OK);
	exchange_finding(exchange, "/days", FINDING_TOO_MANY,
	    arena_format(exchange_arena(exchange), "%d",
	    (int)settings->wish_dates));

	return (STATUS_INVALID);
}

static enum status
excluded_refuse(struct exchange *exchange, const struct excluded *excluded)
{
	struct json	json;

	json_init(&json, exchange_arena(exchange), REFUSAL_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "item", excluded->code);
	json_text(&json, "name", excluded->name);
	json_text(&json, "because", excluded->because);
	json_text(&json, "take_to", excluded->take_to);
	json_close(&json);

	return (exchange_refuse(exchange, "not-accepted",
	    json_finish(&json, NULL)));
}

static enum status
limit_refuse(struct exchange *exchange, const char *code, double limit,
    double given, const char *unit)
{
	struct json	json;

	json_init(&json, exchange_arena(exchange), REFUSAL_MAX);
	json_open_object(&json, NULL);
	json_number(&json, "limit", limit);
	json_number(&json, "given", given);
	json_text(&json, "unit", unit);
	json_close(&json);

	return (exchange_refuse(exchange, code, json_finish(&json, NULL)));
}

static enum status
load_check(struct exchange *exchange, const struct load *load)
{
	const struct settings	*settings = exchange_settings(exchange);
	const struct limit	*limit = &settings->limit;
	double			 given;
	bool			 weighed;

	if (load->devices > settings->electrical.max_devices)
		return (limit_refuse(exchange, "too-many-devices",
		    (double)settings->electrical.max_devices,
		    (double)load->devices, ""));
	if (limit->unit == NULL)
		return (STATUS_OK);
	weighed = strcmp(limit->unit, "kg") == 0;
	given = weighed ? (double)load->weight :
	    (double)load->volume / 1000;
	if (given > limit->value + 1e-9)
		return (limit_refuse(exchange, "over-limit", limit->value,
		    given, weighed ? "kg" : "m³"));

	return (STATUS_OK);
}

/* The things with their names of today, for SQL; or a refusal. */
static enum status
need_new(struct exchange *exchange, const struct things *things,
    const char **need)
{
	const struct settings	*settings = exchange_settings(exchange);
	const struct excluded	*excluded;
	const struct item	*item;
	struct load		 load;
	struct json		 json;
	enum status		 status;
	size_t			 i;

	for (i = 0; i < things->count; i++) {
		excluded = settings_excluded(settings, things->items[i].item);
		if (excluded != NULL)
			return (excluded_refuse(exchange, excluded));
	}
	load = load_of(settings, things);
	if ((status = load_check(exchange, &load)) != STATUS_OK)
		return (status);
	json_init(&json, exchange_arena(exchange), NEED_MAX);
	json_open_object(&json, NULL);
	json_int(&json, "volume", load.volume);
	json_int(&json, "weight", load.weight);
	json_int(&json, "devices", load.devices);
	json_open_array(&json, "items");
	for (i = 0; i < things->count; i++) {
		item = settings_item(settings, things->items[i].item);
		json_open_object(&json, NULL);
		json_text(&json, "item", item->code);
		json_text(&json, "name", item->name);
		json_int(&json, "count", things->items[i].count);
		json_bool(&json, "electrical", item->electrical);
		json_close(&json);
	}
	json_close(&json);
	json_close(&json);
	*need = json_finish(&json, NULL);

	return (*need == NULL ? STATUS_LIMIT : STATUS_OK);
}

#define THINGS_OF(from)							\
	(&(const struct things){ (from)->items.count, (from)->items.items })

enum status
catalogue_answer(struct exchange *exchange, const struct row *row)
{
	const struct settings	*settings = exchange_settings(exchange);

	(void)row;

	return (exchange_answer(exchange, 200, "application/json",
	    settings->catalogue, strlen(settings->catalogue)));
}

enum status
quote_check(struct exchange *exchange)
{
	const struct quote	*quote = exchange_body(exchange);

	return (things_check(exchange, THINGS_OF(quote)));
}

enum status
quote_prepare(struct exchange *exchange)
{
	struct quote	*quote = exchange_body(exchange);

	return (need_new(exchange, THINGS_OF(quote), &quote->need));
}

enum status
booking_check(struct exchange *exchange)
{
	const struct booking	*booking = exchange_body(exchange);
	enum status		 status;

	status = wishes_check(exchange, booking->days.count);

	return (things_check(exchange, THINGS_OF(booking)) == STATUS_OK ?
	    status : STATUS_INVALID);
}

enum status
booking_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct booking		*booking = exchange_body(exchange);
	const char		*paid;
	struct json		 json;
	enum status		 status;

	status = need_new(exchange, THINGS_OF(booking), &booking->need);
	if (status != STATUS_OK)
		return (status);
	booking->language = exchange_language(exchange);
	paid = payment_find(settings->payment)->says(exchange);
	if (paid == NULL)
		return (STATUS_LIMIT);
	json_init(&json, exchange_arena(exchange), LETTER_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "payment", paid);
	json_close(&json);

	return (exchange_letter(exchange, "contact", json_finish(&json, NULL),
	    &booking->letter));
}

enum status
change_check(struct exchange *exchange)
{
	const struct change_booking	*change = exchange_body(exchange);
	enum status			 status;

	status = wishes_check(exchange, change->days.count);

	return (things_check(exchange, THINGS_OF(change)) == STATUS_OK ?
	    status : STATUS_INVALID);
}

enum status
change_prepare(struct exchange *exchange)
{
	struct change_booking	*change = exchange_body(exchange);

	if (change->items.count == 0)
		return (STATUS_OK);

	return (need_new(exchange, THINGS_OF(change), &change->need));
}
