/* SPDX-License-Identifier: EUPL-1.2 */
/* ID tokens. */

#include <string.h>

#include <cjose/cjose.h>
#include <sodium.h>

#include "core/crypto.h"
#include "courier/id_token.h"

#define TOKEN_MAX	65536	/* bytes */
#define KEYS_MAX	100	/* of a set */
#define KEY_BYTES	16384	/* of one, as JSON */
#define RSA_BITS_MIN	2048
#define CLOCK_SECONDS	60	/* that clocks may differ by */
#define AGE_SECONDS	600	/* since it was issued */

struct jws {
	cjose_jws_t	*jws;
	const char	*alg;
	const char	*kid;		/* NULL: none */
};

static const char *
claim_text(const struct node *map, const char *name)
{
	const struct node	*node;

	node = node_get(map, name);
	return (node == NULL || node->kind != NODE_TEXT ? NULL : node->text);
}

static bool
text_is(const char *text, const char *want)
{
	return (text != NULL && strcmp(text, want) == 0);
}

static enum status
json_read(struct arena *arena, const char *text, size_t len,
    struct node **node)
{
	struct findings	 findings;

	findings_init(&findings, arena);
	if (node_from_json(arena, text, len, node, &findings) != STATUS_OK ||
	    (*node)->kind != NODE_MAP)
		return (STATUS_REFUSED);
	return (STATUS_OK);
}

/*
 * base64url that can be: cjose asserts, and so ends the process, over a length
 * that none has.
 */
static bool
base64_fits(const char *text, size_t len)
{
	static const char	 letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-_";

	return (text != NULL && len > 0 && len % 4 != 1 &&
	    strspn(text, letters) >= len);
}

/* header.payload.signature (RFC 7515, 7.1) */
static bool
token_fits(const char *token)
{
	size_t	 i, len;

	for (i = 0; i < 3; i++) {
		len = strcspn(token, ".");
		if (!base64_fits(token, len) ||
		    token[len] != (i < 2 ? '.' : '\0'))
			return (false);
		token += len + 1;
	}
	return (true);
}

/* Whether a key of the set may have signed this. Its kind has to be the
 * algorithm's: a public key must never be taken for a shared secret. */
static bool
key_fits(const struct node *key, const struct jws *jws)
{
	const char	*use, *alg;

	use = claim_text(key, "use");
	alg = claim_text(key, "alg");
	if (key->kind != NODE_MAP || (use != NULL && strcmp(use, "sig") != 0) ||
	    (alg != NULL && strcmp(alg, jws->alg) != 0) ||
	    (jws->kid != NULL && !text_is(claim_text(key, "kid"), jws->kid)))
		return (false);
	if (strcmp(jws->alg, "RS256") == 0)
		return (text_is(claim_text(key, "kty"), "RSA"));
	return (text_is(claim_text(key, "kty"), "EC") &&
	    text_is(claim_text(key, "crv"), "P-256"));
}

/* What a key is made of and nothing else, for cjose; NULL: it is none. */
static const char *
key_write(struct arena *arena, const struct node *key, size_t *len)
{
	static const char *const	 rsa[] = { "n", "e", NULL };
	static const char *const	 ec[] = { "x", "y", NULL };
	const char *const		*name;
	struct json			 json;
	const char			*kind, *text;

	kind = claim_text(key, "kty");
	json_init(&json, arena, KEY_BYTES);
	json_open_object(&json, NULL);
	json_text(&json, "kty", kind);
	if (strcmp(kind, "EC") == 0)
		json_text(&json, "crv", "P-256");
	for (name = strcmp(kind, "EC") == 0 ? ec : rsa; *name != NULL;
	    name++) {
		text = claim_text(key, *name);
		if (text == NULL || !base64_fits(text, strlen(text)))
			return (NULL);
		json_text(&json, *name, text);
	}
	json_close(&json);
	return (json_finish(&json, len));
}

static bool
key_verifies(struct arena *arena, const struct node *key,
    const struct jws *jws)
{
	cjose_jwk_t	*jwk;
	cjose_err	 err;
	const char	*text;
	size_t		 len;
	bool		 right;

	if ((text = key_write(arena, key, &len)) == NULL ||
	    (jwk = cjose_jwk_import(text, len, &err)) == NULL)
		return (false);
	right = (strcmp(jws->alg, "RS256") != 0 ||
	    cjose_jwk_get_keysize(jwk, &err) >= RSA_BITS_MIN) &&
	    cjose_jws_verify(jws->jws, jwk, &err);
	(void)cjose_jwk_release(jwk);
	return (right);
}

static bool
keys_verify(struct arena *arena, const char *jwks, const struct jws *jws)
{
	const struct node	*keys, *key;
	struct node		*set;

	if (json_read(arena, jwks, strlen(jwks), &set) != STATUS_OK ||
	    (keys = node_get(set, "keys")) == NULL ||
	    keys->kind != NODE_LIST || keys->count > KEYS_MAX)
		return (false);
	for (key = keys->first; key != NULL; key = key->next)
		if (key_fits(key, jws) && key_verifies(arena, key, jws))
			return (true);
	return (false);
}

/* The header says nothing that has to be understood (RFC 7515, 4.1.11). */
static bool
header_fits(struct jws *jws)
{
	cjose_header_t	*header;
	cjose_err	 err;
	char		*critical;

	if ((header = cjose_jws_get_protected(jws->jws)) == NULL)
		return (false);
	critical = cjose_header_get_raw(header, "crit", &err);
	if (critical != NULL) {
		cjose_get_dealloc()(critical);
		return (false);
	}
	jws->alg = cjose_header_get(header, "alg", &err);
	jws->kid = cjose_header_get(header, "kid", &err);
	return (text_is(jws->alg, "ES256") || text_is(jws->alg, "RS256"));
}

/* `aud` is one text or a list; with more than one, `azp` has to be us. */
static bool
audience_fits(const struct node *claims, const char *client_id)
{
	const struct node	*aud, *each;
	const char		*party;
	bool			 found;

	aud = node_get(claims, "aud");
	party = claim_text(claims, "azp");
	if (aud == NULL || (party != NULL && strcmp(party, client_id) != 0))
		return (false);
	if (aud->kind == NODE_TEXT)
		return (strcmp(aud->text, client_id) == 0);
	if (aud->kind != NODE_LIST || (aud->count > 1 && party == NULL))
		return (false);
	found = false;
	for (each = aud->first; each != NULL; each = each->next)
		if (each->kind == NODE_TEXT &&
		    strcmp(each->text, client_id) == 0)
			found = true;
	return (found);
}

static bool
time_fits(const struct node *claims, int64_t now)
{
	const struct node	*until, *since;

	until = node_get(claims, "exp");
	since = node_get(claims, "iat");
	if (until == NULL || since == NULL ||
	    (until->kind != NODE_INT && until->kind != NODE_NUMBER) ||
	    (since->kind != NODE_INT && since->kind != NODE_NUMBER))
		return (false);
	return (until->number > (double)(now - CLOCK_SECONDS) &&
	    since->number < (double)(now + CLOCK_SECONDS) &&
	    since->number > (double)(now - AGE_SECONDS));
}

/* 3.1.3.6: the left half of the access token's hash. */
static bool
access_fits(struct arena *arena, const struct node *claims,
    const char *access_token)
{
	unsigned char	 hash[crypto_hash_sha256_BYTES];
	const char	*said;

	said = claim_text(claims, "at_hash");
	if (said == NULL)
		return (node_get(claims, "at_hash") == NULL);
	if (access_token == NULL)
		return (false);
	(void)crypto_hash_sha256(hash, (const unsigned char *)access_token,
	    strlen(access_token));
	return (strcmp(said, crypto_base64(arena, hash,
	    sizeof(hash) / 2)) == 0);
}

static const char *
claims_problem(struct arena *arena, const struct node *claims,
    const struct id_token_expect *expect)
{
	const char	*subject;

	if (!text_is(claim_text(claims, "iss"), expect->issuer))
		return ("token-issuer");
	if (!audience_fits(claims, expect->client_id))
		return ("token-audience");
	if (!time_fits(claims, expect->now))
		return ("token-time");
	if (!text_is(claim_text(claims, "nonce"), expect->nonce))
		return ("token-nonce");
	if (!access_fits(arena, claims, expect->access_token))
		return ("token-access");
	subject = claim_text(claims, "sub");
	if (subject == NULL || *subject == '\0' || strlen(subject) > 255)
		return ("token-subject");
	return (NULL);
}

static const char *
jws_problem(struct arena *arena, struct jws *jws, const char *jwks,
    const struct id_token_expect *expect, struct node **claims)
{
	cjose_err	 err;
	uint8_t		*text;
	size_t		 len;

	if (!header_fits(jws))
		return ("token-algorithm");
	if (!keys_verify(arena, jwks, jws))
		return ("token-signature");
	if (!cjose_jws_get_plaintext(jws->jws, &text, &len, &err) ||
	    json_read(arena, (const char *)text, len, claims) != STATUS_OK)
		return ("token-malformed");
	return (claims_problem(arena, *claims, expect));
}

enum status
id_token_verify(struct arena *arena, const char *token, const char *jwks,
    const struct id_token_expect *expect, const struct node **claims,
    const char **reason)
{
	struct node	*node;
	struct jws	 jws;
	cjose_err	 err;
	size_t		 len;

	*claims = NULL;
	*reason = "token-malformed";
	len = strlen(token);
	if (len > TOKEN_MAX || !token_fits(token) ||
	    (jws.jws = cjose_jws_import(token, len, &err)) == NULL)
		return (STATUS_REFUSED);
	node = NULL;
	*reason = jws_problem(arena, &jws, jwks, expect, &node);
	cjose_jws_release(jws.jws);
	if (*reason != NULL)
		return (STATUS_REFUSED);
	*claims = node;
	return (STATUS_OK);
}
