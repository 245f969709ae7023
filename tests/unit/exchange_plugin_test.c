/* SPDX-License-Identifier: EUPL-1.2 */
/* What a plugin's statements and hooks get of a city, and seal. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "core/exchange/exchange.h"

struct settings {
	int64_t		 days;
	const char	*place;
	const char	*rules;
};

static const struct field settings_fields[] = {
	FIELD_INT(struct settings, days),
	FIELD_TEXT(struct settings, place),
	FIELD_COMPUTED(struct settings, rules),
	FIELD_END
};

struct thing {
	struct sealed	 contact;
};

static const struct field thing_fields[] = {
	FIELD_SEALED(struct thing, contact, .fields = contact_fields),
	FIELD_END
};

static const struct route	 routes[] = {
	{ POST, "/things", OFFICE(NULL), .body = thing_fields,
	    .reads = "contact" },
};
static const struct plugin	 plugin = { PLUGIN_HEADER("thing", "1"),
    .settings = settings_fields, .routes = routes };
static struct loaded		 loaded[2];
static const struct registry	 registry = { .count = 2, .plugins = loaded };
static struct statement		 page = { .kind = STATEMENT_PAGE };

static struct arena		*arena;
static struct settings		 settings = { 3, NULL, "{\"a\":1}" };
static struct tenant		 tenant = { .id = 1, .slug = "one" };
static struct keys		 keys;
static struct router_match	 match;
static struct exchange		 x;

static int
setup(void **state)
{
	static struct messages	*messages;
	struct findings		 findings;

	(void)state;
	arena = arena_new(0);
	findings_init(&findings, arena);
	if (messages_read(arena, "platform/base/messages", &messages,
	    &findings) != STATUS_OK)
		return (-1);
	loaded[0].plugin = &base_plugin;
	loaded[0].messages = messages;
	loaded[1].plugin = &plugin;
	loaded[1].index = 1;
	loaded[1].messages = messages;
	tenant.settings[1] = &settings;
	tenant.has_secret_key = true;
	return (crypto_box_keypair(tenant.public_key, tenant.secret_key) |
	    crypto_box_keypair(keys.courier_public, keys.courier_secret));
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static void
begin(const char *body)
{
	memset(&x, 0, sizeof(x));
	memset(&match, 0, sizeof(match));
	match.run = &page;
	x.arena = arena;
	x.registry = &registry;
	x.keys = &keys;
	x.tenant = &tenant;
	x.match = &match;
	x.loaded = &loaded[1];
	x.route = &routes[0];
	x.language = "en";
	findings_init(&x.findings, arena);
	x.content_type = "application/json";
	x.content.at = (const unsigned char *)body;
	x.content.len = strlen(body);
	assert_int_equal(exchange_read(&x), STATUS_OK);
}

static void
a_setting_is_a_parameter(void **state)
{
	size_t	 len;

	(void)state;
	begin("{}");
	assert_string_equal(exchange_parameter(&x, "settings.days", &len),
	    "3");
	assert_string_equal(exchange_parameter(&x, "settings.rules", &len),
	    "{\"a\":1}");
	assert_null(exchange_parameter(&x, "settings.place", &len));
	assert_null(exchange_parameter(&x, "settings.none", &len));
}

static void
a_text_is_in_the_callers_language_and_filled(void **state)
{
	(void)state;
	begin("{}");
	assert_string_equal(exchange_text(&x, "problem.code-wrong",
	    "{\"tries\": 4}"), "The code is not right. Tries left: 4.");
	assert_string_equal(exchange_text(&x, "problem.not-found", NULL),
	    "There is nothing here.");
	assert_null(exchange_text(&x, "nothing", NULL));
}

static void
a_letter_is_for_the_courier_alone(void **state)
{
	struct bytes	 box, text;

	(void)state;
	begin("{\"contact\": {\"email\": \"a@example.org\"}}");
	assert_int_equal(exchange_letter(&x, "contact", "{\"b\":1}", &box),
	    STATUS_OK);
	assert_int_not_equal(crypto_open(arena, tenant.public_key,
	    tenant.secret_key, box, &text), STATUS_OK);
	assert_int_equal(crypto_open(arena, keys.courier_public,
	    keys.courier_secret, box, &text), STATUS_OK);
	assert_int_equal(text.len,
	    strlen("{\"to\":\"a@example.org\",\"arguments\":{\"b\":1}}"));
	assert_memory_equal(text.at,
	    "{\"to\":\"a@example.org\",\"arguments\":{\"b\":1}}", text.len);

	begin("{\"contact\": {\"name\": \"A\"}}");
	assert_int_equal(exchange_letter(&x, "contact", NULL, &box),
	    STATUS_OK);
	assert_null(box.at);
}

static void
a_page_opens_what_is_sealed_in_each_item(void **state)
{
	static const char	 contact[] = "{\"n\":1}";
	struct row_column	 columns[2];
	struct row		 row = { 2, columns };
	struct bytes		 box;

	(void)state;
	begin("{}");
	assert_int_equal(exchange_seal(&x, contact, strlen(contact), &box),
	    STATUS_OK);
	columns[0] = (struct row_column){ "body", "{\"id\":1}", 8, false };
	columns[1] = (struct row_column){ "contact", (const char *)box.at,
	    box.len, true };
	exchange_rows(&x, &page, &row, 1);
	assert_int_equal(x.status, 200);
	assert_memory_equal(x.answer,
	    "{\"items\":[{\"id\":1,\"contact\":{\"n\":1}}],\"next\":null}",
	    x.answer_len);

	columns[1].len--;
	begin("{}");
	exchange_rows(&x, &page, &row, 1);
	assert_int_equal(x.status, 500);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(a_setting_is_a_parameter),
		cmocka_unit_test(a_text_is_in_the_callers_language_and_filled),
		cmocka_unit_test(a_letter_is_for_the_courier_alone),
		cmocka_unit_test(a_page_opens_what_is_sealed_in_each_item),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
