/* SPDX-License-Identifier: EUPL-1.2 */
/* Passkeys, the server's half. */

#include <string.h>
#include <strings.h>

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <sodium.h>

#include <stadtkern/node.h>

#include "core/crypto.h"
#include "core/proof/cbor.h"
#include "core/proof/passkey.h"

#define CLIENT_DATA_MAX	4096	/* bytes; browsers send about 150 */
#define FLAG_PRESENT	0x01	/* 6.1: UP, UV, AT */
#define FLAG_VERIFIED	0x04
#define FLAG_CREDENTIAL	0x40
#define FLAG_EXTENSIONS	0x80
#define DATA_HEAD	37	/* bytes: relying party, flags, counter */
#define CREDENTIAL_HEAD	18	/* bytes: maker's id, length of ours */

static const int algorithms[] = { COSE_ES256, COSE_EDDSA, COSE_RS256 };

const char *
passkey_host(struct arena *arena, const char *host)
{
	char	*name, *at;

	name = arena_copy(arena, host, strcspn(host, ":"));
	for (at = name; *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return (name);
}

bool
host_is_local(struct arena *arena, const char *host)
{
	const char	*name, *last;

	name = passkey_host(arena, host);
	last = strrchr(name, '.') == NULL ? name : strrchr(name, '.') + 1;
	return (strcmp(last, "localhost") == 0);
}

/* Over TLS, or on one's own machine, which browsers trust as much. */
static bool
origin_fits(struct arena *arena, const char *origin, const char *host)
{
	if (strncmp(origin, "https://", 8) == 0)
		return (strcasecmp(origin + 8, host) == 0);
	return (strncmp(origin, "http://", 7) == 0 &&
	    host_is_local(arena, host) && strcasecmp(origin + 7, host) == 0);
}

static const char *
text_of(const struct node *map, const char *name)
{
	const struct node	*node;

	node = node_get(map, name);
	return (node == NULL || node->kind != NODE_TEXT ? "" : node->text);
}

enum status
passkey_client_data(struct arena *arena,
    const struct passkey_question *question, struct bytes client_data,
    const char *type)
{
	const struct node	*cross;
	struct findings		 findings;
	struct bytes		 challenge;
	struct node		*map;

	findings_init(&findings, arena);
	if (question->challenge.at == NULL || client_data.at == NULL ||
	    client_data.len > CLIENT_DATA_MAX ||
	    node_from_json(arena, (const char *)client_data.at,
	    client_data.len, &map, &findings) != STATUS_OK ||
	    map->kind != NODE_MAP || strcmp(text_of(map, "type"), type) != 0)
		return (STATUS_REFUSED);
	if (crypto_unbase64(arena, text_of(map, "challenge"), &challenge) !=
	    STATUS_OK || challenge.len != question->challenge.len ||
	    sodium_memcmp(challenge.at, question->challenge.at,
	    challenge.len) != 0)
		return (STATUS_REFUSED);
	cross = node_get(map, "crossOrigin");
	if (cross != NULL && (cross->kind != NODE_BOOL || cross->boolean))
		return (STATUS_REFUSED);
	return (origin_fits(arena, text_of(map, "origin"), question->host) ?
	    STATUS_OK : STATUS_REFUSED);
}

static struct bytes
bytes_copy(struct arena *arena, const unsigned char *at, size_t len)
{
	struct bytes	bytes;

	bytes.at = arena_copy(arena, at, len);
	bytes.len = len;
	return (bytes);
}

/*
 * Whether authenticator data (6.1) has the form that its flags say: of a new
 * passkey its id and its key, of a used one nothing, as we ask for no
 * extensions; browsers ask makers of keys for some when a passkey is made.
 */
static bool
data_fits(struct bytes data, bool is_new)
{
	size_t	at, items;

	if (data.at == NULL || data.len < DATA_HEAD)
		return (false);
	if (!is_new)
		return (data.len == DATA_HEAD);
	at = DATA_HEAD + CREDENTIAL_HEAD;
	if ((data.at[32] & FLAG_CREDENTIAL) == 0 || data.len < at)
		return (false);
	at += (size_t)data.at[at - 2] << 8 | data.at[at - 1];
	items = (data.at[32] & FLAG_EXTENSIONS) != 0 ? 2 : 1;
	return (data.len >= at &&
	    cbor_fits(data.at + at, data.len - at, items));
}

/* The key inside says its algorithm; libfido2 wants to know before. */
static fido_cred_t *
credential_read(struct bytes data)
{
	fido_cred_t	*cred;
	size_t		 i;

	for (i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		if ((cred = fido_cred_new()) == NULL)
			return (NULL);
		if (fido_cred_set_type(cred, algorithms[i]) == FIDO_OK &&
		    fido_cred_set_authdata_raw(cred, data.at, data.len) ==
		    FIDO_OK)
			return (cred);
		fido_cred_free(&cred);
	}
	return (NULL);
}

static bool
credential_fits(const fido_cred_t *cred, const char *name)
{
	const uint8_t	want = FLAG_PRESENT | FLAG_VERIFIED | FLAG_CREDENTIAL;
	unsigned char	hash[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(hash, (const unsigned char *)name,
	    strlen(name));
	return (fido_cred_authdata_raw_len(cred) > sizeof(hash) &&
	    sodium_memcmp(fido_cred_authdata_raw_ptr(cred), hash,
	    sizeof(hash)) == 0 && (fido_cred_flags(cred) & want) == want &&
	    fido_cred_id_len(cred) >= 16 && fido_cred_id_len(cred) <= 1023 &&
	    fido_cred_pubkey_len(cred) != 0);
}

enum status
passkey_made(struct arena *arena, const struct passkey_question *question,
    const struct passkey_answer *answer, struct passkey *made)
{
	enum status	 status;
	fido_cred_t	*cred;

	if (passkey_client_data(arena, question, answer->client_data,
	    "webauthn.create") != STATUS_OK ||
	    !data_fits(answer->data, true) ||
	    (cred = credential_read(answer->data)) == NULL)
		return (STATUS_REFUSED);
	status = STATUS_REFUSED;
	if (credential_fits(cred, passkey_host(arena, question->host))) {
		made->credential = bytes_copy(arena, fido_cred_id_ptr(cred),
		    fido_cred_id_len(cred));
		made->public_key = bytes_copy(arena,
		    fido_cred_pubkey_ptr(cred), fido_cred_pubkey_len(cred));
		made->algorithm = fido_cred_type(cred);
		made->counter = fido_cred_sigcount(cred);
		status = STATUS_OK;
	}
	fido_cred_free(&cred);
	return (status);
}

static bool
verify_es256(const fido_assert_t *assertion, struct bytes key)
{
	es256_pk_t	*pk;
	bool		 right;

	right = (pk = es256_pk_new()) != NULL &&
	    es256_pk_from_ptr(pk, key.at, key.len) == FIDO_OK &&
	    fido_assert_verify(assertion, 0, COSE_ES256, pk) == FIDO_OK;
	es256_pk_free(&pk);
	return (right);
}

static bool
verify_eddsa(const fido_assert_t *assertion, struct bytes key)
{
	eddsa_pk_t	*pk;
	bool		 right;

	right = (pk = eddsa_pk_new()) != NULL &&
	    eddsa_pk_from_ptr(pk, key.at, key.len) == FIDO_OK &&
	    fido_assert_verify(assertion, 0, COSE_EDDSA, pk) == FIDO_OK;
	eddsa_pk_free(&pk);
	return (right);
}

static bool
verify_rs256(const fido_assert_t *assertion, struct bytes key)
{
	rs256_pk_t	*pk;
	bool		 right;

	right = (pk = rs256_pk_new()) != NULL &&
	    rs256_pk_from_ptr(pk, key.at, key.len) == FIDO_OK &&
	    fido_assert_verify(assertion, 0, COSE_RS256, pk) == FIDO_OK;
	rs256_pk_free(&pk);
	return (right);
}

static bool
assertion_verify(const fido_assert_t *assertion,
    const struct passkey *passkey)
{
	switch (passkey->algorithm) {
	case COSE_ES256:
		return (verify_es256(assertion, passkey->public_key));
	case COSE_EDDSA:
		return (verify_eddsa(assertion, passkey->public_key));
	case COSE_RS256:
		return (verify_rs256(assertion, passkey->public_key));
	default:
		return (false);
	}
}

enum status
passkey_used(struct arena *arena, const struct passkey_question *question,
    const struct passkey_answer *answer, const struct passkey *passkey,
    int64_t *counter)
{
	enum status	 status;
	fido_assert_t	*assertion;

	if (passkey_client_data(arena, question, answer->client_data,
	    "webauthn.get") != STATUS_OK || passkey->public_key.at == NULL ||
	    !data_fits(answer->data, false) || answer->signature.len == 0 ||
	    (assertion = fido_assert_new()) == NULL)
		return (STATUS_REFUSED);
	status = STATUS_REFUSED;
	/* Relying party, presence and verification are compared in there. */
	if (fido_assert_set_count(assertion, 1) == FIDO_OK &&
	    fido_assert_set_rp(assertion, passkey_host(arena,
	    question->host)) == FIDO_OK &&
	    fido_assert_set_up(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
	    fido_assert_set_uv(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
	    fido_assert_set_clientdata(assertion, answer->client_data.at,
	    answer->client_data.len) == FIDO_OK &&
	    fido_assert_set_authdata_raw(assertion, 0, answer->data.at,
	    answer->data.len) == FIDO_OK &&
	    fido_assert_set_sig(assertion, 0, answer->signature.at,
	    answer->signature.len) == FIDO_OK &&
	    assertion_verify(assertion, passkey)) {
		*counter = fido_assert_sigcount(assertion, 0);
		status = STATUS_OK;
	}
	fido_assert_free(&assertion);
	return (status);
}
