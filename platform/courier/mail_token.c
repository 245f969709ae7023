/* SPDX-License-Identifier: EUPL-1.2 */
/* Tokens of threads: made, written, found. */

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "courier/mail_token.h"

#define TOKEN_BYTES	10

static const char	letters[] = "abcdefghijklmnopqrstuvwxyz234567";

static char *
lower(struct arena *arena, const char *text)
{
	char	*copy, *at;

	copy = arena_text(arena, text);
	for (at = copy; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return (copy);
}

const char *
mail_token(struct arena *arena, const struct keys *keys, int32_t tenant,
    const char *plugin, const char *thread, const char *address)
{
	unsigned char	 hash[CRYPTO_HASH_LEN];
	const char	*what;
	char		*token;
	size_t		 i, bit;
	unsigned int	 value;

	what = arena_format(arena, "%s\n%s\n%s", plugin, thread,
	    lower(arena, address));
	crypto_digest(keys, HASH_MAIL_TOKEN, tenant, what, strlen(what), hash);
	token = arena_alloc(arena, MAIL_TOKEN_LEN + 1);
	for (i = 0; i < MAIL_TOKEN_LEN; i++) {
		bit = i * 5;
		value = (unsigned int)hash[bit / 8] << 8 | hash[bit / 8 + 1];
		token[i] = letters[value >> (11 - bit % 8) & 31];
	}
	return (token);
}

static const char *
hex(struct arena *arena, const unsigned char *bytes, size_t len)
{
	char	*text;

	text = arena_alloc(arena, len * 2 + 1);
	return (sodium_bin2hex(text, len * 2 + 1, bytes, len));
}

const char *
mail_token_hash(struct arena *arena, const char *text)
{
	unsigned char	 hash[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(hash, (const unsigned char *)text,
	    strlen(text));
	return (hex(arena, hash, sizeof(hash)));
}

const char *
mail_address_hash(struct arena *arena, const struct keys *keys,
    int32_t tenant, const char *address)
{
	unsigned char	 hash[CRYPTO_HASH_LEN];

	address = lower(arena, address);
	crypto_digest(keys, HASH_MAIL_ADDRESS, tenant, address,
	    strlen(address), hash);
	return (hex(arena, hash, sizeof(hash)));
}

const char *
mail_token_address(struct arena *arena, const char *address,
    const char *token)
{
	size_t	 len;

	len = strcspn(address, "@");
	return (arena_format(arena, "%.*s+%s%s", (int)len, address, token,
	    address + len));
}

static const char *
token_at(struct arena *arena, const char *text)
{
	const char	*token;

	if (strlen(text) < MAIL_TOKEN_LEN)
		return (NULL);
	token = lower(arena, arena_copy(arena, text, MAIL_TOKEN_LEN));
	return (strspn(token, letters) == MAIL_TOKEN_LEN ? token : NULL);
}

const char *
mail_token_of_address(struct arena *arena, const char *mailbox,
    const char *address, bool *own)
{
	const char	*host;
	size_t		 len;

	len = strcspn(mailbox, "@");
	host = strrchr(address, '@');
	*own = host != NULL && strcasecmp(host, mailbox + len) == 0 &&
	    strncasecmp(address, mailbox, len) == 0 &&
	    (address[len] == '@' || address[len] == '+');
	if (!*own || address[len] != '+' ||
	    (size_t)(host - address) != len + 1 + MAIL_TOKEN_LEN)
		return (NULL);
	return (token_at(arena, address + len + 1));
}

const char *
mail_token_of_subject(struct arena *arena, const char *subject)
{
	const char	*at, *end;

	for (at = subject; (at = strstr(at, "[#")) != NULL; at++) {
		end = strchr(at, ']');
		if (end == NULL)
			return (NULL);
		if (end - at > MAIL_TOKEN_LEN + 2 &&
		    end[-MAIL_TOKEN_LEN - 1] == '-')
			return (token_at(arena, end - MAIL_TOKEN_LEN));
	}
	return (NULL);
}
