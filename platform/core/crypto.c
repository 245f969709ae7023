/* SPDX-License-Identifier: EUPL-1.2 */
/* Hashes, boxes, passwords; the key files are in keys.c. */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "core/crypto.h"
#include "core/keys.h"

#define TOKEN_LEN		32
#define CODE_COUNT		1000000u
#define PASSWORD_PASSES		3
#define PASSWORD_MEMORY		((size_t)64 << 20)

#define WRAP_NONCE_LEN		crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define WRAP_TAG_LEN		crypto_aead_xchacha20poly1305_ietf_ABYTES
#define WRAPPED_LEN		(WRAP_NONCE_LEN + CRYPTO_KEY_LEN + WRAP_TAG_LEN)

static_assert(CRYPTO_KEY_LEN == crypto_kdf_KEYBYTES, "hash.key");
static_assert(CRYPTO_KEY_LEN == crypto_box_SECRETKEYBYTES, "courier.key");
static_assert(CRYPTO_KEY_LEN ==
    crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "wrap.key");

/* Makes what derives from hash.key differ from any other use of that key. */
static const char	kdf_context[crypto_kdf_CONTEXTBYTES] = {
	's', 't', 'd', 't', 'k', 'e', 'r', 'n'
};

/*
 * The hash of a password that nobody has: an unknown account costs the same
 * time as a wrong password. Its parameters have to be those above.
 */
static const char	nobody[] =
    "$argon2id$v=19$m=65536,t=3,p=1$"
    "tuSiZEDKgeHLdzQ5ADceHw$k5ZWZOT+O+iIoNsJSHWBMS/UPiXbEJ+Rgmt18DWMbTA";

void
crypto_ready(void)
{
	int	rc;

	rc = sodium_init();
	assert(rc != -1);
	(void)rc;
}

static void
tenant_bytes(int32_t tenant_id, unsigned char *out)
{
	uint32_t	 id;
	size_t		 i;

	id = (uint32_t)tenant_id;
	for (i = 0; i < 4; i++)
		out[i] = (unsigned char)(id >> (8 * i));
}

void
crypto_digest(const struct keys *keys, enum hash_purpose purpose,
    int32_t tenant_id, const void *bytes, size_t len, unsigned char *out)
{
	crypto_generichash_state	 state;
	unsigned char			 key[CRYPTO_KEY_LEN], tenant[4];

	crypto_ready();
	tenant_bytes(tenant_id, tenant);
	(void)crypto_kdf_derive_from_key(key, sizeof(key), (uint64_t)purpose,
	    kdf_context, keys->hash);
	(void)crypto_generichash_init(&state, key, sizeof(key),
	    CRYPTO_HASH_LEN);
	(void)crypto_generichash_update(&state, tenant, sizeof(tenant));
	(void)crypto_generichash_update(&state, bytes, len);
	(void)crypto_generichash_final(&state, out, CRYPTO_HASH_LEN);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(&state, sizeof(state));
}

char *
crypto_token(struct arena *arena)
{
	unsigned char	 token[TOKEN_LEN];
	char		*text;

	crypto_ready();
	randombytes_buf(token, sizeof(token));
	text = crypto_base64(arena, token, sizeof(token));
	sodium_memzero(token, sizeof(token));
	return (text);
}

char *
crypto_code(struct arena *arena)
{
	crypto_ready();
	return (arena_format(arena, "%06u",
	    (unsigned int)randombytes_uniform(CODE_COUNT)));
}

enum status
crypto_seal(struct arena *arena, const unsigned char *public_key,
    const void *text, size_t len, struct bytes *box)
{
	unsigned char	*bytes;

	crypto_ready();
	bytes = arena_alloc(arena, len + crypto_box_SEALBYTES);
	if (crypto_box_seal(bytes, text, len, public_key) != 0)
		return (STATUS_CRYPTO);
	box->at = bytes;
	box->len = len + crypto_box_SEALBYTES;
	return (STATUS_OK);
}

enum status
crypto_open(struct arena *arena, const unsigned char *public_key,
    const unsigned char *secret_key, struct bytes box, struct bytes *text)
{
	unsigned char	*bytes;
	size_t		 len;

	crypto_ready();
	if (box.at == NULL || box.len < crypto_box_SEALBYTES)
		return (STATUS_CRYPTO);
	len = box.len - crypto_box_SEALBYTES;
	/* One more stays zero, so that a text is a C string as well. */
	bytes = arena_alloc(arena, len + 1);
	if (crypto_box_seal_open(bytes, box.at, box.len, public_key,
	    secret_key) != 0)
		return (STATUS_CRYPTO);
	text->at = bytes;
	text->len = len;
	return (STATUS_OK);
}

static bool
keys_can_wrap(const struct keys *keys)
{
	return (keys->role == KEYS_OFFICE || keys->role == KEYS_CLI);
}

enum status
crypto_tenant_keys(struct arena *arena, const struct keys *keys,
    int32_t tenant_id, unsigned char *public_key, struct bytes *wrapped)
{
	unsigned char	*bytes, secret[CRYPTO_KEY_LEN], tenant[4];

	if (!keys_can_wrap(keys))
		return (STATUS_CRYPTO);
	crypto_ready();
	tenant_bytes(tenant_id, tenant);
	bytes = arena_alloc(arena, WRAPPED_LEN);
	(void)crypto_box_keypair(public_key, secret);
	randombytes_buf(bytes, WRAP_NONCE_LEN);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(
	    bytes + WRAP_NONCE_LEN, NULL, secret, sizeof(secret), tenant,
	    sizeof(tenant), NULL, bytes, keys->wrap);
	sodium_memzero(secret, sizeof(secret));
	wrapped->at = bytes;
	wrapped->len = WRAPPED_LEN;
	return (STATUS_OK);
}

enum status
crypto_tenant_unwrap(const struct keys *keys, int32_t tenant_id,
    struct bytes wrapped, unsigned char *secret_key)
{
	unsigned char	tenant[4];

	if (!keys_can_wrap(keys) || wrapped.at == NULL ||
	    wrapped.len != WRAPPED_LEN)
		return (STATUS_CRYPTO);
	crypto_ready();
	tenant_bytes(tenant_id, tenant);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(secret_key, NULL, NULL,
	    wrapped.at + WRAP_NONCE_LEN, wrapped.len - WRAP_NONCE_LEN, tenant,
	    sizeof(tenant), wrapped.at, keys->wrap) != 0)
		return (STATUS_CRYPTO);
	return (STATUS_OK);
}

char *
crypto_password_hash(struct arena *arena, const char *password)
{
	char	*hash;

	crypto_ready();
	hash = arena_alloc(arena, crypto_pwhash_STRBYTES);
	if (crypto_pwhash_str_alg(hash, password, strlen(password),
	    PASSWORD_PASSES, PASSWORD_MEMORY,
	    crypto_pwhash_ALG_ARGON2ID13) != 0)
		return (NULL);
	return (hash);
}

enum status
crypto_password_verify(const char *hash, const char *password)
{
	char	text[crypto_pwhash_STRBYTES] = "";
	int	rc;

	/* libsodium may read all 128 bytes of what it calls a string. */
	(void)snprintf(text, sizeof(text), "%s", hash == NULL ? nobody : hash);
	crypto_ready();
	rc = crypto_pwhash_str_verify(text, password, strlen(password));
	return (hash != NULL && rc == 0 ? STATUS_OK : STATUS_REFUSED);
}

char *
crypto_base64(struct arena *arena, const void *bytes, size_t len)
{
	const int	 variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	char		*text;
	size_t		 size;

	size = sodium_base64_encoded_len(len, variant);
	text = arena_alloc(arena, size);
	return (sodium_bin2base64(text, size, bytes, len, variant));
}

enum status
crypto_unbase64(struct arena *arena, const char *text, struct bytes *bytes)
{
	unsigned char	*out;
	size_t		 len, size;

	len = strlen(text);
	size = len / 4 * 3 + 3;
	out = arena_alloc(arena, size);
	if (sodium_base642bin(out, size, text, len, NULL, &size, NULL,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return (STATUS_INVALID);
	bytes->at = out;
	bytes->len = size;
	return (STATUS_OK);
}
