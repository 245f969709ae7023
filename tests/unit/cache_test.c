/* SPDX-License-Identifier: EUPL-1.2 */
/* The answers that a worker keeps. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "web/cache.h"

#define MAX	65536u

static struct tenant_slot	 one = { .id = 1 };
static struct tenant_slot	 two = { .id = 2 };

static struct cached
answer_of(const struct cache *cache, const struct tenant_slot *slot,
    const char *body, size_t len, int topic)
{
	struct cached	cached;

	memset(&cached, 0, sizeof(cached));
	cached.status = 200;
	cached.media_type = "application/json";
	cached.body = body;
	cached.len = len;
	cached.topic = topic;
	cached.changes = slot->changes[topic];
	cached.epoch = cache_epoch(cache);
	cache_etag(body, len, cached.etag);
	return (cached);
}

static void
put(struct cache *cache, const struct tenant_slot *slot, const char *language,
    const char *path, const char *query, const char *body)
{
	struct cached	cached;

	cached = answer_of(cache, slot, body, strlen(body), 0);
	cache_put(cache, slot, language, path, query, &cached);
}

static void
expect(struct cache *cache, const struct tenant_slot *slot,
    const char *language, const char *path, const char *query,
    const char *body)
{
	const struct cached	*cached;

	cached = cache_get(cache, slot, language, path, query);
	if (body == NULL) {
		assert_null(cached);
		return;
	}
	assert_non_null(cached);
	assert_int_equal(cached->len, strlen(body));
	assert_memory_equal(cached->body, body, cached->len);
}

static void
an_answer_is_kept_whole_and_as_a_copy(void **state)
{
	struct cache		*cache;
	const struct cached	*cached;
	struct cached		 given;
	char			 body[] = "{\"a\":\0 1}";
	char			 etag[CACHE_ETAG_LEN + 1];

	(void)state;
	cache = cache_new(MAX);
	given = answer_of(cache, &one, body, sizeof(body) - 1, 3);
	cache_etag(body, sizeof(body) - 1, etag);
	cache_put(cache, &one, "de", "/a", NULL, &given);
	memset(body, 'x', sizeof(body));
	cached = cache_get(cache, &one, "de", "/a", NULL);
	assert_non_null(cached);
	assert_int_equal(cached->status, 200);
	assert_int_equal(cached->topic, 3);
	assert_string_equal(cached->media_type, "application/json");
	assert_int_equal(cached->len, 9);
	assert_memory_equal(cached->body, "{\"a\":\0 1}", 9);
	assert_string_equal(cached->etag, etag);
}

static void
nothing_of_one_key_answers_another(void **state)
{
	struct cache	*cache;

	(void)state;
	cache = cache_new(MAX);
	put(cache, &one, "de", "/a", "x=1", "mine");
	expect(cache, &one, "de", "/a", "x=1", "mine");
	expect(cache, &two, "de", "/a", "x=1", NULL);
	expect(cache, &one, "en", "/a", "x=1", NULL);
	expect(cache, &one, "de", "/b", "x=1", NULL);
	expect(cache, &one, "de", "/a", "x=2", NULL);
	expect(cache, &one, "de", "/a", NULL, NULL);
	expect(cache, &one, "de", "/a?x=1", NULL, NULL);
	put(cache, &two, "de", "/a", "x=1", "theirs");
	expect(cache, &one, "de", "/a", "x=1", "mine");
	expect(cache, &two, "de", "/a", "x=1", "theirs");
}

static void
a_line_break_moves_nothing_from_one_part_of_a_key_to_the_next(void **state)
{
	struct cache	*cache;

	(void)state;
	cache = cache_new(MAX);
	put(cache, &one, "de", "/a", "b\n", "query");
	expect(cache, &one, "de", "/a\nb", "", NULL);
	expect(cache, &one, "de", "/a\nb\n", NULL, NULL);
	expect(cache, &one, "de\n/a", "b", NULL, NULL);
	put(cache, &one, "de", "/a\nb\n", NULL, "path");
	expect(cache, &one, "de", "/a", "b\n", "query");
}

static void
a_change_of_its_topic_makes_an_answer_stale(void **state)
{
	const struct cached	*cached;
	struct tenant_slot	 slot = { .id = 7 };
	struct cached		 given;
	struct cache		*cache;

	(void)state;
	cache = cache_new(MAX);
	given = answer_of(cache, &slot, "old", 3, 5);
	cache_put(cache, &slot, "de", "/a", NULL, &given);
	cached = cache_get(cache, &slot, "de", "/a", NULL);
	assert_true(cache_is_fresh(cache, &slot, cached, 0));
	slot.changes[4]++;
	assert_true(cache_is_fresh(cache, &slot, cached, 0));
	slot.changes[5]++;
	assert_false(cache_is_fresh(cache, &slot, cached, 0));
	expect(cache, &slot, "de", "/a", NULL, "old");

	/* Asked before the change, answered after it: stale from the start. */
	cache_put(cache, &slot, "de", "/a", NULL, &given);
	cached = cache_get(cache, &slot, "de", "/a", NULL);
	assert_false(cache_is_fresh(cache, &slot, cached, 0));

	given = answer_of(cache, &slot, "new", 3, 5);
	cache_put(cache, &slot, "de", "/a", NULL, &given);
	cached = cache_get(cache, &slot, "de", "/a", NULL);
	assert_true(cache_is_fresh(cache, &slot, cached, 0));
	expect(cache, &slot, "de", "/a", NULL, "new");
}

static void
an_answer_with_an_age_is_stale_when_it_is_reached(void **state)
{
	const struct cached	*cached;
	struct cached		 given;
	struct cache		*cache;

	(void)state;
	cache = cache_new(MAX);
	given = answer_of(cache, &one, "aged", 4, 0);
	given.until = 60000;
	given.shared = true;
	cache_put(cache, &one, "de", "/a", NULL, &given);
	cached = cache_get(cache, &one, "de", "/a", NULL);
	assert_true(cached->shared);
	assert_true(cache_is_fresh(cache, &one, cached, 0));
	assert_true(cache_is_fresh(cache, &one, cached, 59999));
	assert_false(cache_is_fresh(cache, &one, cached, 60000));
	assert_false(cache_is_fresh(cache, &one, cached, UINT64_MAX));
	/* Too old is no change: while the database is away it is given. */
	assert_false(cache_is_changed(&one, cached));
	put(cache, &one, "de", "/b", NULL, "ageless");
	cached = cache_get(cache, &one, "de", "/b", NULL);
	assert_false(cached->shared);
	assert_true(cache_is_fresh(cache, &one, cached, UINT64_MAX));
}

static void
what_was_not_heard_puts_all_in_doubt(void **state)
{
	const struct cached	*cached;
	struct cached		 before;
	struct cache		*cache;

	(void)state;
	cache = cache_new(MAX);
	before = answer_of(cache, &one, "old", 3, 0);
	cache_put(cache, &one, "de", "/a", NULL, &before);
	cache_doubt_all(cache);
	cached = cache_get(cache, &one, "de", "/a", NULL);
	assert_false(cache_is_fresh(cache, &one, cached, 0));
	/* What was asked before the gap is in doubt as well. */
	cache_put(cache, &one, "de", "/a", NULL, &before);
	cached = cache_get(cache, &one, "de", "/a", NULL);
	assert_false(cache_is_fresh(cache, &one, cached, 0));
	put(cache, &one, "de", "/a", NULL, "new");
	cached = cache_get(cache, &one, "de", "/a", NULL);
	assert_true(cache_is_fresh(cache, &one, cached, 0));
}

static void
the_least_recently_used_goes_when_there_is_no_more_room(void **state)
{
	struct cached	 cached;
	struct cache	*cache;
	char		 path[16], *body;
	size_t		 i, kept;

	(void)state;
	cache = cache_new(MAX);
	body = malloc(MAX / 10);
	assert_non_null(body);
	memset(body, 'b', MAX / 10);
	cached = answer_of(cache, &one, body, MAX / 10, 0);
	for (i = 0; i < 100; i++) {
		(void)snprintf(path, sizeof(path), "/%zu", i);
		cache_put(cache, &one, "de", path, NULL, &cached);
		assert_non_null(cache_get(cache, &one, "de", "/0", NULL));
	}
	free(body);
	for (i = kept = 0; i < 100; i++) {
		(void)snprintf(path, sizeof(path), "/%zu", i);
		kept += cache_get(cache, &one, "de", path, NULL) != NULL;
	}
	assert_int_equal(kept, 9);
	assert_non_null(cache_get(cache, &one, "de", "/99", NULL));
	assert_null(cache_get(cache, &one, "de", "/50", NULL));
}

static void
what_is_too_large_is_not_kept_and_drives_nothing_out(void **state)
{
	struct cached	 cached;
	struct cache	*cache;
	char		*large;

	(void)state;
	cache = cache_new(MAX);
	put(cache, &one, "de", "/small", NULL, "small");
	large = calloc(1, MAX / 8);
	assert_non_null(large);
	cached = answer_of(cache, &one, large, MAX / 8, 0);
	cache_put(cache, &one, "de", "/large", NULL, &cached);
	expect(cache, &one, "de", "/large", NULL, NULL);
	expect(cache, &one, "de", "/small", NULL, "small");

	memset(large, 'p', MAX / 8 - 1);
	large[MAX / 8 - 1] = '\0';
	put(cache, &one, "de", large, NULL, "a path too long");
	expect(cache, &one, "de", large, NULL, NULL);
	put(cache, &one, "de", "/", large, "a query too long");
	expect(cache, &one, "de", "/", large, NULL);
	free(large);
}

static void
a_cache_of_no_size_keeps_nothing(void **state)
{
	struct cache	*cache;

	(void)state;
	cache = cache_new(0);
	put(cache, &one, "de", "/a", NULL, "");
	expect(cache, &one, "de", "/a", NULL, NULL);
}

static void
an_entity_tag_is_quoted_and_follows_the_bytes(void **state)
{
	char	a[CACHE_ETAG_LEN + 1], b[CACHE_ETAG_LEN + 1];
	size_t	i;

	(void)state;
	cache_etag("a\0b", 3, a);
	cache_etag("a\0b", 3, b);
	assert_string_equal(a, b);
	cache_etag("a\0c", 3, b);
	assert_string_not_equal(a, b);
	assert_int_equal(strlen(a), CACHE_ETAG_LEN);
	assert_int_equal(a[0], '"');
	assert_int_equal(a[CACHE_ETAG_LEN - 1], '"');
	for (i = 1; i < CACHE_ETAG_LEN - 1; i++)
		assert_true(a[i] > ' ' && a[i] != '"' && a[i] < 0x7f);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(an_answer_is_kept_whole_and_as_a_copy),
		cmocka_unit_test(nothing_of_one_key_answers_another),
		cmocka_unit_test(
		    a_line_break_moves_nothing_from_one_part_of_a_key_to_the_next),
		cmocka_unit_test(a_change_of_its_topic_makes_an_answer_stale),
		cmocka_unit_test(an_answer_with_an_age_is_stale_when_it_is_reached),
		cmocka_unit_test(what_was_not_heard_puts_all_in_doubt),
		cmocka_unit_test(
		    the_least_recently_used_goes_when_there_is_no_more_room),
		cmocka_unit_test(
		    what_is_too_large_is_not_kept_and_drives_nothing_out),
		cmocka_unit_test(a_cache_of_no_size_keeps_nothing),
		cmocka_unit_test(an_entity_tag_is_quoted_and_follows_the_bytes),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
