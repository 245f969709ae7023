/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Keys and what is done with them, on libsodium.
 *
 * var/keys/ (made by keys_create at first start, mode 0600):
 *	hash.key	secret, 32 bytes: keyed hashes of tokens, codes,
 *			addresses. Every process reads it.
 *	wrap.key	secret, 32 bytes: wraps the tenants' secret keys. Read by
 *			the office role and the CLI, never by the public role.
 *	courier.pub	public, 32 bytes: what only the courier may read
 *	courier.key	secret, 32 bytes: is sealed to it. Read by the courier.
 *	audit.pub	public, 32 bytes: what the audit log's checkpoints are
 *			verified by
 *	audit.key	secret, 32 bytes: the seed of what signs them. Read by
 *			the courier.
 */
#ifndef CORE_CRYPTO_H
#define CORE_CRYPTO_H

#include <stdint.h>

#include <stadtkern/arena.h>
#include <stadtkern/field.h>
#include <stadtkern/status.h>

#define CRYPTO_KEY_LEN		32
#define CRYPTO_HASH_LEN		32
#define CRYPTO_TOKEN_TEXT	43	/* 32 bytes, base64url, no padding */

enum keys_role { KEYS_PUBLIC, KEYS_OFFICE, KEYS_COURIER, KEYS_CLI };

struct keys {
	unsigned char	hash[CRYPTO_KEY_LEN];
	unsigned char	wrap[CRYPTO_KEY_LEN];		/* OFFICE, CLI */
	unsigned char	courier_public[CRYPTO_KEY_LEN];
	unsigned char	courier_secret[CRYPTO_KEY_LEN];	/* COURIER */
	enum keys_role	role;
};

/* Makes whatever is missing under `dir`; existing keys are never touched. */
enum status	 keys_create(const char *dir);
/* Reads what the role is entitled to. STATUS_IO names the file in the log. */
enum status	 keys_load(struct keys *keys, const char *dir,
		    enum keys_role role);

/* The pair that signs the audit log's checkpoints (Ed25519); made when both
 * halves are missing. */
enum status	 keys_audit_create(const char *dir);
enum status	 keys_audit_public(const char *dir, unsigned char *public_key);
/* 64 bytes, as libsodium wants them. */
enum status	 keys_audit_secret(const char *dir, unsigned char *secret_key);

/*
 * What a keyed hash is for; each purpose has a key of its own, derived from
 * hash.key, and takes the tenant in, so that no hash is worth anything in
 * another tenant or for another purpose.
 */
enum hash_purpose {
	HASH_DEVICE_TOKEN = 1,
	HASH_ADDRESS,
	HASH_CODE,
	HASH_SESSION,
	HASH_CURSOR,
	HASH_CALLER,
	HASH_IDEMPOTENCY,
	HASH_API_KEY,
	HASH_TICKET = 20,
	HASH_INVITATION,
	HASH_RECOVERY,
	HASH_SIGN_IN,		/* who or whence tries to sign in */
	HASH_LINK,		/* of a plugin, for who has no account */
	HASH_MAIL_TOKEN = 40,	/* by which a reply finds its thread */
	HASH_MAIL_ADDRESS,
};

/*
 * BLAKE2b-256, keyed. `out` has CRYPTO_HASH_LEN bytes. (crypto_hash is a
 * symbol of libsodium's.)
 */
void		 crypto_digest(const struct keys *keys,
		    enum hash_purpose purpose, int32_t tenant_id,
		    const void *bytes, size_t len, unsigned char *out);

/* 256 random bits as CRYPTO_TOKEN_TEXT characters of base64url. */
char		*crypto_token(struct arena *arena);
/* Six random decimal digits, uniformly. */
char		*crypto_code(struct arena *arena);

/* A sealed box (crypto_box_seal) for the holder of `public_key`. */
enum status	 crypto_seal(struct arena *arena,
		    const unsigned char *public_key, const void *text,
		    size_t len, struct bytes *box);
/* Opens it; STATUS_CRYPTO when it is not for this key or was altered. */
enum status	 crypto_open(struct arena *arena,
		    const unsigned char *public_key,
		    const unsigned char *secret_key, struct bytes box,
		    struct bytes *text);

/* A tenant's new key pair; the secret half wrapped with keys->wrap
 * (XChaCha20-Poly1305, the tenant's id as associated data). */
enum status	 crypto_tenant_keys(struct arena *arena,
		    const struct keys *keys, int32_t tenant_id,
		    unsigned char *public_key, struct bytes *wrapped);
enum status	 crypto_tenant_unwrap(const struct keys *keys,
		    int32_t tenant_id, struct bytes wrapped,
		    unsigned char *secret_key);

/* Argon2id (RFC 9106), 64 MiB, t=3, p=1 as libsodium has it. Slow. NULL:
 * the memory cannot be had. */
char		*crypto_password_hash(struct arena *arena,
		    const char *password);
/* STATUS_OK or STATUS_REFUSED. `hash` NULL: takes as long, refuses. */
enum status	 crypto_password_verify(const char *hash,
		    const char *password);

/* base64url without padding (RFC 4648, 5). */
char		*crypto_base64(struct arena *arena, const void *bytes,
		    size_t len);
enum status	 crypto_unbase64(struct arena *arena, const char *text,
		    struct bytes *bytes);

#endif
