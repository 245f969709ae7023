/* SPDX-License-Identifier: EUPL-1.2 */
/* Checking of single values. */

#include <stdio.h>
#include <string.h>

#include "core/field/field_walk.h"
#include "core/document/number.h"
#include "core/document/utf8.h"

static void
check_bool(struct check *check, const struct node *node,
    const struct place *place, bool *at)
{
	if (node->kind == NODE_BOOL)
		*at = node->boolean;
	else if (node->kind == NODE_SCALAR && strcmp(node->text, "true") == 0)
		*at = true;
	else if (node->kind == NODE_SCALAR && strcmp(node->text, "false") == 0)
		*at = false;
	else
		check_fail(check, place, node, FINDING_TYPE, "true or false");
}

static bool
check_range(struct check *check, const struct field *field,
    const struct node *node, const struct place *place, double value)
{
	char	 limit[NUMBER_LEN];

	if (field_has_min(field) && value < field->min) {
		number_write(limit, field->min);
		check_fail(check, place, node, FINDING_TOO_SMALL, limit);
		return (false);
	}
	if (field_has_max(field) && value > field->max) {
		number_write(limit, field->max);
		check_fail(check, place, node, FINDING_TOO_LARGE, limit);
		return (false);
	}
	return (true);
}

static void
check_int(struct check *check, const struct field *field,
    const struct node *node, const struct place *place, int64_t *at)
{
	enum number_verdict	 verdict;
	int64_t			 value;

	verdict = NUMBER_NONE;
	value = 0;
	if (node->kind == NODE_INT) {
		verdict = NUMBER_OK;
		value = node->integer;
	} else if (node->kind == NODE_SCALAR)
		verdict = number_read_int(node->text, &value);
	switch (verdict) {
	case NUMBER_OK:
		if (check_range(check, field, node, place, (double)value))
			*at = value;
		break;
	case NUMBER_TOO_SMALL:
		check_fail(check, place, node, FINDING_TOO_SMALL,
		    "-9223372036854775808");
		break;
	case NUMBER_TOO_LARGE:
		check_fail(check, place, node, FINDING_TOO_LARGE,
		    "9223372036854775807");
		break;
	case NUMBER_NONE:
		check_fail(check, place, node, FINDING_TYPE,
		    "a whole number");
		break;
	}
}

static void
check_number(struct check *check, const struct field *field,
    const struct node *node, const struct place *place, double *at)
{
	enum number_verdict	 verdict;
	double			 value;

	verdict = NUMBER_NONE;
	value = 0;
	if (node->kind == NODE_INT || node->kind == NODE_NUMBER) {
		verdict = NUMBER_OK;
		value = node->number;
	} else if (node->kind == NODE_SCALAR)
		verdict = number_read(node->text, &value);
	switch (verdict) {
	case NUMBER_OK:
		if (check_range(check, field, node, place, value))
			*at = value;
		break;
	case NUMBER_TOO_SMALL:
		check_fail(check, place, node, FINDING_TOO_SMALL,
		    "-1.7976931348623157e+308");
		break;
	case NUMBER_TOO_LARGE:
		check_fail(check, place, node, FINDING_TOO_LARGE,
		    "1.7976931348623157e+308");
		break;
	case NUMBER_NONE:
		check_fail(check, place, node, FINDING_TYPE, "a number");
		break;
	}
}

/* Removes the CR of each CR LF. */
static void
text_join_breaks(char *text)
{
	char	*to;

	for (to = text; *text != '\0'; text++) {
		if (text[0] != '\r' || text[1] != '\n')
			*to++ = *text;
	}
	*to = '\0';
}

/* Unicode's category Cc. */
static bool
is_control(int32_t c)
{
	return (c < 0x20 || (c >= 0x7f && c < 0xa0));
}

/* Counts the characters; -1, and a finding, when some may not be there. */
static ptrdiff_t
text_count(struct check *check, const struct field *field,
    const struct node *node, const struct place *place, const char *text)
{
	const char	*end;
	char		 argument[16];
	ptrdiff_t	 count;
	int32_t		 c;

	end = text + strlen(text);
	for (count = 0; text < end; count++) {
		c = utf8_next(&text, end);
		if (c == UTF8_INVALID) {
			check_fail(check, place, node, FINDING_ENCODING, NULL);
			return (-1);
		}
		if (!is_control(c) ||
		    (field->multiline && (c == '\n' || c == '\t')))
			continue;
		(void)snprintf(argument, sizeof(argument), "U+%04X",
		    (unsigned int)c);
		check_fail(check, place, node, FINDING_CONTROL, argument);
		return (-1);
	}
	return (count);
}

static void
check_text(struct check *check, const struct field *field,
    const struct node *node, const struct place *place, const char **at)
{
	char		 limit[NUMBER_LEN];
	char		*text;
	ptrdiff_t	 count;

	if (node->kind != NODE_TEXT && node->kind != NODE_SCALAR) {
		check_fail(check, place, node, FINDING_TYPE, "a text");
		return;
	}
	text = arena_text(check->ctx->arena, node->text);
	if (field->multiline)
		text_join_breaks(text);
	if ((count = text_count(check, field, node, place, text)) == -1)
		return;
	if ((double)count < field_text_min(field)) {
		number_write(limit, field_text_min(field));
		check_fail(check, place, node, FINDING_TOO_SHORT, limit);
	} else if ((double)count > field_text_max(field)) {
		number_write(limit, field_text_max(field));
		check_fail(check, place, node, FINDING_TOO_LONG, limit);
	} else if (!field_format_fits(field->format, text)) {
		check_fail(check, place, node, FINDING_FORMAT,
		    field_format_says(field->format));
	} else
		*at = text;
}

static const char *
choices_text(struct arena *arena, const char *const *choices)
{
	struct buf	 buf;
	const char	*text;
	size_t		 i;

	buf_init(&buf, arena, 2000);
	for (i = 0; choices[i] != NULL; i++) {
		if (i != 0)
			buf_text(&buf, ", ");
		buf_text(&buf, choices[i]);
	}
	text = buf_finish(&buf, NULL);
	return (text == NULL ? "" : text);
}

static void
check_choice(struct check *check, const struct field *field,
    const struct node *node, const struct place *place, const char **at)
{
	size_t	 i;

	if (node->kind != NODE_TEXT && node->kind != NODE_SCALAR) {
		check_fail(check, place, node, FINDING_TYPE, "a text");
		return;
	}
	for (i = 0; field->choices[i] != NULL; i++) {
		if (strcmp(field->choices[i], node->text) == 0) {
			*at = field->choices[i];
			return;
		}
	}
	check_fail(check, place, node, FINDING_CHOICE,
	    choices_text(check->ctx->arena, field->choices));
}

static void
check_file(struct check *check, const struct field *field,
    const struct node *node, const struct place *place, struct bytes *at)
{
	if (node->kind != NODE_BYTES)
		check_fail(check, place, node, FINDING_TYPE, "a file");
	else if (check_range(check, field, node, place,
	    (double)node->bytes.len))
		*at = node->bytes;
}

void
check_scalar(struct check *check, const struct field *field,
    const struct node *node, const struct place *place, void *at)
{
	switch (field->type) {
	case FIELD_TYPE_BOOL:
		check_bool(check, node, place, at);
		break;
	case FIELD_TYPE_INT:
		check_int(check, field, node, place, at);
		break;
	case FIELD_TYPE_NUMBER:
		check_number(check, field, node, place, at);
		break;
	case FIELD_TYPE_CHOICE:
		check_choice(check, field, node, place, at);
		break;
	case FIELD_TYPE_FILE:
		check_file(check, field, node, place, at);
		break;
	default:
		check_text(check, field, node, place, at);
		break;
	}
}
