/* SPDX-License-Identifier: EUPL-1.2 */
/* Signing in at the city's own system, the office's part. */

#include <string.h>

#include "base/oidc.h"
#include "base/sign_in.h"
#include "core/exchange/cookie.h"
#include "core/proof/passkey.h"

#define SECRETS_BYTES	8192
#define OPTIONS_BYTES	4096

struct oidc_ask {
	const char	*state;
	const char	*ticket;
	struct bytes	 state_hash;
	struct bytes	 ticket_hash;
	struct bytes	 secrets;
};

const struct field oidc_ask_fields[] = {
	FIELD_BYTES(struct oidc_ask, state_hash),
	FIELD_BYTES(struct oidc_ask, ticket_hash),
	FIELD_BYTES(struct oidc_ask, secrets),
	FIELD_END
};

struct oidc_path {
	const char	*state;
	struct bytes	 state_hash;
	struct bytes	 ticket_hash;
};

const struct field oidc_path_fields[] = {
	FIELD_TEXT(struct oidc_path, state, .format = FIELD_FORMAT_LINE,
	    .min = CRYPTO_TOKEN_TEXT, .max = CRYPTO_TOKEN_TEXT,
	    .required = true, .says = "the state, as it was told"),
	FIELD_BYTES(struct oidc_path, state_hash),
	FIELD_BYTES(struct oidc_path, ticket_hash),
	FIELD_END
};

struct oidc_code {
	const char	*code;
	const char	*iss;
	struct bytes	 sealed;
};

const struct field oidc_code_fields[] = {
	FIELD_TEXT(struct oidc_code, code, .format = FIELD_FORMAT_LINE,
	    .max = 2000, .required = true, .says = "`code` of the address"),
	FIELD_TEXT(struct oidc_code, iss, .format = FIELD_FORMAT_LINE,
	    .max = 500, .says = "`iss` of the address, if there is one"),
	FIELD_BYTES(struct oidc_code, sealed),
	FIELD_END
};

struct oidc_session {
	const char	*token;
	struct bytes	 session_hash;
};

const struct field oidc_session_fields[] = {
	FIELD_BYTES(struct oidc_session, session_hash),
	FIELD_END
};

enum status
oidc_options(struct exchange *x, const struct row *row)
{
	const struct oidc_rules	*oidc = &x->tenant->file.sign_in.oidc;
	struct json		 json;
	const char		*text;
	size_t			 len;

	(void)row;
	json_init(&json, x->arena, OPTIONS_BYTES);
	json_open_object(&json, NULL);
	json_text(&json, "city", tenant_name(x->tenant));
	json_bool(&json, "password", true);
	json_bool(&json, "passkey", true);
	json_text(&json, "oidc", oidc->issuer == NULL ? NULL : oidc->name);
	json_close(&json);
	text = json_finish(&json, &len);
	return (exchange_answer(x, 200, "application/json", text, len));
}

/* Sealed: what the courier needs to ask and to check what comes back. */
static enum status
secrets_seal(struct exchange *x, struct oidc_ask *ask)
{
	struct json	 json;
	const char	*text;
	size_t		 len;

	json_init(&json, x->arena, SECRETS_BYTES);
	json_open_object(&json, NULL);
	json_text(&json, "state", ask->state);
	json_text(&json, "nonce", crypto_token(x->arena));
	json_text(&json, "verifier", crypto_token(x->arena));
	json_text(&json, "redirect", arena_format(x->arena, "%s://%s/sign-in",
	    host_is_local(x->arena, x->host) ? "http" : "https", x->host));
	json_close(&json);
	if ((text = json_finish(&json, &len)) == NULL)
		return (STATUS_LIMIT);
	return (crypto_seal(x->arena, x->keys->courier_public, text, len,
	    &ask->secrets));
}

enum status
oidc_ask_prepare(struct exchange *x)
{
	struct oidc_ask	*ask;

	if (x->tenant->file.sign_in.oidc.issuer == NULL)
		return (exchange_refuse(x, "oidc-off", NULL));
	ask = exchange_body(x);
	ask->state = crypto_token(x->arena);
	ask->ticket = crypto_token(x->arena);
	ask->state_hash = exchange_hash(x, HASH_TICKET, ask->state);
	ask->ticket_hash = exchange_hash(x, HASH_TICKET, ask->ticket);
	return (secrets_seal(x, ask));
}

enum status
oidc_ask_answer(struct exchange *x, const struct row *row)
{
	const struct oidc_ask	*ask;
	struct json		 json;
	const char		*text;
	size_t			 len;

	(void)row;
	ask = exchange_body(x);
	json_init(&json, x->arena, OPTIONS_BYTES);
	json_open_object(&json, NULL);
	json_text(&json, "state", ask->state);
	json_text(&json, "phase", "asked");
	json_close(&json);
	text = json_finish(&json, &len);
	cookie_set(x, TICKET_COOKIE, ask->ticket, "600");
	return (exchange_answer(x, 200, "application/json", text, len));
}

/* Whoever has the state alone is not the browser that began. */
enum status
oidc_path_prepare(struct exchange *x)
{
	struct oidc_path	*path;
	const char		*ticket;

	path = exchange_path(x);
	if ((ticket = exchange_cookie(x, TICKET_COOKIE)) == NULL)
		return (exchange_refuse(x, "not-found", NULL));
	path->state_hash = exchange_hash(x, HASH_TICKET, path->state);
	path->ticket_hash = exchange_hash(x, HASH_TICKET, ticket);
	return (STATUS_OK);
}

enum status
oidc_code_prepare(struct exchange *x)
{
	struct oidc_code	*code;
	struct json		 json;
	const char		*text;
	enum status		 status;
	size_t			 len;

	if ((status = oidc_path_prepare(x)) != STATUS_OK)
		return (status);
	code = exchange_body(x);
	json_init(&json, x->arena, SECRETS_BYTES);
	json_open_object(&json, NULL);
	json_text(&json, "code", code->code);
	json_text(&json, "iss", code->iss);
	json_close(&json);
	if ((text = json_finish(&json, &len)) == NULL)
		return (STATUS_LIMIT);
	return (crypto_seal(x->arena, x->keys->courier_public, text, len,
	    &code->sealed));
}

enum status
oidc_session_prepare(struct exchange *x)
{
	struct oidc_session	*session;
	enum status		 status;

	if ((status = oidc_path_prepare(x)) != STATUS_OK)
		return (status);
	session = exchange_body(x);
	session->token = crypto_token(x->arena);
	session->session_hash = exchange_hash(x, HASH_SESSION,
	    session->token);
	return (STATUS_OK);
}

enum status
oidc_session_answer(struct exchange *x, const struct row *row)
{
	const struct oidc_session	*session;

	session = exchange_body(x);
	return (session_give(x, session->token, row_text(row, "body")));
}
