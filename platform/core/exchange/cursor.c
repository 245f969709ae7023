/* SPDX-License-Identifier: EUPL-1.2 */
/* Cursors of pages. */

#include <sodium.h>
#include <string.h>

#include <stadtkern/buf.h>

#include "core/exchange/cursor.h"

#define MAC_LEN		8
#define CURSOR_MAX	1024

static void
cursor_hash(struct arena *arena, const struct keys *keys, int32_t tenant_id,
    const char *list, const char *position, unsigned char *hash)
{
	const char	*text;

	text = arena_format(arena, "%s %s", list, position);
	crypto_digest(keys, HASH_CURSOR, tenant_id, text, strlen(text), hash);
}

char *
cursor_write(struct arena *arena, const struct keys *keys, int32_t tenant_id,
    const char *list, const char *position)
{
	unsigned char	 hash[CRYPTO_HASH_LEN];
	struct buf	 buf;
	char		*bytes;
	size_t		 len;

	cursor_hash(arena, keys, tenant_id, list, position, hash);
	buf_init(&buf, arena, CURSOR_MAX);
	buf_add(&buf, hash, MAC_LEN);
	buf_text(&buf, position);
	if ((bytes = buf_finish(&buf, &len)) == NULL)
		return (NULL);
	return (crypto_base64(arena, bytes, len));
}

const char *
cursor_read(struct arena *arena, const struct keys *keys, int32_t tenant_id,
    const char *list, const char *cursor)
{
	unsigned char	 hash[CRYPTO_HASH_LEN];
	struct bytes	 bytes;
	const char	*position;

	if (crypto_unbase64(arena, cursor, &bytes) != STATUS_OK ||
	    bytes.len < MAC_LEN)
		return (NULL);
	position = arena_copy(arena, bytes.at + MAC_LEN, bytes.len - MAC_LEN);
	/* What stands behind a NUL would not be covered by the hash. */
	if (strlen(position) != bytes.len - MAC_LEN)
		return (NULL);
	cursor_hash(arena, keys, tenant_id, list, position, hash);
	return (sodium_memcmp(hash, bytes.at, MAC_LEN) == 0 ? position : NULL);
}
