/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The audit log's chain and its checkpoints: what is hashed and what is
 * signed. docs/operating.md says it for who wants to verify with tools of
 * their own.
 *
 * An entry's hash is SHA-256 of the previous entry's hash (32 bytes; zeros
 * for the first) and of what the entry says: tenant id, request, at, actor,
 * kind, action, right, object, detail, reads, status, code, each as a
 * netstring ("5:admin,"), or as "-1:," where it is null. Its number is not
 * part of it: its place is said by the hash before it.
 *
 * A checkpoint is a line; what stands before the signature is signed
 * (Ed25519, RFC 8032):
 *	stadtkern-audit-1 head 3 1250 <hash> 2026-11-26T02:00:00Z <key> <sig>
 * tenant id, number of the entry, its hash, time, public key; all bytes in
 * lower-case hexadecimal. "anchor" instead of "head": what is up to there was
 * taken off because its time was over.
 */
#ifndef CORE_AUDIT_CHAIN_H
#define CORE_AUDIT_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include <stadtkern/arena.h>
#include <stadtkern/status.h>

#define CHAIN_HASH_LEN		32
#define CHAIN_KEY_LEN		32
#define CHAIN_SECRET_LEN	64
#define CHAIN_SIGNATURE_LEN	64
#define CHAIN_TIME_LEN		20	/* 2026-11-26T02:00:00Z */
#define CHAIN_LINE_MAX		512

enum chain_part {
	CHAIN_TENANT, CHAIN_REQUEST, CHAIN_AT, CHAIN_ACTOR, CHAIN_KIND,
	CHAIN_ACTION, CHAIN_RIGHT, CHAIN_OBJECT, CHAIN_DETAIL, CHAIN_READS,
	CHAIN_STATUS, CHAIN_CODE, CHAIN_PARTS
};

/* As PostgreSQL gives them as text, times as "2026-11-26T02:00:00.000000Z";
 * NULL: null. */
struct chain_entry {
	const char	*parts[CHAIN_PARTS];
};

void		 chain_hash(const unsigned char *previous,
		    const struct chain_entry *entry, unsigned char *hash);

enum chain_kind { CHAIN_HEAD, CHAIN_ANCHOR };

struct checkpoint {
	enum chain_kind	 kind;
	int32_t		 tenant;
	int64_t		 number;
	unsigned char	 hash[CHAIN_HASH_LEN];
	char		 at[CHAIN_TIME_LEN + 1];
	unsigned char	 key[CHAIN_KEY_LEN];
	unsigned char	 signature[CHAIN_SIGNATURE_LEN];
};

/* "head", "anchor" */
const char	*chain_kind_text(enum chain_kind kind);

/* Signs it; `key` becomes the secret key's public half. */
void		 checkpoint_sign(struct checkpoint *checkpoint,
		    const unsigned char *secret_key);
/* Whether checkpoint->key has signed it. */
bool		 checkpoint_holds(const struct checkpoint *checkpoint);

/* The line, without its end. */
const char	*checkpoint_line(struct arena *arena,
		    const struct checkpoint *checkpoint);

/* Reads one, which is exactly so: STATUS_INVALID otherwise. Whether it was
 * signed is not looked at. */
enum status	 checkpoint_read(const char *line, size_t len,
		    struct checkpoint *checkpoint);

#endif
