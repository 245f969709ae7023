/* SPDX-License-Identifier: EUPL-1.2 */
/* Hashes and signatures of the audit log. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "core/audit_chain.h"

#define MARK		"stadtkern-audit-1"
#define WORDS		8

void
chain_hash(const unsigned char *previous, const struct chain_entry *entry,
    unsigned char *hash)
{
	crypto_hash_sha256_state	 state;
	const char			*part;
	char				 len[24];
	int				 i;

	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, previous, CHAIN_HASH_LEN);
	for (i = 0; i < CHAIN_PARTS; i++) {
		part = entry->parts[i];
		(void)snprintf(len, sizeof(len), part == NULL ? "-1:" : "%zu:",
		    part == NULL ? (size_t)0 : strlen(part));
		(void)crypto_hash_sha256_update(&state,
		    (const unsigned char *)len, strlen(len));
		if (part != NULL)
			(void)crypto_hash_sha256_update(&state,
			    (const unsigned char *)part, strlen(part));
		(void)crypto_hash_sha256_update(&state,
		    (const unsigned char *)",", 1);
	}
	(void)crypto_hash_sha256_final(&state, hash);
}

const char *
chain_kind_text(enum chain_kind kind)
{
	return (kind == CHAIN_ANCHOR ? "anchor" : "head");
}

/* What is signed: the line up to the blank before the signature. */
static size_t
checkpoint_text(const struct checkpoint *checkpoint, char *text)
{
	char	hash[CHAIN_HASH_LEN * 2 + 1], key[CHAIN_KEY_LEN * 2 + 1];
	int	len;

	(void)sodium_bin2hex(hash, sizeof(hash), checkpoint->hash,
	    CHAIN_HASH_LEN);
	(void)sodium_bin2hex(key, sizeof(key), checkpoint->key, CHAIN_KEY_LEN);
	len = snprintf(text, CHAIN_LINE_MAX, MARK " %s %" PRId32 " %" PRId64
	    " %s %s %s", chain_kind_text(checkpoint->kind),
	    checkpoint->tenant, checkpoint->number, hash, checkpoint->at, key);
	return ((size_t)len);
}

void
checkpoint_sign(struct checkpoint *checkpoint, const unsigned char *secret_key)
{
	char	text[CHAIN_LINE_MAX];
	size_t	len;

	(void)crypto_sign_ed25519_sk_to_pk(checkpoint->key, secret_key);
	len = checkpoint_text(checkpoint, text);
	(void)crypto_sign_detached(checkpoint->signature, NULL,
	    (const unsigned char *)text, len, secret_key);
}

bool
checkpoint_holds(const struct checkpoint *checkpoint)
{
	char	text[CHAIN_LINE_MAX];
	size_t	len;

	len = checkpoint_text(checkpoint, text);
	return (crypto_sign_verify_detached(checkpoint->signature,
	    (const unsigned char *)text, len, checkpoint->key) == 0);
}

const char *
checkpoint_line(struct arena *arena, const struct checkpoint *checkpoint)
{
	char	text[CHAIN_LINE_MAX], hex[CHAIN_SIGNATURE_LEN * 2 + 1];

	(void)checkpoint_text(checkpoint, text);
	(void)sodium_bin2hex(hex, sizeof(hex), checkpoint->signature,
	    CHAIN_SIGNATURE_LEN);
	return (arena_format(arena, "%s %s", text, hex));
}

/* Exactly so many bytes, in lower case. */
static bool
hex_read(const char *text, unsigned char *bytes, size_t len)
{
	size_t	got;

	return (strlen(text) == len * 2 &&
	    strspn(text, "0123456789abcdef") == len * 2 &&
	    sodium_hex2bin(bytes, len, text, len * 2, NULL, &got, NULL) == 0 &&
	    got == len);
}

/* Digits as they are written, no sign and no zero before them. */
static bool
number_read(const char *text, int64_t max, int64_t *number)
{
	size_t	len;

	len = strlen(text);
	if (len == 0 || len > 18 || strspn(text, "0123456789") != len ||
	    (*text == '0' && len > 1))
		return (false);
	*number = strtoll(text, NULL, 10);
	return (*number <= max);
}

static bool
time_is_formed(const char *text)
{
	static const char	form[] = "dddd-dd-ddTdd:dd:ddZ";
	size_t			i;

	if (strlen(text) != CHAIN_TIME_LEN)
		return (false);
	for (i = 0; i < CHAIN_TIME_LEN; i++) {
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' :
		    text[i] != form[i])
			return (false);
	}
	return (true);
}

/* The words of `text`, which is cut at single blanks; false: not so many. */
static bool
words_split(char *text, char **words)
{
	size_t	i;

	for (i = 0; i < WORDS; i++) {
		words[i] = text;
		text += strcspn(text, " ");
		if ((*text == '\0') != (i + 1 == WORDS))
			return (false);
		*text++ = '\0';
	}
	return (true);
}

enum status
checkpoint_read(const char *line, size_t len, struct checkpoint *checkpoint)
{
	char	text[CHAIN_LINE_MAX], *words[WORDS];
	int64_t	tenant;

	if (len >= sizeof(text) || memchr(line, '\0', len) != NULL)
		return (STATUS_INVALID);
	memcpy(text, line, len);
	text[len] = '\0';
	memset(checkpoint, 0, sizeof(*checkpoint));
	if (!words_split(text, words) || strcmp(words[0], MARK) != 0 ||
	    !number_read(words[2], INT32_MAX, &tenant) ||
	    !number_read(words[3], INT64_MAX, &checkpoint->number) ||
	    !hex_read(words[4], checkpoint->hash, CHAIN_HASH_LEN) ||
	    !time_is_formed(words[5]) ||
	    !hex_read(words[6], checkpoint->key, CHAIN_KEY_LEN) ||
	    !hex_read(words[7], checkpoint->signature, CHAIN_SIGNATURE_LEN))
		return (STATUS_INVALID);
	if (strcmp(words[1], "anchor") == 0)
		checkpoint->kind = CHAIN_ANCHOR;
	else if (strcmp(words[1], "head") != 0)
		return (STATUS_INVALID);
	checkpoint->tenant = (int32_t)tenant;
	memcpy(checkpoint->at, words[5], CHAIN_TIME_LEN);
	return (STATUS_OK);
}
