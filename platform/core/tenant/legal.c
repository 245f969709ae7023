/* SPDX-License-Identifier: EUPL-1.2 */
/* The table of the section `legal`, and the checks beyond it. */

#include <string.h>

#include "core/document/node_util.h"
#include "core/tenant/legal.h"
#include "core/tenant/tenant.h"

#define POSTCODE_LEN	5
#define VAT_ID_LEN	11	/* DE and nine digits, § 27a UStG */

#define BODY_FIELDS							\
	FIELD_TEXT(struct legal_body, name, .required = true,		\
	    .says = "full name"),					\
	FIELD_TEXT(struct legal_body, street, .required = true,	\
	    .says = "street and number; a post box is not enough"),	\
	FIELD_TEXT(struct legal_body, postcode, .required = true,	\
	    .says = "five digits, in quotes"),				\
	FIELD_TEXT(struct legal_body, town, .required = true)

static const struct field provider_fields[] = {
	BODY_FIELDS,
	FIELD_TEXT(struct legal_body, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .required = true),
	FIELD_TEXT(struct legal_body, phone, .format = FIELD_FORMAT_PHONE,
	    .max = 40, .required = true),
	FIELD_END
};

static const struct field controller_fields[] = {
	FIELD_TEXT(struct legal_body, code, .format = FIELD_FORMAT_CODE),
	BODY_FIELDS,
	FIELD_TEXT(struct legal_body, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .required = true),
	FIELD_TEXT(struct legal_body, phone, .format = FIELD_FORMAT_PHONE,
	    .max = 40),
	FIELD_TEXT(struct legal_body, officer, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .says = "its data protection officer's address"),
	FIELD_END
};

static const struct field officer_fields[] = {
	FIELD_TEXT(struct legal_officer, name),
	FIELD_TEXT(struct legal_officer, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .required = true),
	FIELD_TEXT(struct legal_officer, phone, .format = FIELD_FORMAT_PHONE,
	    .max = 40),
	FIELD_END
};

static const struct field accessibility_fields[] = {
	FIELD_TEXT(struct legal_accessibility, email,
	    .format = FIELD_FORMAT_EMAIL, .max = 254, .required = true,
	    .says = "who reads what citizens feed back"),
	FIELD_TEXT(struct legal_accessibility, phone,
	    .format = FIELD_FORMAT_PHONE, .max = 40),
	FIELD_TEXT(struct legal_accessibility, assessed,
	    .format = FIELD_FORMAT_DAY,
	    .says = "when the self-assessment was made"),
	FIELD_LIST(struct legal_accessibility, gaps, .max = 50,
	    .says = "what is not accessible of the city's own content"),
	FIELD_END
};

const struct field legal_fields[] = {
	FIELD_OBJECT(struct legal, provider, .fields = provider_fields,
	    .required = true, .says = "whose app it is, § 5 DDG"),
	FIELD_TEXT(struct legal, represented_by, .required = true,
	    .says = "who represents it"),
	FIELD_TEXT(struct legal, vat_id, .says = "§ 27a UStG"),
	FIELD_TEXT(struct legal, supervised_by,
	    .says = "its supervisory authority"),
	FIELD_TEXT(struct legal, responsible, .max = 300, .required = true,
	    .says = "name and address of who answers for the content, "
	    "§ 18 (2) MStV"),
	FIELD_OBJECT(struct legal, officer, .fields = officer_fields,
	    .required = true, .says = "the data protection officer"),
	FIELD_OBJECT(struct legal, accessibility,
	    .fields = accessibility_fields, .required = true,
	    .says = "BITVNRW: contact, self-assessment, known gaps"),
	FIELD_KEYED(struct legal, controllers, .fields = controller_fields,
	    .max = 2, .says = "waste, utility: who answers for their data "
	    "where that is not the city"),
	FIELD_END
};

static void
postcode_check(const struct node *body, const char *pointer,
    struct findings *findings)
{
	const struct node	*postcode;
	const char		*text;

	postcode = node_get(body, "postcode");
	if ((text = node_text(postcode)) == NULL ||
	    (strlen(text) == POSTCODE_LEN &&
	    strspn(text, "0123456789") == POSTCODE_LEN))
		return;
	node_finding(findings, postcode, arena_format(findings->arena,
	    "%s/postcode", pointer), FINDING_FORMAT, "five digits");
}

static void
vat_id_check(const struct node *vat_id, struct findings *findings)
{
	const char	*text;

	if ((text = node_text(vat_id)) == NULL ||
	    (strlen(text) == VAT_ID_LEN && strncmp(text, "DE", 2) == 0 &&
	    strspn(text + 2, "0123456789") == VAT_ID_LEN - 2))
		return;
	node_finding(findings, vat_id, "/legal/vat_id", FINDING_FORMAT,
	    "DE and nine digits");
}

static void
controllers_check(const struct node *controllers, struct findings *findings)
{
	const struct node	*one;
	const char		*pointer;

	if (controllers == NULL || controllers->kind != NODE_MAP)
		return;
	for (one = controllers->first; one != NULL; one = one->next) {
		pointer = arena_format(findings->arena,
		    "/legal/controllers/%s", one->name);
		if (strcmp(one->name, "waste") != 0 &&
		    strcmp(one->name, "utility") != 0)
			node_finding(findings, one, pointer, FINDING_CHOICE,
			    "waste, utility");
		postcode_check(one, pointer, findings);
	}
}

enum status
legal_fill(struct arena *arena, const struct node *node,
    const struct legal **legal, struct findings *findings)
{
	struct field_context	 context = { .arena = arena,
				    .findings = findings };
	struct values		 values;
	size_t			 before;

	*legal = NULL;
	if (node == NULL || node->kind == NODE_NULL)
		return (STATUS_OK);
	before = findings->count;
	(void)field_check(&context, legal_fields, node, "/legal", &values);
	postcode_check(node_get(node, "provider"), "/legal/provider",
	    findings);
	vat_id_check(node_get(node, "vat_id"), findings);
	controllers_check(node_get(node, "controllers"), findings);
	if (findings->count != before)
		return (STATUS_INVALID);
	*legal = values.data;
	return (STATUS_OK);
}

const char *
legal_feedback_address(const struct tenant *tenant)
{
	return (tenant->legal == NULL ? tenant->file.email :
	    tenant->legal->accessibility.email);
}
