/* SPDX-License-Identifier: EUPL-1.2 */
/* The settings' tables. */

#include <string.h>

#include "payment.h"
#include "settings.h"

/* What the app has a drawing for. */
static const char *const icons[] = {
	"armchair", "bag", "bath", "bed", "bicycle", "box", "building",
	"carpet", "chair", "cupboard", "door", "fridge", "garden", "heater",
	"lamp", "mattress", "microwave", "oven", "paint", "plant-pot",
	"pram", "screen", "shelf", "ski", "sofa", "stove", "suitcase",
	"table", "toy", "tyre", "vacuum", "washing-machine", "window", NULL
};

static const char *const units[] = { "m3", "kg", NULL };

static const char *const weekdays[] = {
	"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL
};

#define NAME(name, says, job)	name,
static const char *const payment_names[] = { PAYMENTS(NAME) NULL };

static const struct field limit_fields[] = {
	FIELD_NUMBER(struct limit, value, .min = 0.1, .max = 10000,
	    .required = true, .says = "how much at most in one pick-up"),
	FIELD_CHOICE(struct limit, unit, .choices = units, .required = true,
	    .says = "cubic metres or kilogrammes"),
	FIELD_END
};

static const struct field electrical_fields[] = {
	FIELD_INT(struct electrical, free_per_year, .min = 0, .max = 52,
	    .otherwise = "0",
	    .says = "free pick-ups of devices, a year and address"),
	FIELD_TEXT(struct electrical, fee, .format = FIELD_FORMAT_LINE,
	    .max = 10, .says = "euros for each further one; 0: they are always "
	    "free; without it there is none"),
	FIELD_INT(struct electrical, max_devices, .min = 1, .max = 50,
	    .otherwise = "10", .says = "devices in one pick-up"),
	FIELD_END
};

static const struct field lead_fields[] = {
	FIELD_INT(struct lead, min, .min = 1, .max = 60, .otherwise = "2",
	    .says = "days from booking to the first day that is given out"),
	FIELD_INT(struct lead, max, .min = 7, .max = 365, .otherwise = "60",
	    .says = "days from booking to the last one"),
	FIELD_END
};

static const struct field express_fields[] = {
	FIELD_INT(struct express, lead_days, .min = 0, .max = 30,
	    .otherwise = "1", .says = "days from booking to the first day, "
	    "instead of lead_days: min"),
	FIELD_TEXT(struct express, fee, .format = FIELD_FORMAT_LINE,
	    .max = 10, .says = "euros beside the other fee"),
	FIELD_END
};

static const struct field change_fields[] = {
	FIELD_INT(struct change, days, .min = 0, .max = 14, .otherwise = "1",
	    .says = "days before the pick-up"),
	FIELD_INT(struct change, hour, .min = 0, .max = 23, .otherwise = "12",
	    .says = "full hour of that day"),
	FIELD_END
};

static const struct field put_out_fields[] = {
	FIELD_TEXT(struct put_out, from, .format = FIELD_FORMAT_LINE,
	    .max = 5, .otherwise = "\"18:00\"",
	    .says = "from when on the evening before, HH:MM"),
	FIELD_TEXT(struct put_out, until, .format = FIELD_FORMAT_LINE,
	    .max = 5, .otherwise = "\"06:00\"",
	    .says = "until when on the day, HH:MM"),
	FIELD_TEXT(struct put_out, place, .max = 300, .required = true,
	    .says = "where, as citizens read it"),
	FIELD_END
};

static const struct field item_fields[] = {
	FIELD_TEXT(struct item, code, .format = FIELD_FORMAT_CODE, .max = 40,
	    .required = true, .says = "name in the API"),
	FIELD_TEXT(struct item, name, .format = FIELD_FORMAT_LINE, .max = 80,
	    .required = true, .says = "name as citizens read it"),
	FIELD_TEXT(struct item, group, .format = FIELD_FORMAT_LINE, .max = 80,
	    .says = "heading under which it is listed"),
	FIELD_CHOICE(struct item, icon, .choices = icons, .otherwise = "box",
	    .says = "which drawing stands for it"),
	FIELD_NUMBER(struct item, volume, .min = 0.01, .max = 50,
	    .says = "cubic metres, where the limit is in m3"),
	FIELD_NUMBER(struct item, weight, .min = 0.1, .max = 2000,
	    .says = "kilogrammes, where the limit is in kg"),
	FIELD_BOOL(struct item, electrical, .otherwise = "false",
	    .says = "whether it is collected apart, as a device"),
	FIELD_TEXT(struct item, hint, .max = 300,
	    .says = "what to do before it is collected"),
	FIELD_LIST(struct item, keywords, .format = FIELD_FORMAT_LINE,
	    .max = 30, .says = "what else people call it, for searching"),
	FIELD_END
};

static const struct field excluded_fields[] = {
	FIELD_TEXT(struct excluded, code, .format = FIELD_FORMAT_CODE,
	    .max = 40, .required = true, .says = "name in the API"),
	FIELD_TEXT(struct excluded, name, .format = FIELD_FORMAT_LINE,
	    .max = 80, .required = true, .says = "name as citizens read it"),
	FIELD_CHOICE(struct excluded, icon, .choices = icons,
	    .otherwise = "box", .says = "which drawing stands for it"),
	FIELD_TEXT(struct excluded, because, .format = FIELD_FORMAT_LINE,
	    .max = 200, .required = true,
	    .says = "goes on from: not accepted, because"),
	FIELD_TEXT(struct excluded, take_to, .format = FIELD_FORMAT_LINE,
	    .max = 200, .required = true,
	    .says = "goes on from: please take it to"),
	FIELD_LIST(struct excluded, keywords, .format = FIELD_FORMAT_LINE,
	    .max = 30, .says = "what else people call it, for searching"),
	FIELD_END
};

static const struct field district_fields[] = {
	FIELD_TEXT(struct district, code, .format = FIELD_FORMAT_CODE,
	    .max = 40, .required = true,
	    .says = "as the street list has it in district:bulky-waste"),
	FIELD_TEXT(struct district, name, .format = FIELD_FORMAT_LINE,
	    .max = 80, .required = true, .says = "name as people read it"),
	FIELD_LIST(struct district, days, .choices = weekdays, .min = 1,
	    .max = 7, .required = true,
	    .says = "days of the week on which it is collected"),
	FIELD_INT(struct district, capacity, .min = 1, .max = 500,
	    .required = true, .says = "pick-ups on one day"),
	FIELD_END
};

const struct field settings_fields[] = {
	FIELD_TEXT(struct settings, operator, .format = FIELD_FORMAT_LINE,
	    .max = 100, .required = true, .shown = true,
	    .says = "the waste company, as citizens read it"),
	FIELD_TEXT(struct settings, email, .format = FIELD_FORMAT_EMAIL,
	    .shown = true, .says = "where it answers questions"),
	FIELD_TEXT(struct settings, phone, .format = FIELD_FORMAT_PHONE,
	    .shown = true, .says = "and by telephone"),
	FIELD_TEXT(struct settings, department, .format = FIELD_FORMAT_CODE,
	    .says = "department that all bookings belong to, where roles are "
	    "limited to departments; the first one otherwise"),
	FIELD_INT(struct settings, free_per_year, .min = 0, .max = 52,
	    .otherwise = "0", .shown = true,
	    .says = "free pick-ups, a year and address"),
	FIELD_TEXT(struct settings, fee, .format = FIELD_FORMAT_LINE,
	    .max = 10, .shown = true, .says = "euros for each further one, "
	    "such as 25.00; without it there is none"),
	FIELD_OBJECT(struct settings, limit, .fields = limit_fields,
	    .shown = true, .says = "how much one pick-up takes"),
	FIELD_OBJECT(struct settings, electrical,
	    .fields = electrical_fields, .shown = true,
	    .says = "devices, which are counted apart"),
	FIELD_OBJECT(struct settings, lead_days, .fields = lead_fields,
	    .shown = true, .says = "how far ahead days are given out"),
	FIELD_INT(struct settings, wish_dates, .min = 1, .max = 5,
	    .otherwise = "1", .shown = true, .says = "days that one may wish; "
	    "the first that is free is booked"),
	FIELD_OBJECT(struct settings, express, .fields = express_fields,
	    .shown = true, .says = "days before lead_days, for a fee"),
	FIELD_OBJECT(struct settings, change_until, .fields = change_fields,
	    .shown = true,
	    .says = "until when a booking may be changed and cancelled"),
	FIELD_OBJECT(struct settings, put_out, .fields = put_out_fields,
	    .required = true, .shown = true,
	    .says = "when and where things are put out"),
	FIELD_CHOICE(struct settings, payment, .choices = payment_names,
	    .otherwise = "invoice", .shown = true, .says = "how a fee is paid"),
	FIELD_LIST(struct settings, items, .fields = item_fields, .min = 1,
	    .max = 300, .required = true, .says = "what is collected"),
	FIELD_LIST(struct settings, excluded, .fields = excluded_fields,
	    .max = 100, .says = "what is not, why, and where it goes"),
	FIELD_LIST(struct settings, districts, .fields = district_fields,
	    .min = 1, .max = 100, .required = true,
	    .says = "where and when things are collected"),
	FIELD_INT(struct settings, contact_keep_days, .min = 1, .max = 730,
	    .otherwise = "90", .says = "days after the pick-up until names and "
	    "contact data are erased"),
	FIELD_INT(struct settings, booking_keep_days, .min = 1, .max = 3650,
	    .otherwise = "365", .says = "days after the pick-up until the "
	    "booking is erased"),
	FIELD_COMPUTED(struct settings, rules),
	FIELD_COMPUTED(struct settings, catalogue),
	FIELD_END
};

const struct item *
settings_item(const struct settings *settings, const char *code)
{
	size_t	i;

	for (i = 0; i < settings->items.count; i++) {
		if (strcmp(settings->items.items[i].code, code) == 0)
			return (&settings->items.items[i]);
	}

	return (NULL);
}

const struct excluded *
settings_excluded(const struct settings *settings, const char *code)
{
	size_t	i;

	for (i = 0; i < settings->excluded.count; i++) {
		if (strcmp(settings->excluded.items[i].code, code) == 0)
			return (&settings->excluded.items[i]);
	}

	return (NULL);
}

const struct district *
settings_district(const struct settings *settings, const char *code)
{
	size_t	i;

	for (i = 0; i < settings->districts.count; i++) {
		if (strcmp(settings->districts.items[i].code, code) == 0)
			return (&settings->districts.items[i]);
	}

	return (NULL);
}
