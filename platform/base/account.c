/* SPDX-License-Identifier: EUPL-1.2 */
/* One's own account. */

#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/account.h"
#include "base/sign_in.h"
#include "core/document/percent.h"
#include "core/proof/passkey.h"
#include "core/proof/password.h"
#include "core/proof/totp.h"

#define RECOVERY_CODES	10
#define RECOVERY_HALF	5	/* characters; two halves: 50 bits */
#define HEX_LEN		(CRYPTO_HASH_LEN * 2)
#define ANSWER_BYTES	65536

/* No vowel that makes words, nothing that looks like something else. */
static const char	recovery_letters[] = "23456789bcdfghjkmnpqrstvwxyz";

struct rules {
	const char	*required;
};

const struct field rules_query[] = {
	FIELD_COMPUTED(struct rules, required),
	FIELD_END
};

struct totp_offer {
	struct bytes	 plain;
	struct bytes	 secret;
};

const struct field totp_offer_fields[] = {
	FIELD_BYTES(struct totp_offer, secret),
	FIELD_END
};

struct totp_confirm {
	const char	*code;
	const char	*step;
};

const struct field totp_confirm_fields[] = {
	FIELD_TEXT(struct totp_confirm, code, .min = TOTP_DIGITS,
	    .max = TOTP_DIGITS, .required = true, .says = "the six digits"),
	FIELD_COMPUTED(struct totp_confirm, step),
	FIELD_END
};

struct passkey_offer {
	struct bytes	 challenge;
};

const struct field passkey_offer_fields[] = {
	FIELD_BYTES(struct passkey_offer, challenge),
	FIELD_END
};

struct passkey_add {
	const char	*name;
	const char	*client_data;
	const char	*authenticator_data;
	struct passkey_answer answer;
	const char	*host;
	struct bytes	 credential;
	const char	*algorithm;
	struct bytes	 public_key;
	const char	*counter;
};

const struct field passkey_add_fields[] = {
	FIELD_TEXT(struct passkey_add, name, .format = FIELD_FORMAT_LINE,
	    .max = 60, .otherwise = "Passkey",
	    .says = "what its owner calls it"),
	FIELD_TEXT(struct passkey_add, client_data, .max = 6000,
	    .required = true, .says = "clientDataJSON, base64url"),
	FIELD_TEXT(struct passkey_add, authenticator_data, .max = 6000,
	    .required = true, .says = "getAuthenticatorData(), base64url"),
	FIELD_COMPUTED(struct passkey_add, host),
	FIELD_BYTES(struct passkey_add, credential),
	FIELD_COMPUTED(struct passkey_add, algorithm),
	FIELD_BYTES(struct passkey_add, public_key),
	FIELD_COMPUTED(struct passkey_add, counter),
	FIELD_END
};

struct passkey_rename {
	const char	*name;
};

const struct field passkey_rename_fields[] = {
	FIELD_TEXT(struct passkey_rename, name, .format = FIELD_FORMAT_LINE,
	    .min = 1, .max = 60, .required = true,
	    .says = "what its owner calls it"),
	FIELD_END
};

struct recovery_put {
	const char	*hashes;
	char		*codes[RECOVERY_CODES];
};

const struct field recovery_put_fields[] = {
	FIELD_COMPUTED(struct recovery_put, hashes),
	FIELD_END
};

struct password {
	const char	*password;
	const char	*new_password;
	const char	*password_hash;
};

const struct field password_fields[] = {
	FIELD_TEXT(struct password, password, .max = PASSWORD_MAX,
	    .required = true, .says = "the one before"),
	FIELD_TEXT(struct password, new_password, .min = PASSWORD_MIN,
	    .max = PASSWORD_MAX, .required = true,
	    .says = "at least twelve characters"),
	FIELD_COMPUTED(struct password, password_hash),
	FIELD_END
};

enum status
rules_prepare(struct exchange *x)
{
	struct rules	*rules;

	rules = exchange_query(x);
	rules->required = strcmp(x->tenant->file.sign_in.second_factor,
	    "required") == 0 ? "t" : "f";
	return (STATUS_OK);
}

enum status
totp_offer_prepare(struct exchange *x)
{
	struct totp_offer	*offer;

	offer = exchange_body(x);
	offer->plain = totp_secret(x->arena);
	return (crypto_seal(x->arena, x->tenant->public_key, offer->plain.at,
	    offer->plain.len, &offer->secret));
}

enum status
totp_offer_answer(struct exchange *x, const struct row *row)
{
	const struct totp_offer	*offer;
	const char		*secret, *text, *city;
	struct json		 json;
	size_t			 len;

	offer = exchange_body(x);
	secret = totp_base32(x->arena, offer->plain);
	city = percent_write(x->arena, tenant_name(x->tenant));
	json_init(&json, x->arena, ANSWER_BYTES);
	json_open_object(&json, NULL);
	json_text(&json, "secret", secret);
	json_text(&json, "uri", arena_format(x->arena,
	    "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&"
	    "digits=6&period=30", city, percent_write(x->arena, row_text(row,
	    "email") == NULL ? "" : row_text(row, "email")), secret, city));
	json_close(&json);
	text = json_finish(&json, &len);
	return (exchange_answer(x, 200, "application/json", text, len));
}

enum status
totp_confirm_check(struct exchange *x)
{
	const struct totp_confirm	*confirm;

	confirm = exchange_body(x);
	if (confirm->code != NULL &&
	    strspn(confirm->code, "0123456789") != strlen(confirm->code))
		exchange_finding(x, "/code", FINDING_FORMAT, "six digits");
	return (STATUS_OK);
}

enum status
totp_confirm_work(struct exchange *x, const struct row *row)
{
	struct totp_confirm	*confirm;
	struct bytes		 secret;
	int64_t			 step;

	confirm = exchange_body(x);
	secret = row_bytes(row, "pending");
	if (secret.at == NULL)
		return (STATUS_OK);
	if (exchange_unseal(x, secret, &secret) != STATUS_OK)
		return (STATUS_CRYPTO);
	step = totp_step(secret, confirm->code, (int64_t)time(NULL));
	if (step != -1)
		confirm->step = arena_format(x->arena, "%lld",
		    (long long)step);
	return (STATUS_OK);
}

enum status
passkey_offer_prepare(struct exchange *x)
{
	struct passkey_offer	*offer;
	unsigned char		*challenge;

	offer = exchange_body(x);
	challenge = arena_alloc(x->arena, PASSKEY_CHALLENGE_LEN);
	randombytes_buf(challenge, PASSKEY_CHALLENGE_LEN);
	offer->challenge.at = challenge;
	offer->challenge.len = PASSKEY_CHALLENGE_LEN;
	return (STATUS_OK);
}

/* PublicKeyCredentialCreationOptionsJSON (WebAuthn Level 3, 5.4). */
enum status
passkey_offer_answer(struct exchange *x, const struct row *row)
{
	static const int		 algorithms[] = { -7, -8, -257 };
	const struct passkey_offer	*offer;
	struct bytes			 handle;
	struct json			 json;
	const char			*text;
	size_t				 i, len;

	offer = exchange_body(x);
	handle = row_bytes(row, "handle");
	json_init(&json, x->arena, ANSWER_BYTES);
	json_open_object(&json, NULL);
	json_text(&json, "challenge", crypto_base64(x->arena,
	    offer->challenge.at, offer->challenge.len));
	json_open_object(&json, "rp");
	json_text(&json, "id", passkey_host(x->arena, x->host));
	json_text(&json, "name", tenant_name(x->tenant));
	json_close(&json);
	json_open_object(&json, "user");
	json_text(&json, "id", crypto_base64(x->arena, handle.at,
	    handle.len));
	json_text(&json, "name", row_text(row, "email"));
	json_text(&json, "displayName", row_text(row, "name"));
	json_close(&json);
	json_open_array(&json, "pubKeyCredParams");
	for (i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		json_open_object(&json, NULL);
		json_text(&json, "type", "public-key");
		json_int(&json, "alg", algorithms[i]);
		json_close(&json);
	}
	json_close(&json);
	json_open_object(&json, "authenticatorSelection");
	json_text(&json, "residentKey", "required");
	json_bool(&json, "requireResidentKey", true);
	json_text(&json, "userVerification", "required");
	json_close(&json);
	json_text(&json, "attestation", "none");
	json_int(&json, "timeout", 300000);
	credentials_write(x, &json, "excludeCredentials", row);
	json_close(&json);
	text = json_finish(&json, &len);
	return (exchange_answer(x, 200, "application/json", text, len));
}

enum status
passkey_add_prepare(struct exchange *x)
{
	struct passkey_add	*add;
	bool			 good;

	add = exchange_body(x);
	good = base64_read(x, "/client_data", add->client_data,
	    &add->answer.client_data);
	good &= base64_read(x, "/authenticator_data",
	    add->authenticator_data, &add->answer.data);
	add->host = passkey_host(x->arena, x->host);
	return (good ? STATUS_OK : STATUS_INVALID);
}

enum status
passkey_add_work(struct exchange *x, const struct row *row)
{
	struct passkey_question	 question;
	struct passkey_add	*add;
	struct passkey		 made;

	add = exchange_body(x);
	question.host = x->host;
	question.challenge = row_bytes(row, "challenge");
	if (passkey_made(x->arena, &question, &add->answer, &made) !=
	    STATUS_OK)
		return (STATUS_OK);
	add->credential = made.credential;
	add->public_key = made.public_key;
	add->algorithm = arena_format(x->arena, "%d", made.algorithm);
	add->counter = arena_format(x->arena, "%lld",
	    (long long)made.counter);
	return (STATUS_OK);
}

static char *
recovery_code(struct arena *arena)
{
	char	*code;
	size_t	 i;

	code = arena_alloc(arena, 2 * RECOVERY_HALF + 1);
	for (i = 0; i < 2 * RECOVERY_HALF; i++)
		code[i] = recovery_letters[randombytes_uniform(
		    sizeof(recovery_letters) - 1)];
	return (code);
}

enum status
recovery_put_prepare(struct exchange *x)
{
	struct recovery_put	*put;
	struct bytes		 hash;
	struct buf		 buf;
	char			 hex[HEX_LEN + 1];
	size_t			 i;

	put = exchange_body(x);
	buf_init(&buf, x->arena, ANSWER_BYTES);
	buf_char(&buf, '{');
	for (i = 0; i < RECOVERY_CODES; i++) {
		put->codes[i] = recovery_code(x->arena);
		hash = exchange_hash(x, HASH_RECOVERY, put->codes[i]);
		(void)sodium_bin2hex(hex, sizeof(hex), hash.at, hash.len);
		buf_format(&buf, "%s\"\\\\x%s\"", i == 0 ? "" : ",", hex);
	}
	buf_char(&buf, '}');
	put->hashes = buf_finish(&buf, NULL);
	return (STATUS_OK);
}

enum status
recovery_put_answer(struct exchange *x, const struct row *row)
{
	const struct recovery_put	*put;
	struct json			 json;
	const char			*text;
	size_t				 i, len;

	(void)row;
	put = exchange_body(x);
	json_init(&json, x->arena, ANSWER_BYTES);
	json_open_object(&json, NULL);
	json_open_array(&json, "codes");
	for (i = 0; i < RECOVERY_CODES; i++)
		json_text(&json, NULL, arena_format(x->arena, "%.*s-%s",
		    RECOVERY_HALF, put->codes[i],
		    put->codes[i] + RECOVERY_HALF));
	json_close(&json);
	json_close(&json);
	text = json_finish(&json, &len);
	return (exchange_answer(x, 200, "application/json", text, len));
}

enum status
password_work(struct exchange *x, const struct row *row)
{
	struct password	*password;
	const char	*email;

	password = exchange_body(x);
	email = row_text(row, "email");
	if (crypto_password_verify(row_text(row, "password_hash"),
	    password->password) != STATUS_OK)
		return (STATUS_OK);
	if (password_is_weak(password->new_password, email == NULL ? "" :
	    email))
		return (exchange_refuse(x, "password-weak", NULL));
	password->password_hash = crypto_password_hash(x->arena,
	    password->new_password);
	return (password->password_hash == NULL ? STATUS_LIMIT : STATUS_OK);
}
