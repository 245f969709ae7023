/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The legal pages, and feedback on accessibility (BITVNRW): it becomes a mail
 * to the city's contact. The database gets a box that the courier alone opens.
 */

#include <string.h>

#include "base/legal.h"
#include "core/tenant/legal.h"

#define BOX_MAX		32768u

struct feedback {
	const char	*text;
	const char	*email;
	const char	*page;
	struct bytes	 sealed;
};

const struct field feedback_fields[] = {
	FIELD_TEXT(struct feedback, text, .min = 10, .max = 4000,
	    .multiline = true, .required = true,
	    .says = "what cannot be used, and how"),
	FIELD_TEXT(struct feedback, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .says = "where an answer goes, if one is wanted"),
	FIELD_TEXT(struct feedback, page, .format = FIELD_FORMAT_LINE,
	    .max = 200, .says = "the address of the screen that is meant"),
	FIELD_BYTES(struct feedback, sealed),
	FIELD_END
};

enum status
legal_answer(struct exchange *x, const struct row *row)
{
	const char	*json;
	size_t		 len;

	(void)row;
	json = legal_json(x->arena, x->registry, x->tenant, x->language, &len);
	return (exchange_answer(x, 200, "application/json", json, len));
}

enum status
feedback_prepare(struct exchange *x)
{
	struct feedback	*feedback;
	struct json	 json;
	const char	*text;
	size_t		 len;

	feedback = exchange_body(x);
	json_init(&json, x->arena, BOX_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "to", legal_feedback_address(x->tenant));
	json_open_object(&json, "arguments");
	json_text(&json, "text", feedback->text);
	json_text(&json, "email", feedback->email == NULL ? "–" :
	    feedback->email);
	json_text(&json, "page", feedback->page == NULL ? "–" :
	    feedback->page);
	json_text(&json, "city", tenant_name(x->tenant));
	json_close(&json);
	json_close(&json);
	if ((text = json_finish(&json, &len)) == NULL)
		return (STATUS_LIMIT);
	return (crypto_seal(x->arena, x->keys->courier_public, text, len,
	    &feedback->sealed));
}
