/* SPDX-License-Identifier: EUPL-1.2 */
/* Input of the routes that release photos and divide reports. */

#include "hooks.h"
#include "release.h"

#define AREAS_MAX	20	/* as many as the courier burns in */
#define AREA_MIN	0.002	/* of an edge: nobody sees less */
#define PARTS_MAX	20
#define PHOTOS_MAX	5

struct area {
	double	x;
	double	y;
	double	width;
	double	height;
};

struct redact {
	LIST_OF(struct area)	 areas;
	int64_t			 version;
};

struct part {
	const char	*text;
};

struct divide {
	const char		*category;
	const char		*department;
	LIST_OF(struct part)	 parts;
	LIST_OF(const char *)	 photos;
	int64_t			 version;
	const char		*proposed;	/* department */
	const char		*outside;
	const char		*initial;
	const char		*deadlines;
};

static const struct field area_fields[] = {
	FIELD_NUMBER(struct area, x, .max = 1, .required = true,
	    .says = "left edge, as a share of the upright picture's width"),
	FIELD_NUMBER(struct area, y, .max = 1, .required = true,
	    .says = "upper edge, as a share of its height"),
	FIELD_NUMBER(struct area, width, .min = AREA_MIN, .max = 1,
	    .required = true, .says = "share of its width"),
	FIELD_NUMBER(struct area, height, .min = AREA_MIN, .max = 1,
	    .required = true, .says = "share of its height"),
	FIELD_END
};

const struct field redact_fields[] = {
	FIELD_LIST(struct redact, areas, .fields = area_fields,
	    .max = AREAS_MAX, .required = true,
	    .says = "what is blackened; none: the photo as it came"),
	VERSION_FIELD(struct redact),
	FIELD_END
};

static const struct field part_fields[] = {
	FIELD_TEXT(struct part, text, .min = 1, .max = 4000,
	    .multiline = true, .required = true,
	    .says = "as it stands in the text as sent"),
	FIELD_END
};

const struct field divide_fields[] = {
	FIELD_TEXT(struct divide, category, .format = FIELD_FORMAT_CODE,
	    .required = true, .says = "what the second thing is"),
	FIELD_TEXT(struct divide, department, .format = FIELD_FORMAT_CODE,
	    .says = "who gets it; what the category says otherwise"),
	FIELD_LIST(struct divide, parts, .fields = part_fields, .min = 1, .max = PARTS_MAX, .required = true,
	    .says = "what the sender said of it, word by word"),
	FIELD_LIST(struct divide, photos, .format = FIELD_FORMAT_UUID,
	    .max = PHOTOS_MAX,
	    .says = "photos that show it; they go with the new ticket"),
	VERSION_FIELD(struct divide),
	FIELD_COMPUTED(struct divide, proposed),
	FIELD_COMPUTED(struct divide, outside),
	FIELD_COMPUTED(struct divide, initial),
	FIELD_COMPUTED(struct divide, deadlines),
	FIELD_END
};

enum status
redact_check(struct exchange *exchange)
{
	const struct redact	*redact = exchange_body(exchange);
	const struct area	*area;
	struct arena		*arena = exchange_arena(exchange);
	enum status		 status = STATUS_OK;
	size_t			 i;

	for (i = 0; i < redact->areas.count; i++) {
		area = &redact->areas.items[i];
		/* What a browser adds up may miss 1 by its last digit. */
		if (area->x + area->width > 1.000001) {
			exchange_finding(exchange, arena_format(arena,
			    "/areas/%zu/width", i), FINDING_TOO_LARGE,
			    arena_format(arena, "%g", 1 - area->x));
			status = STATUS_INVALID;
		}
		if (area->y + area->height > 1.000001) {
			exchange_finding(exchange, arena_format(arena,
			    "/areas/%zu/height", i), FINDING_TOO_LARGE,
			    arena_format(arena, "%g", 1 - area->y));
			status = STATUS_INVALID;
		}
	}

	return (status);
}

enum status
divide_check(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	const struct divide	*divide = exchange_body(exchange);
	enum status		 status = STATUS_OK;

	if (divide->category != NULL &&
	    settings_category(settings, divide->category) == NULL) {
		exchange_finding(exchange, "/category", FINDING_CHOICE,
		    category_codes(exchange_arena(exchange), settings));
		status = STATUS_INVALID;
	}
	if (divide->department != NULL && tenant_department(
	    exchange_tenant(exchange), divide->department) == NULL) {
		exchange_finding(exchange, "/department", FINDING_REFERENCE,
		    divide->department);
		status = STATUS_INVALID;
	}

	return (status);
}

enum status
divide_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct divide		*divide = exchange_body(exchange);
	const struct category	*category;

	category = settings_category(settings, divide->category);
	divide->proposed = category->department;
	divide->outside = category->body;
	divide->initial = settings->initial;
	divide->deadlines = settings->deadlines;

	return (STATUS_OK);
}
