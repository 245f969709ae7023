/* SPDX-License-Identifier: EUPL-1.2 */
/* Signing in, step by step. */

#include <ctype.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/sign_in.h"
#include "core/exchange/cookie.h"
#include "core/plugin/mount.h"
#include "core/proof/passkey.h"
#include "core/proof/totp.h"

#define SESSION_SECONDS	"43200"
#define TICKET_SECONDS	"300"
#define COOKIE_REST	"; Secure; HttpOnly; SameSite=Strict"
#define COOKIES_GONE	"=; Path=/; Max-Age=0" COOKIE_REST
#define RIGHTS_BYTES	65536

struct sign_in {
	const char	*email;
	const char	*password;
	const char	*host;
	const char	*required;
	struct bytes	 account_key;
	struct bytes	 address_key;
	struct bytes	 pair_key;
	const char	*staff_id;
	const char	*token;
	const char	*ticket;
	struct bytes	 session_hash;
	struct bytes	 ticket_hash;
};

const struct field sign_in_fields[] = {
	FIELD_TEXT(struct sign_in, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .required = true, .says = "the staff member's address"),
	FIELD_TEXT(struct sign_in, password, .max = 200, .required = true,
	    .says = "the password"),
	FIELD_COMPUTED(struct sign_in, host),
	FIELD_COMPUTED(struct sign_in, required),
	FIELD_BYTES(struct sign_in, account_key),
	FIELD_BYTES(struct sign_in, address_key),
	FIELD_BYTES(struct sign_in, pair_key),
	FIELD_COMPUTED(struct sign_in, staff_id),
	FIELD_BYTES(struct sign_in, session_hash),
	FIELD_BYTES(struct sign_in, ticket_hash),
	FIELD_END
};

/* What every step after the first has in common; first in its struct. */
struct step {
	struct bytes	 ticket_hash;
	struct bytes	 session_hash;
	const char	*token;
};

struct code {
	struct step	 step_of;
	const char	*code;
	const char	*staff_id;
	const char	*step;
};

#define STEP_FIELDS(T)							\
	{ .name = "ticket_hash", .type = FIELD_TYPE_BYTES,		\
	  .offset = offsetof(T, step_of.ticket_hash),			\
	  .within = sizeof(T) },					\
	{ .name = "session_hash", .type = FIELD_TYPE_BYTES,		\
	  .offset = offsetof(T, step_of.session_hash),			\
	  .within = sizeof(T) }

const struct field code_fields[] = {
	FIELD_TEXT(struct code, code, .min = TOTP_DIGITS, .max = TOTP_DIGITS,
	    .required = true, .says = "the six digits"),
	STEP_FIELDS(struct code),
	FIELD_COMPUTED(struct code, staff_id),
	FIELD_COMPUTED(struct code, step),
	FIELD_END
};

struct passkey_ask {
	struct bytes	 ticket_hash;
	struct bytes	 new_hash;
	struct bytes	 challenge;
	const char	*host;
	const char	*token;
};

const struct field passkey_ask_fields[] = {
	FIELD_BYTES(struct passkey_ask, ticket_hash),
	FIELD_BYTES(struct passkey_ask, new_hash),
	FIELD_BYTES(struct passkey_ask, challenge),
	FIELD_COMPUTED(struct passkey_ask, host),
	FIELD_END
};

struct passkey_step {
	struct step	 step_of;
	const char	*id;
	const char	*client_data;
	const char	*authenticator_data;
	const char	*signature;
	struct bytes	 credential;
	struct passkey_answer answer;
	const char	*host;
	const char	*passkey;
	const char	*counter;
};

const struct field passkey_fields[] = {
	FIELD_TEXT(struct passkey_step, id, .max = 1400, .required = true,
	    .says = "the credential's id, base64url"),
	FIELD_TEXT(struct passkey_step, client_data, .max = 6000,
	    .required = true, .says = "clientDataJSON, base64url"),
	FIELD_TEXT(struct passkey_step, authenticator_data, .max = 6000,
	    .required = true, .says = "authenticatorData, base64url"),
	FIELD_TEXT(struct passkey_step, signature, .max = 6000,
	    .required = true, .says = "signature, base64url"),
	STEP_FIELDS(struct passkey_step),
	FIELD_BYTES(struct passkey_step, credential),
	FIELD_COMPUTED(struct passkey_step, host),
	FIELD_COMPUTED(struct passkey_step, passkey),
	FIELD_COMPUTED(struct passkey_step, counter),
	FIELD_END
};

struct recovery {
	struct step	 step_of;
	const char	*code;
	struct bytes	 code_hash;
};

const struct field recovery_fields[] = {
	FIELD_TEXT(struct recovery, code, .min = 10, .max = 20,
	    .required = true, .says = "one of the recovery codes"),
	STEP_FIELDS(struct recovery),
	FIELD_BYTES(struct recovery, code_hash),
	FIELD_END
};

/* Three keys of one attempt; see sign_in_try() in the migrations. */
static void
attempt_keys(struct exchange *x, struct sign_in *sign_in)
{
	const char	*address;
	char		*email, *at;

	email = arena_text(x->arena, sign_in->email);
	for (at = email; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	address = x->address == NULL ? "" : x->address;
	sign_in->account_key = exchange_hash(x, HASH_SIGN_IN,
	    arena_format(x->arena, "account %s", email));
	sign_in->address_key = exchange_hash(x, HASH_SIGN_IN,
	    arena_format(x->arena, "address %s", address));
	sign_in->pair_key = exchange_hash(x, HASH_SIGN_IN,
	    arena_format(x->arena, "pair %s %s", email, address));
}

enum status
sign_in_prepare(struct exchange *x)
{
	struct sign_in	*sign_in;

	sign_in = exchange_body(x);
	attempt_keys(x, sign_in);
	sign_in->host = passkey_host(x->arena, x->host);
	sign_in->required = strcmp(x->tenant->file.sign_in.second_factor,
	    "required") == 0 ? "t" : "f";
	return (STATUS_OK);
}

/* Right or wrong, the statement after this one has to know. */
enum status
sign_in_work(struct exchange *x, const struct row *row)
{
	struct sign_in	*sign_in;

	sign_in = exchange_body(x);
	if (crypto_password_verify(row_text(row, "password_hash"),
	    sign_in->password) != STATUS_OK)
		return (STATUS_OK);
	sign_in->staff_id = row_text(row, "staff_id");
	sign_in->token = crypto_token(x->arena);
	sign_in->session_hash = exchange_hash(x, HASH_SESSION,
	    sign_in->token);
	sign_in->ticket = crypto_token(x->arena);
	sign_in->ticket_hash = exchange_hash(x, HASH_TICKET, sign_in->ticket);
	return (STATUS_OK);
}

void
cookie_set(struct exchange *x, const char *name, const char *token,
    const char *seconds)
{
	exchange_add_header(x, "set-cookie", arena_format(x->arena,
	    "%s=%s; Path=/; Max-Age=%s" COOKIE_REST, name, token, seconds));
}

enum status
sign_in_answer(struct exchange *x, const struct row *row)
{
	const struct sign_in	*sign_in;
	const char		*body, *steps;

	sign_in = exchange_body(x);
	if ((body = row_text(row, "body")) == NULL)
		return (exchange_refuse(x, "sign-in-failed", NULL));
	steps = row_text(row, "steps");
	if (steps != NULL && *steps == 't') {
		cookie_set(x, TICKET_COOKIE, sign_in->ticket, TICKET_SECONDS);
		return (exchange_answer(x, 200, "application/json", body,
		    strlen(body)));
	}
	cookie_set(x, SESSION_COOKIE, sign_in->token, SESSION_SECONDS);
	return (exchange_answer(x, 201, "application/json", body,
	    strlen(body)));
}

static enum status
step_prepare(struct exchange *x, struct step *step)
{
	const char	*ticket;

	if ((ticket = exchange_cookie(x, TICKET_COOKIE)) == NULL)
		return (exchange_refuse(x, "ticket-unknown", NULL));
	step->ticket_hash = exchange_hash(x, HASH_TICKET, ticket);
	step->token = crypto_token(x->arena);
	step->session_hash = exchange_hash(x, HASH_SESSION, step->token);
	return (STATUS_OK);
}

enum status
session_give(struct exchange *x, const char *token, const char *body)
{
	if (body == NULL)
		return (exchange_refuse(x, "ticket-unknown", NULL));
	cookie_set(x, SESSION_COOKIE, token, SESSION_SECONDS);
	exchange_add_header(x, "set-cookie", TICKET_COOKIE COOKIES_GONE);
	return (exchange_answer(x, 201, "application/json", body,
	    strlen(body)));
}

enum status
step_answer(struct exchange *x, const struct row *row)
{
	const struct step	*step;

	step = exchange_body(x);
	return (session_give(x, step->token, row_text(row, "body")));
}

enum status
code_prepare(struct exchange *x)
{
	struct code	*code;

	code = exchange_body(x);
	if (strspn(code->code, "0123456789") != TOTP_DIGITS) {
		exchange_finding(x, "/code", FINDING_FORMAT, "six digits");
		return (STATUS_INVALID);
	}
	return (step_prepare(x, &code->step_of));
}

enum status
code_work(struct exchange *x, const struct row *row)
{
	struct code	*code;
	struct bytes	 secret;
	int64_t		 step;

	code = exchange_body(x);
	code->staff_id = row_text(row, "staff_id");
	secret = row_bytes(row, "secret");
	if (secret.at == NULL)
		return (STATUS_OK);
	if (!x->tenant->has_secret_key || crypto_open(x->arena,
	    x->tenant->public_key, x->tenant->secret_key, secret, &secret) !=
	    STATUS_OK)
		return (STATUS_CRYPTO);
	step = totp_step(secret, code->code, (int64_t)time(NULL));
	if (step != -1)
		code->step = arena_format(x->arena, "%lld", (long long)step);
	return (STATUS_OK);
}

enum status
passkey_ask_prepare(struct exchange *x)
{
	struct passkey_ask	*ask;
	unsigned char		*challenge;
	const char		*ticket;

	ask = exchange_body(x);
	if ((ticket = exchange_cookie(x, TICKET_COOKIE)) != NULL)
		ask->ticket_hash = exchange_hash(x, HASH_TICKET, ticket);
	ask->token = crypto_token(x->arena);
	ask->new_hash = exchange_hash(x, HASH_TICKET, ask->token);
	challenge = arena_alloc(x->arena, PASSKEY_CHALLENGE_LEN);
	randombytes_buf(challenge, PASSKEY_CHALLENGE_LEN);
	ask->challenge.at = challenge;
	ask->challenge.len = PASSKEY_CHALLENGE_LEN;
	ask->host = passkey_host(x->arena, x->host);
	return (STATUS_OK);
}

void
credentials_write(struct exchange *x, struct json *json, const char *name,
    const struct row *row)
{
	const struct node	*list, *id;
	struct findings		 ignored;
	struct node		*body;
	const char		*text;
	char			*url, *at;

	json_open_array(json, name);
	findings_init(&ignored, x->arena);
	text = row_text(row, "body");
	list = NULL;
	if (text != NULL && node_from_json(x->arena, text, strlen(text),
	    &body, &ignored) == STATUS_OK)
		list = node_get(body, "credentials");
	for (id = list == NULL ? NULL : list->first; id != NULL;
	    id = id->next) {
		/* PostgreSQL's base64 is RFC 2045's; ours is the URL one. */
		url = arena_text(x->arena, id->text);
		for (at = url; *at != '\0'; at++)
			*at = *at == '+' ? '-' : *at == '/' ? '_' :
			    (char)(*at == '=' ? '\0' : *at);
		json_open_object(json, NULL);
		json_text(json, "type", "public-key");
		json_text(json, "id", url);
		json_close(json);
	}
	json_close(json);
}

/* PublicKeyCredentialRequestOptionsJSON (WebAuthn Level 3, 5.5). */
enum status
passkey_ask_answer(struct exchange *x, const struct row *row)
{
	const struct passkey_ask	*ask;
	struct json			 json;
	const char			*text, *is_new;
	size_t				 len;

	ask = exchange_body(x);
	json_init(&json, x->arena, 65536);
	json_open_object(&json, NULL);
	json_text(&json, "challenge", crypto_base64(x->arena,
	    ask->challenge.at, ask->challenge.len));
	json_text(&json, "rpId", ask->host);
	json_text(&json, "userVerification", "required");
	json_int(&json, "timeout", 300000);
	credentials_write(x, &json, "allowCredentials", row);
	json_close(&json);
	text = json_finish(&json, &len);
	is_new = row_text(row, "is_new");
	if (is_new != NULL && *is_new == 't')
		cookie_set(x, TICKET_COOKIE, ask->token, TICKET_SECONDS);
	return (exchange_answer(x, 200, "application/json", text, len));
}

bool
base64_read(struct exchange *x, const char *pointer, const char *text,
    struct bytes *bytes)
{
	if (crypto_unbase64(x->arena, text, bytes) == STATUS_OK &&
	    bytes->len != 0)
		return (true);
	exchange_finding(x, pointer, FINDING_FORMAT,
	    "base64url without padding");
	return (false);
}

enum status
passkey_prepare(struct exchange *x)
{
	struct passkey_step	*step;
	bool			 good;

	step = exchange_body(x);
	good = base64_read(x, "/id", step->id, &step->credential);
	good &= base64_read(x, "/client_data", step->client_data,
	    &step->answer.client_data);
	good &= base64_read(x, "/authenticator_data",
	    step->authenticator_data, &step->answer.data);
	good &= base64_read(x, "/signature", step->signature,
	    &step->answer.signature);
	if (!good)
		return (STATUS_INVALID);
	step->host = passkey_host(x->arena, x->host);
	return (step_prepare(x, &step->step_of));
}

/* A number that PostgreSQL wrote; 0 where it did not. */
static int64_t
row_int(const struct row *row, const char *column)
{
	const char	*text;

	text = row_text(row, column);
	return (text == NULL ? 0 : strtoll(text, NULL, 10));
}

enum status
passkey_work(struct exchange *x, const struct row *row)
{
	struct passkey_question	 question;
	struct passkey_step	*step;
	struct passkey		 passkey;
	int64_t			 counter;

	step = exchange_body(x);
	question.host = x->host;
	question.challenge = row_bytes(row, "challenge");
	passkey.algorithm = (int)row_int(row, "algorithm");
	passkey.public_key = row_bytes(row, "public_key");
	if (passkey_used(x->arena, &question, &step->answer, &passkey,
	    &counter) != STATUS_OK)
		return (STATUS_OK);
	step->passkey = row_text(row, "passkey");
	step->counter = arena_format(x->arena, "%lld", (long long)counter);
	return (STATUS_OK);
}

/* As they are written down: any case, with hyphens and blanks or without. */
enum status
recovery_prepare(struct exchange *x)
{
	struct recovery	*recovery;
	const char	*from;
	char		*code, *to;

	recovery = exchange_body(x);
	to = code = arena_text(x->arena, recovery->code);
	for (from = recovery->code; *from != '\0'; from++)
		if (isalnum((unsigned char)*from))
			*to++ = (char)tolower((unsigned char)*from);
	*to = '\0';
	recovery->code_hash = exchange_hash(x, HASH_RECOVERY, code);
	return (step_prepare(x, &recovery->step_of));
}

/* Whether a role in `list`, PostgreSQL's "{a,b}", gives a right; codes need
 * no quotes there. */
static bool
roles_give(const struct exchange *x, const char *list,
    const struct loaded *loaded, const char *right)
{
	const char	*at;
	size_t		 len;

	for (at = list; *at != '\0'; at += len) {
		at += strspn(at, "{,}");
		len = strcspn(at, "{,}");
		if (len != 0 && tenant_role_gives(x->tenant,
		    arena_copy(x->arena, at, len), loaded->plugin->name,
		    right))
			return (true);
	}
	return (false);
}

static void
rights_write(struct exchange *x, struct json *json, const char *roles)
{
	const char *const	*right;
	const struct loaded	*loaded;
	size_t			 i;

	json_open_array(json, "rights");
	for (i = 0; i < x->registry->count; i++) {
		loaded = &x->registry->plugins[i];
		if ((x->tenant->plugins >> i & 1) == 0 ||
		    (right = loaded->plugin->permissions) == NULL)
			continue;
		for (; *right != NULL; right++)
			if (roles_give(x, roles, loaded, *right))
				json_text(json, NULL, arena_format(x->arena,
				    "%s.%s", RIGHTS_OF(loaded->plugin->name),
				    *right));
	}
	json_close(json);
}

enum status
session_answer(struct exchange *x, const struct row *row)
{
	const struct node	*member;
	struct findings		 ignored;
	struct node		*map;
	struct json		 json;
	const char		*body, *roles;
	size_t			 len;

	findings_init(&ignored, x->arena);
	body = row_text(row, "body");
	roles = row_text(row, "roles");
	if (body == NULL || node_from_json(x->arena, body, strlen(body), &map,
	    &ignored) != STATUS_OK)
		return (STATUS_DATABASE);
	json_init(&json, x->arena, RIGHTS_BYTES);
	json_open_object(&json, NULL);
	for (member = map->first; member != NULL; member = member->next)
		node_to_json(&json, member->name, member);
	rights_write(x, &json, roles == NULL ? "" : roles);
	json_close(&json);
	body = json_finish(&json, &len);
	return (exchange_answer(x, 200, "application/json", body, len));
}

enum status
sign_out_answer(struct exchange *x, const struct row *row)
{
	(void)row;
	exchange_add_header(x, "set-cookie", SESSION_COOKIE COOKIES_GONE);
	return (exchange_answer(x, 204, NULL, NULL, 0));
}
