/* SPDX-License-Identifier: EUPL-1.2 */
/* A hash table of answers with the least recently used at its end. */

#include <sys/queue.h>

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "web/cache.h"

#define BUCKETS		16384u

struct entry {
	struct cached		 cached;
	TAILQ_ENTRY(entry)	 used;
	LIST_ENTRY(entry)	 same;
	uint64_t		 hash;
	int32_t			 tenant_id;
	size_t			 size;
	size_t			 key_len;
	char			 data[];	/* key, media type, body */
};

struct cache {
	size_t				 max;
	size_t				 size;
	uint32_t			 epoch;
	unsigned char			 key[crypto_shorthash_KEYBYTES];
	TAILQ_HEAD(entries, entry)	 used;
	LIST_HEAD(bucket, entry)	 buckets[BUCKETS];
};

#define KEY_MAX	2048

/* "de", "path", "query" with a NUL between: none of them can hold one. 0
 * when it is too long to keep. */
static size_t
cache_key(char *key, const char *language, const char *path,
    const char *query)
{
	size_t	l, p, q;

	l = strlen(language);
	p = strlen(path);
	q = query == NULL ? 0 : strlen(query);
	if (l + p + q + 2 > KEY_MAX)
		return (0);
	memcpy(key, language, l);
	key[l] = '\0';
	memcpy(key + l + 1, path, p);
	key[l + 1 + p] = '\0';
	if (q != 0)
		memcpy(key + l + p + 2, query, q);
	return (l + p + q + 2);
}

static uint64_t
cache_hash(const struct cache *cache, int32_t tenant_id, const char *key,
    size_t len)
{
	uint64_t	hash;

	/* Paths come from anybody: keyed, so that nobody makes one bucket
	 * long. */
	(void)crypto_shorthash((unsigned char *)&hash,
	    (const unsigned char *)key, len, cache->key);
	return (hash ^ (uint64_t)(uint32_t)tenant_id * 0x9e3779b97f4a7c15u);
}

struct cache *
cache_new(size_t max)
{
	struct cache	*cache;

	if ((cache = calloc(1, sizeof(*cache))) == NULL)
		abort();
	cache->max = max;
	TAILQ_INIT(&cache->used);
	crypto_shorthash_keygen(cache->key);
	return (cache);
}

void
cache_doubt_all(struct cache *cache)
{
	cache->epoch++;
}

uint32_t
cache_epoch(const struct cache *cache)
{
	return (cache->epoch);
}

static struct entry *
cache_find(struct cache *cache, int32_t tenant_id, const char *key,
    size_t len, uint64_t hash)
{
	struct entry	*entry;

	LIST_FOREACH(entry, &cache->buckets[hash % BUCKETS], same) {
		/* cppcheck-suppress uninitvar ; it does not see the macro */
		if (entry->hash == hash && entry->tenant_id == tenant_id &&
		    entry->key_len == len &&
		    memcmp(entry->data, key, len) == 0)
			return (entry);
	}
	return (NULL);
}

const struct cached *
cache_get(struct cache *cache, const struct tenant_slot *slot,
    const char *language, const char *path, const char *query)
{
	struct entry	*entry;
	char		 key[KEY_MAX];
	size_t		 len;

	if ((len = cache_key(key, language, path, query)) == 0)
		return (NULL);
	entry = cache_find(cache, slot->id, key, len,
	    cache_hash(cache, slot->id, key, len));
	if (entry == NULL)
		return (NULL);
	TAILQ_REMOVE(&cache->used, entry, used);
	TAILQ_INSERT_HEAD(&cache->used, entry, used);
	return (&entry->cached);
}

bool
cache_is_fresh(const struct cache *cache, const struct tenant_slot *slot,
    const struct cached *cached, uint64_t now)
{
	return (cached->epoch == cache->epoch &&
	    cached->changes == slot->changes[cached->topic] &&
	    (cached->until == 0 || now < cached->until));
}

bool
cache_is_changed(const struct tenant_slot *slot, const struct cached *cached)
{
	return (cached->changes != slot->changes[cached->topic]);
}

static void
cache_drop(struct cache *cache, struct entry *entry)
{
	TAILQ_REMOVE(&cache->used, entry, used);
	LIST_REMOVE(entry, same);
	cache->size -= entry->size;
	free(entry);
}

void
cache_put(struct cache *cache, const struct tenant_slot *slot,
    const char *language, const char *path, const char *query,
    const struct cached *cached)
{
	struct entry	*entry, *last;
	char		 key[KEY_MAX];
	size_t		 len, type_len, size;
	uint64_t	 hash;

	type_len = strlen(cached->media_type) + 1;
	if ((len = cache_key(key, language, path, query)) == 0)
		return;
	size = sizeof(*entry) + len + type_len + cached->len +
	    cached->gzip.len;
	if (size > cache->max / 8)
		return;
	hash = cache_hash(cache, slot->id, key, len);
	if ((entry = cache_find(cache, slot->id, key, len, hash)) != NULL)
		cache_drop(cache, entry);
	while (cache->size + size > cache->max) {
		last = TAILQ_LAST(&cache->used, entries);
		cache_drop(cache, last); /* NOLINT: the list's end moves on */
	}
	if ((entry = malloc(size)) == NULL)
		return;
	entry->cached = *cached;
	entry->hash = hash;
	entry->tenant_id = slot->id;
	entry->size = size;
	entry->key_len = len;
	memcpy(entry->data, key, len);
	memcpy(entry->data + len, cached->media_type, type_len);
	memcpy(entry->data + len + type_len, cached->body, cached->len);
	entry->cached.media_type = entry->data + len;
	entry->cached.body = entry->data + len + type_len;
	if (cached->gzip.at != NULL) {
		memcpy(entry->data + len + type_len + cached->len,
		    cached->gzip.at, cached->gzip.len);
		entry->cached.gzip.at = (unsigned char *)entry->data + len +
		    type_len + cached->len;
	}
	TAILQ_INSERT_HEAD(&cache->used, entry, used);
	LIST_INSERT_HEAD(&cache->buckets[hash % BUCKETS], entry, same);
	cache->size += size;
}

void
cache_etag(const void *bytes, size_t len, char *etag)
{
	unsigned char	hash[16];

	(void)crypto_generichash(hash, sizeof(hash), bytes, len, NULL, 0);
	etag[0] = '"';
	(void)sodium_bin2base64(etag + 1, CACHE_ETAG_LEN - 1, hash,
	    sizeof(hash), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	etag[CACHE_ETAG_LEN - 1] = '"';
	etag[CACHE_ETAG_LEN] = '\0';
}
