/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Documents against a table with each type of field: the first byte chooses
 * JSON, YAML or a form. What passed is written as SQL and JSON.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stadtkern/field.h>

struct part {
	const char	*code;
	const char	*title;
	int64_t		 weight;
};

struct whole {
	bool			 flag;
	int64_t			 count;
	double			 ratio;
	const char		*note;
	const char		*state;
	const char		*email;
	const char		*url;
	const char		*time;
	const char		*bbox;
	struct part		 part;
	LIST_OF(struct part)	 parts;
	LIST_OF(const char *)	 hosts;
	LIST_OF(struct part)	 keyed;
	const struct node	*any;
	struct sealed		 sealed;
};

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char *const	 states[] = { "open", "done", NULL };

static const struct field part_fields[] = {
	FIELD_TEXT(struct part, code, .format = FIELD_FORMAT_CODE),
	FIELD_TEXT(struct part, title, .required = true),
	FIELD_INT(struct part, weight, .min = 1, .max = 9),
	FIELD_END
};

static const struct field whole_fields[] = {
	FIELD_BOOL(struct whole, flag),
	FIELD_INT(struct whole, count, .otherwise = "5"),
	FIELD_NUMBER(struct whole, ratio, .min = -1, .max = 1),
	FIELD_TEXT(struct whole, note, .multiline = true, .max = 20),
	FIELD_CHOICE(struct whole, state, .choices = states),
	FIELD_TEXT(struct whole, email, .format = FIELD_FORMAT_EMAIL),
	FIELD_TEXT(struct whole, url, .format = FIELD_FORMAT_URL),
	FIELD_TEXT(struct whole, time, .format = FIELD_FORMAT_TIME),
	FIELD_TEXT(struct whole, bbox, .format = FIELD_FORMAT_BBOX),
	FIELD_OBJECT(struct whole, part, .fields = part_fields),
	FIELD_LIST(struct whole, parts, .fields = part_fields, .max = 5),
	FIELD_LIST(struct whole, hosts, .format = FIELD_FORMAT_HOST),
	FIELD_KEYED(struct whole, keyed, .fields = part_fields),
	FIELD_ANY(struct whole, any),
	FIELD_SEALED(struct whole, sealed, .fields = part_fields),
	FIELD_END
};

static enum status
read_document(struct arena *arena, char kind, const char *text, size_t len,
    struct node **node, struct findings *findings)
{
	switch (kind) {
	case 'y':
		return (node_from_yaml(arena, NULL, text, len, node,
		    findings));
	case 'f':
		return (node_from_form(arena, text, len, node, findings));
	default:
		return (node_from_json(arena, text, len, node, findings));
	}
}

/* Whatever passed once passes again as the JSON that it is written as. */
static void
check_written(const struct field_context *ctx, const struct values *values)
{
	const struct field	*field;
	const char		*text;
	struct node		*node;
	size_t			 len;

	for (field = values->fields; field->type != FIELD_TYPE_END; field++) {
		text = field_sql(ctx->arena, values, field->name, &len);
		if (text == NULL || (field->type != FIELD_TYPE_LIST &&
		    field->type != FIELD_TYPE_KEYED &&
		    field->type != FIELD_TYPE_OBJECT))
			continue;
		if (node_from_json(ctx->arena, text, strlen(text), &node,
		    ctx->findings) != STATUS_OK)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct field_context	 ctx = { .seal = NULL };
	struct findings		 findings;
	struct values		 values;
	struct node		*node;

	if (len == 0)
		return (0);
	ctx.arena = arena_new(0);
	ctx.findings = &findings;
	findings_init(&findings, ctx.arena);
	if (read_document(ctx.arena, (char)data[0], (const char *)data + 1,
	    len - 1, &node, &findings) == STATUS_OK) {
		if (field_check(&ctx, whole_fields, node, "/x", &values) ==
		    STATUS_OK)
			check_written(&ctx, &values);
		else if (findings.count == 0)
			abort();
	}
	for (; findings.first != NULL; findings.first = findings.first->next)
		(void)finding_message(ctx.arena, findings.first, "de");
	arena_free(ctx.arena);
	return (0);
}
