/* SPDX-License-Identifier: EUPL-1.2 */
/* Key files, keyed hashes, boxes, passwords. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "core/crypto.h"

#include "folder.h"

static struct arena	*arena;
static const char	*folder;
static const char	*dir;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new(0);
	folder = folder_new(arena);
	dir = arena_format(arena, "%s/keys", folder);
	return (folder == NULL ? -1 : 0);
}

static int
teardown(void **state)
{
	(void)state;
	folder_free(folder);
	arena_free(arena);
	return (0);
}

static const char *
key_file(const char *name)
{
	return (arena_format(arena, "%s/%s", dir, name));
}

static void
load(struct keys *keys, enum keys_role role)
{
	assert_int_equal(keys_create(dir), STATUS_OK);
	assert_int_equal(keys_load(keys, dir, role), STATUS_OK);
}

static bool
is_zero(const unsigned char *key)
{
	static const unsigned char	zero[CRYPTO_KEY_LEN];

	return (memcmp(key, zero, sizeof(zero)) == 0);
}

static void
keys_are_made_once_and_only_for_their_owner(void **state)
{
	static const char *const	names[] = {
		"hash.key", "wrap.key", "courier.key", "courier.pub",
	};
	struct keys			one, two;
	struct stat			st;
	size_t				i;

	(void)state;
	load(&one, KEYS_CLI);
	load(&two, KEYS_CLI);
	assert_memory_equal(&one, &two, sizeof(one));
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(stat(key_file(names[i]), &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_int_equal(st.st_size, CRYPTO_KEY_LEN);
		assert_int_equal(st.st_nlink, 1);
	}
}

static void
each_role_gets_its_keys_and_no_others(void **state)
{
	struct keys	keys;

	(void)state;
	load(&keys, KEYS_PUBLIC);
	assert_false(is_zero(keys.hash) || is_zero(keys.courier_public));
	assert_true(is_zero(keys.wrap) && is_zero(keys.courier_secret));
	load(&keys, KEYS_OFFICE);
	assert_false(is_zero(keys.wrap));
	assert_true(is_zero(keys.courier_secret));
	load(&keys, KEYS_COURIER);
	assert_false(is_zero(keys.courier_secret));
	assert_true(is_zero(keys.wrap));
	load(&keys, KEYS_CLI);
	assert_false(is_zero(keys.wrap));
	assert_true(is_zero(keys.courier_secret));
}

static void
processes_that_start_at_once_get_the_same_keys(void **state)
{
	struct keys	keys, own;
	pid_t		pids[8];
	int		i, fds[2], status;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	for (i = 0; i < 8; i++) {
		if ((pids[i] = fork()) != 0)
			continue;
		if (keys_create(dir) != STATUS_OK ||
		    keys_load(&own, dir, KEYS_COURIER) != STATUS_OK ||
		    write(fds[1], &own, sizeof(own)) != sizeof(own))
			_exit(1);
		_exit(0);
	}
	for (i = 0; i < 8; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(keys_load(&keys, dir, KEYS_COURIER), STATUS_OK);
	for (i = 0; i < 8; i++) {
		assert_int_equal(read(fds[0], &own, sizeof(own)),
		    sizeof(own));
		assert_memory_equal(&own, &keys, sizeof(keys));
	}
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
the_public_half_alone_is_not_replaced(void **state)
{
	struct keys	before, after;

	(void)state;
	load(&before, KEYS_PUBLIC);
	assert_int_equal(unlink(key_file("courier.key")), 0);
	load(&after, KEYS_PUBLIC);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(access(key_file("courier.key"), F_OK), -1);
	assert_int_equal(keys_load(&after, dir, KEYS_COURIER), STATUS_IO);
}

static void
a_key_that_is_missing_short_long_or_open_is_refused(void **state)
{
	struct keys	keys;

	(void)state;
	assert_int_equal(keys_load(&keys, dir, KEYS_PUBLIC), STATUS_IO);
	load(&keys, KEYS_PUBLIC);
	assert_int_equal(chmod(key_file("hash.key"), 0604), 0);
	assert_int_equal(keys_load(&keys, dir, KEYS_PUBLIC), STATUS_IO);
	assert_int_equal(chmod(key_file("hash.key"), 0640), 0);
	assert_int_equal(keys_load(&keys, dir, KEYS_PUBLIC), STATUS_OK);
	assert_int_equal(truncate(key_file("hash.key"), 31), 0);
	assert_int_equal(keys_load(&keys, dir, KEYS_PUBLIC), STATUS_IO);
	assert_int_equal(truncate(key_file("hash.key"), 33), 0);
	assert_int_equal(keys_load(&keys, dir, KEYS_PUBLIC), STATUS_IO);
}

static void
a_hash_depends_on_key_purpose_tenant_and_text(void **state)
{
	unsigned char	one[CRYPTO_HASH_LEN], two[CRYPTO_HASH_LEN];
	struct keys	keys;

	(void)state;
	load(&keys, KEYS_PUBLIC);
	crypto_digest(&keys, HASH_CODE, 7, "a", 1, one);
	crypto_digest(&keys, HASH_CODE, 7, "a", 1, two);
	assert_memory_equal(one, two, sizeof(one));
	crypto_digest(&keys, HASH_SESSION, 7, "a", 1, two);
	assert_memory_not_equal(one, two, sizeof(one));
	crypto_digest(&keys, HASH_CODE, 8, "a", 1, two);
	assert_memory_not_equal(one, two, sizeof(one));
	crypto_digest(&keys, HASH_CODE, 7, "b", 1, two);
	assert_memory_not_equal(one, two, sizeof(one));
	keys.hash[0] ^= 1;
	crypto_digest(&keys, HASH_CODE, 7, "a", 1, two);
	assert_memory_not_equal(one, two, sizeof(one));
}

/* Stored hashes have to stay valid: computed apart, with Python's hashlib.blake2b. */
static void
a_hash_stays_what_it_was(void **state)
{
	static const unsigned char	want[] = {
		0x3c, 0xd2, 0x20, 0x22, 0x33, 0x87, 0x30, 0xe6,
		0x15, 0x9e, 0x23, 0xd9, 0x2a, 0x1b, 0x5f, 0xc4,
		0x79, 0x2f, 0x5e, 0x8c, 0x86, 0xb4, 0x91, 0x82,
		0x75, 0xd9, 0x8c, 0x70, 0xe5, 0xc7, 0xf0, 0x91,
	};
	unsigned char			hash[CRYPTO_HASH_LEN];
	struct keys			keys;
	size_t				i;

	(void)state;
	memset(&keys, 0, sizeof(keys));
	for (i = 0; i < sizeof(keys.hash); i++)
		keys.hash[i] = (unsigned char)i;
	crypto_digest(&keys, HASH_DEVICE_TOKEN, 258, "token", 5, hash);
	assert_memory_equal(hash, want, sizeof(want));
}

static void
tokens_and_codes_have_their_form_and_differ(void **state)
{
	const char	*token, *code;
	unsigned int	 i, seen;

	(void)state;
	token = crypto_token(arena);
	assert_int_equal(strlen(token), CRYPTO_TOKEN_TEXT);
	assert_int_equal(strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_"), CRYPTO_TOKEN_TEXT);
	assert_string_not_equal(token, crypto_token(arena));
	for (i = seen = 0; i < 300; i++) {
		code = crypto_code(arena);
		assert_int_equal(strlen(code), 6);
		assert_int_equal(strspn(code, "0123456789"), 6);
		seen |= 1u << (code[0] - '0');
	}
	assert_int_equal(seen, 0x3ff);
}

static void
a_box_opens_for_its_holder_alone(void **state)
{
	unsigned char	 public[CRYPTO_KEY_LEN], secret[CRYPTO_KEY_LEN];
	struct bytes	 box, text, wrapped;
	struct keys	 keys;
	unsigned char	*bytes;

	(void)state;
	load(&keys, KEYS_OFFICE);
	assert_int_equal(crypto_tenant_keys(arena, &keys, 3, public,
	    &wrapped), STATUS_OK);
	assert_int_equal(crypto_tenant_unwrap(&keys, 3, wrapped, secret),
	    STATUS_OK);
	assert_int_equal(crypto_seal(arena, public, "hidden", 6, &box),
	    STATUS_OK);
	assert_int_equal(crypto_open(arena, public, secret, box, &text),
	    STATUS_OK);
	assert_int_equal(text.len, 6);
	assert_string_equal((const char *)text.at, "hidden");

	bytes = arena_copy(arena, box.at, box.len);
	bytes[box.len - 1] ^= 1;
	box.at = bytes;
	assert_int_equal(crypto_open(arena, public, secret, box, &text),
	    STATUS_CRYPTO);
	box.len = 10;
	assert_int_equal(crypto_open(arena, public, secret, box, &text),
	    STATUS_CRYPTO);
	box.at = NULL;
	assert_int_equal(crypto_open(arena, public, secret, box, &text),
	    STATUS_CRYPTO);
}

static void
a_tenants_key_unwraps_for_that_tenant_and_role_alone(void **state)
{
	unsigned char	public[CRYPTO_KEY_LEN], secret[CRYPTO_KEY_LEN];
	struct bytes	wrapped;
	struct keys	keys;

	(void)state;
	load(&keys, KEYS_CLI);
	assert_int_equal(crypto_tenant_keys(arena, &keys, 3, public,
	    &wrapped), STATUS_OK);
	assert_int_equal(crypto_tenant_unwrap(&keys, 4, wrapped, secret),
	    STATUS_CRYPTO);
	wrapped.len--;
	assert_int_equal(crypto_tenant_unwrap(&keys, 3, wrapped, secret),
	    STATUS_CRYPTO);
	wrapped.len++;
	load(&keys, KEYS_PUBLIC);
	assert_int_equal(crypto_tenant_unwrap(&keys, 3, wrapped, secret),
	    STATUS_CRYPTO);
	assert_int_equal(crypto_tenant_keys(arena, &keys, 3, public,
	    &wrapped), STATUS_CRYPTO);
}

static void
a_password_fits_its_own_hash_alone(void **state)
{
	const char	*hash;

	(void)state;
	hash = crypto_password_hash(arena, "correct horse");
	assert_non_null(hash);
	assert_memory_equal(hash, "$argon2id$v=19$m=65536,t=3,p=1$", 31);
	assert_int_equal(crypto_password_verify(hash, "correct horse"),
	    STATUS_OK);
	assert_int_equal(crypto_password_verify(hash, "correct hors"),
	    STATUS_REFUSED);
	assert_int_equal(crypto_password_verify("", ""), STATUS_REFUSED);
	assert_int_equal(crypto_password_verify("$argon2id$", ""),
	    STATUS_REFUSED);
	assert_int_equal(crypto_password_verify(
	    "$argon2id$v=19$m=99999999,t=3,p=1$AAAA$AAAA", ""),
	    STATUS_REFUSED);
}

static double
cpu_seconds(void)
{
	return ((double)clock() / CLOCKS_PER_SEC);
}

/* Not a benchmark: without the work it would be a thousand times less. */
static void
an_unknown_account_costs_the_work_of_a_wrong_password(void **state)
{
	const char	*hash;
	double		 start, known, unknown;

	(void)state;
	hash = crypto_password_hash(arena, "a");
	start = cpu_seconds();
	assert_int_equal(crypto_password_verify(hash, "b"), STATUS_REFUSED);
	known = cpu_seconds() - start;
	start = cpu_seconds();
	assert_int_equal(crypto_password_verify(NULL, "b"), STATUS_REFUSED);
	unknown = cpu_seconds() - start;
	assert_true(unknown > known / 10);
}

static void
base64_goes_there_and_back_and_refuses_the_rest(void **state)
{
	static const char *const	bad[] = {
		"A", "AB==", "A+", "A/", "AAAA ", "AB", "\xc3\xa4", "A A",
	};
	struct bytes			bytes;
	size_t				i;

	(void)state;
	assert_string_equal(crypto_base64(arena, "\xff\xfe\xfd", 3), "__79");
	assert_string_equal(crypto_base64(arena, "", 0), "");
	assert_int_equal(crypto_unbase64(arena, "__79", &bytes), STATUS_OK);
	assert_int_equal(bytes.len, 3);
	assert_memory_equal(bytes.at, "\xff\xfe\xfd", 3);
	assert_int_equal(crypto_unbase64(arena, "", &bytes), STATUS_OK);
	assert_int_equal(bytes.len, 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(crypto_unbase64(arena, bad[i], &bytes),
		    STATUS_INVALID);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(keys_are_made_once_and_only_for_their_owner),
		TEST(each_role_gets_its_keys_and_no_others),
		TEST(processes_that_start_at_once_get_the_same_keys),
		TEST(the_public_half_alone_is_not_replaced),
		TEST(a_key_that_is_missing_short_long_or_open_is_refused),
		TEST(a_hash_depends_on_key_purpose_tenant_and_text),
		TEST(a_hash_stays_what_it_was),
		TEST(tokens_and_codes_have_their_form_and_differ),
		TEST(a_box_opens_for_its_holder_alone),
		TEST(a_tenants_key_unwraps_for_that_tenant_and_role_alone),
		TEST(a_password_fits_its_own_hash_alone),
		TEST(an_unknown_account_costs_the_work_of_a_wrong_password),
		TEST(base64_goes_there_and_back_and_refuses_the_rest),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
