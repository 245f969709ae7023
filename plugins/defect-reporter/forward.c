/* SPDX-License-Identifier: EUPL-1.2 */
/* Letters to outside bodies, their links, and what they do with them. */

#include <string.h>

#include "forward.h"
#include "hooks.h"

#define LETTER_MAX	65536
#define TOKEN_MAX	200	/* longer than any token */

struct forward {
	const char	*body;
	const char	*note;
	int64_t		 days;
	bool		 contact;
	int64_t		 version;
	const char	*status;
	const char	*graph;
	const char	*labels;
	const char	*valid;		/* days, unless .days says */
	const char	*seen;		/* version that the letter was made of */
	struct bytes	 token_hash;
	struct bytes	 letter;
};

struct forward_filter {
	const char	*body;
};

struct change {			/* of a link: revoked, prolonged */
	int64_t		 days;
	int64_t		 version;
};

struct link {
	const char	*token;
	struct bytes	 token_hash;
};

struct act {
	const char	*token;
	const char	*action;
	const char	*text;
	struct bytes	 token_hash;
	const char	*graph;
	const char	*answers_mode;
	const char	*keep;
};

static const char *const actions[] = {
	"accept", "refuse", "answer", "close", NULL
};

#define DAYS_FIELD(T, ...)						\
	FIELD_INT(T, days, .min = 1, .max = 365, __VA_ARGS__)
#define TOKEN_FIELD(T)							\
	FIELD_TEXT(T, token, .format = FIELD_FORMAT_LINE,		\
	    .max = TOKEN_MAX, .required = true,				\
	    .says = "what stands behind the # of the link")
#define LETTER_FIELDS							\
	DAYS_FIELD(struct forward,					\
	    .says = "how long the link opens something; forward_days "	\
	    "otherwise"),						\
	VERSION_FIELD(struct forward),					\
	FIELD_COMPUTED(struct forward, labels),				\
	FIELD_COMPUTED(struct forward, valid),				\
	FIELD_COMPUTED(struct forward, seen),				\
	FIELD_BYTES(struct forward, token_hash),			\
	FIELD_BYTES(struct forward, letter)

const struct field forward_fields[] = {
	FIELD_TEXT(struct forward, body, .format = FIELD_FORMAT_CODE,
	    .required = true, .says = "code of the outside body"),
	FIELD_TEXT(struct forward, note, .min = 1, .max = 2000,
	    .multiline = true,
	    .says = "goes along in the mail; no personal data in it, please"),
	FIELD_BOOL(struct forward, contact,
	    .says = "whether the sender's contact goes along; refused unless "
	    "the sender agreed"),
	FIELD_COMPUTED(struct forward, status),
	FIELD_COMPUTED(struct forward, graph),
	LETTER_FIELDS,
	FIELD_END
};

const struct field resend_fields[] = {
	LETTER_FIELDS,
	FIELD_END
};

const struct field forward_query[] = {
	FIELD_TEXT(struct forward_filter, body, .format = FIELD_FORMAT_CODE,
	    .says = "only those of this outside body"),
	FIELD_END
};

const struct field revoke_fields[] = {
	VERSION_FIELD(struct change),
	FIELD_END
};

const struct field prolong_fields[] = {
	DAYS_FIELD(struct change, .required = true,
	    .says = "how long from now on"),
	VERSION_FIELD(struct change),
	FIELD_END
};

const struct field link_fields[] = {
	TOKEN_FIELD(struct link),
	FIELD_BYTES(struct link, token_hash),
	FIELD_END
};

const struct field act_fields[] = {
	TOKEN_FIELD(struct act),
	FIELD_CHOICE(struct act, action, .choices = actions, .required = true,
	    .says = "what the outside body does"),
	FIELD_TEXT(struct act, text, .min = 1, .max = 4000, .multiline = true,
	    .says = "why it is refused, for the city; or an answer, for all"),
	FIELD_BYTES(struct act, token_hash),
	FIELD_COMPUTED(struct act, graph),
	FIELD_COMPUTED(struct act, answers_mode),
	FIELD_COMPUTED(struct act, keep),
	FIELD_END
};

enum status
forward_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct forward		*forward = exchange_body(exchange);

	if (tenant_outside_body(exchange_tenant(exchange), forward->body) ==
	    NULL) {
		exchange_finding(exchange, "/body", FINDING_REFERENCE,
		    forward->body);
		return (STATUS_INVALID);
	}
	forward->status = settings->forwarded;
	forward->graph = settings->graph;

	return (resend_prepare(exchange));
}

enum status
resend_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct forward		*forward = exchange_body(exchange);

	forward->labels = settings->labels;
	forward->valid = settings->forward_text;

	return (STATUS_OK);
}

/* "Kim Beispiel, kim@example.org"; NULL when there is nothing. */
static const char *
contact_text(struct exchange *exchange, struct bytes box)
{
	static const char *const	 names[] = { "name", "email", "phone" };
	struct arena			*arena = exchange_arena(exchange);
	const struct node		*value;
	struct findings			 findings;
	struct bytes			 text;
	struct node			*node;
	struct buf			 buf;
	size_t				 i;

	if (box.at == NULL ||
	    exchange_unseal(exchange, box, &text) != STATUS_OK)
		return (NULL);
	findings_init(&findings, arena);
	if (node_from_json(arena, (const char *)text.at, text.len, &node,
	    &findings) != STATUS_OK)
		return (NULL);
	buf_init(&buf, arena, LETTER_MAX);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = node_get(node, names[i]);
		if (value != NULL && value->text != NULL)
			buf_format(&buf, "%s%s", buf.len > 0 ? ", " : "",
			    value->text);
	}

	return (buf.len > 0 ? buf_finish(&buf, NULL) : NULL);
}

/* The row's letter, to which is added what is known here alone. */
static enum status
letter_seal(struct exchange *exchange, const struct row *row,
    const struct outside_body *body)
{
	struct arena	*arena = exchange_arena(exchange);
	struct forward	*forward = exchange_body(exchange);
	const char	*text, *token, *contact;
	struct findings	 findings;
	struct json	 json;
	struct node	*node;
	size_t		 len;

	text = row_text(row, "letter");
	findings_init(&findings, arena);
	if (node_from_json(arena, text, strlen(text), &node, &findings) !=
	    STATUS_OK)
		return (STATUS_INVALID);
	token = exchange_token(exchange);
	forward->token_hash = exchange_token_hash(exchange, token);
	forward->seen = row_text(row, "version");
	contact = contact_text(exchange, row_bytes(row, "contact"));

	json_init(&json, arena, LETTER_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "to", body->email);
	json_open_object(&json, "arguments");
	for (node = node->first; node != NULL; node = node->next)
		node_to_json(&json, node->name, node);
	json_text(&json, "city", tenant_name(exchange_tenant(exchange)));
	json_text(&json, "body", body->name);
	json_text(&json, "contact", contact == NULL ? "–" : contact);
	json_text(&json, "link", arena_format(arena,
	    "%s/defect-reporter/forwarded#%s", exchange_origin(exchange),
	    token));
	json_close(&json);
	json_close(&json);
	if ((text = json_finish(&json, &len)) == NULL)
		return (STATUS_LIMIT);

	return (exchange_seal_mail(exchange, text, len, &forward->letter));
}

enum status
forward_work(struct exchange *exchange, const struct row *row)
{
	const struct forward	*forward = exchange_body(exchange);

	if (row == NULL)
		return (STATUS_OK);

	return (letter_seal(exchange, row, tenant_outside_body(
	    exchange_tenant(exchange), forward->body)));
}

enum status
resend_work(struct exchange *exchange, const struct row *row)
{
	const struct outside_body	*body;

	if (row == NULL)
		return (STATUS_OK);
	body = tenant_outside_body(exchange_tenant(exchange),
	    row_text(row, "outside_body"));
	if (body == NULL)
		return (exchange_refuse(exchange, "body-gone", NULL));

	return (letter_seal(exchange, row, body));
}

enum status
link_prepare(struct exchange *exchange)
{
	struct link	*link = exchange_body(exchange);

	link->token_hash = exchange_token_hash(exchange, link->token);

	return (STATUS_OK);
}

enum status
act_check(struct exchange *exchange)
{
	const struct act	*act = exchange_body(exchange);
	enum status		 status;

	status = answer_text_check(exchange, act->text);
	if (act->action == NULL || (act->text != NULL && act->text[0] != '\0'))
		return (status);
	if (strcmp(act->action, "refuse") == 0 ||
	    strcmp(act->action, "answer") == 0) {
		exchange_finding(exchange, "/text", FINDING_REQUIRED, "");
		return (STATUS_INVALID);
	}

	return (status);
}

enum status
act_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct act		*act = exchange_body(exchange);

	act->token_hash = exchange_token_hash(exchange, act->token);
	act->graph = settings->graph;
	act->answers_mode = settings->answers;
	act->keep = settings->keep_text;

	return (STATUS_OK);
}
