/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a mount changes about an exchange: forms, parameters that the platform
 * takes out, names that nobody knows, and refusals in a standard's own form.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/exchange/exchange.h"

#define URLENCODED	"application/x-www-form-urlencoded"
#define MULTIPART	"multipart/form-data"

struct thing {
	const char		*name;
	int64_t			 number;
	const struct node	*more;
	struct bytes		 file;
	const char		*made;
};

static const struct field thing_fields[] = {
	FIELD_TEXT(struct thing, name, .max = 20, .required = true,
	    .multiline = true),
	FIELD_INT(struct thing, number, .min = 1, .max = 9),
	FIELD_ANY(struct thing, more),
	FIELD_FILE(struct thing, file, .max = 4),
	FIELD_COMPUTED(struct thing, made),
	FIELD_END
};

struct filter {
	const char	*kind;
	const char	*made;
};

static const struct field filter_fields[] = {
	FIELD_TEXT(struct filter, kind, .max = 10),
	FIELD_COMPUTED(struct filter, made),
	FIELD_END
};

static enum status
refuse_text(struct exchange *x, const struct refusal *refusal)
{
	const struct finding	*finding;
	const char		*text;

	text = arena_format(exchange_arena(x), "%d %s %s", refusal->status,
	    refusal->code, refusal->title);
	for (finding = refusal->findings; finding != NULL;
	    finding = finding->next)
		text = arena_format(exchange_arena(x), "%s %s", text,
		    finding->pointer);
	return (exchange_answer(x, 400, "text/plain", text, strlen(text)));
}

static enum status
refuse_failing(struct exchange *x, const struct refusal *refusal)
{
	(void)refusal;
	return (exchange_answer(x, 400, "text/plain", NULL, 0));
}

static enum status
refuse_refusing(struct exchange *x, const struct refusal *refusal)
{
	return (exchange_refuse(x, refusal->code, NULL));
}

static enum status
refuse_pleased(struct exchange *x, const struct refusal *refusal)
{
	(void)refusal;
	return (exchange_answer(x, 200, "text/plain", "fine", 4));
}

enum { R_LIST, R_SEND };

static const struct route routes[] = {
	[R_LIST] = { GET, "/things", PUBLIC, .query = filter_fields,
	    .formats = "json, xml" },
	[R_SEND] = { POST, "/things", KEY("send"), .body = thing_fields,
	    .limit = 1000, .formats = "json, xml" },
	ROUTE_END
};

static struct mount		 mount;
static const struct plugin	 plugin = { PLUGIN_HEADER("thing", "1") };
static struct loaded		 loaded[2];
static const struct registry	 registry = { .count = 2, .plugins = loaded };
static struct statement		 one_row = { .kind = STATEMENT_ROW };

static struct arena		*arena;
static struct tenant		 tenant = { .id = 1, .slug = "one" };
static struct keys		 keys;
static struct router_match	 match;
static struct exchange		 x;
static const char		*content_type;

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
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static const char *
header(const struct exchange *exchange, const char *name)
{
	(void)exchange;
	return (strcmp(name, "content-type") == 0 ? content_type : NULL);
}

/* A new exchange for a route below the mount. */
static void
begin(int route, const char *query)
{
	memset(&x, 0, sizeof(x));
	memset(&match, 0, sizeof(match));
	match.run = &one_row;
	match.mount = &mount;
	match.format = "json";
	x.arena = arena;
	x.registry = &registry;
	x.keys = &keys;
	x.tenant = &tenant;
	x.match = &match;
	x.loaded = &loaded[1];
	x.route = &routes[route];
	x.language = "en";
	x.query_text = query;
	x.header = header;
	findings_init(&x.findings, arena);
	mount.path = "/std";
	mount.forms = true;
	mount.tenant = "who";
	mount.key = "key";
	mount.refuse = refuse_text;
	mount.routes = routes;
}

static void
form(const char *type, const char *text)
{
	content_type = type;
	x.content_type = arena_copy(arena, type, strcspn(type, ";"));
	x.content.at = (const unsigned char *)text;
	x.content.len = strlen(text);
}

static void
expect_text(int status, const char *text)
{
	assert_int_equal(x.status, status);
	assert_string_equal(x.media_type, "text/plain");
	assert_int_equal(x.answer_len, strlen(text));
	assert_memory_equal(x.answer, text, x.answer_len);
}

/* Whether the refusal begins like this. */
static void
expect_refusal(const char *text)
{
	assert_int_equal(x.status, 400);
	if (strncmp(x.answer, text, strlen(text)) != 0)
		fail_msg("%s", x.answer);
}

static void
a_form_of_either_kind_fills_the_table(void **state)
{
	static const char	*const bodies[][2] = {
		{ URLENCODED, "name=a%0D%0Ab+%C3%BC&number=7&more%5Bx%5D=1" },
		{ MULTIPART "; boundary=b", "--b\r\nContent-Disposition: "
		    "form-data; name=\"name\"\r\n\r\na\r\nb \xc3\xbc\r\n"
		    "--b\r\nContent-Disposition: form-data; name=\"number\"\r\n"
		    "\r\n7\r\n--b\r\nContent-Disposition: form-data; "
		    "name=\"more[x]\"\r\n\r\n1\r\n--b--\r\n" },
	};
	const struct thing	*thing;
	size_t			 i;

	(void)state;
	for (i = 0; i < 2; i++) {
		begin(R_SEND, NULL);
		form(bodies[i][0], bodies[i][1]);
		assert_int_equal(exchange_read(&x), STATUS_OK);
		thing = exchange_body(&x);
		assert_string_equal(thing->name, "a\nb \xc3\xbc");
		assert_int_equal(thing->number, 7);
		assert_string_equal(node_get(thing->more, "x")->text, "1");
		assert_null(thing->file.at);
		assert_true(exchange_has(&x, "number"));
		assert_false(exchange_has(&x, "file"));
	}
}

static void
a_file_lies_in_the_body_and_has_its_bounds(void **state)
{
#define FILE_OF(bytes)							\
	"--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n" \
	"--b\r\nContent-Disposition: form-data; name=\"file\"; "		\
	"filename=\"f\"\r\nContent-Type: image/png\r\n\r\n" bytes "\r\n--b--\r\n"
	const struct thing	*thing;

	(void)state;
	begin(R_SEND, NULL);
	form(MULTIPART "; boundary=b", FILE_OF("\x89PN"));
	assert_int_equal(exchange_read(&x), STATUS_OK);
	thing = exchange_body(&x);
	assert_int_equal(thing->file.len, 3);
	assert_memory_equal(thing->file.at, "\x89PN", 3);
	begin(R_SEND, NULL);
	form(MULTIPART "; boundary=b", FILE_OF("12345"));
	assert_int_equal(exchange_read(&x), STATUS_INVALID);
	expect_refusal("422 fields");
	assert_non_null(strstr(x.answer, " /file"));
}

static void
who_and_key_are_taken_out_of_the_query_else_of_the_form(void **state)
{
	(void)state;
	begin(R_SEND, "who=a&key=b");
	form(URLENCODED, "name=n&who=c&key=d");
	assert_int_equal(exchange_parse(&x), STATUS_OK);
	assert_string_equal(x.tenant_name, "a");
	assert_string_equal(x.key, "b");
	assert_int_equal(exchange_read(&x), STATUS_OK);

	begin(R_SEND, "who=&key=");
	form(URLENCODED, "name=n&who=c&key=d");
	assert_int_equal(exchange_parse(&x), STATUS_OK);
	assert_string_equal(x.tenant_name, "c");
	assert_string_equal(x.key, "d");
	assert_null(node_get(x.form_node, "key"));

	begin(R_LIST, "kind=k");
	assert_int_equal(exchange_parse(&x), STATUS_OK);
	assert_null(x.tenant_name);
	assert_null(x.key);

	begin(R_LIST, "who=a&key=b");
	mount.tenant = mount.key = NULL;
	assert_int_equal(exchange_parse(&x), STATUS_OK);
	assert_null(x.tenant_name);
	assert_null(x.key);

	/* Two of them name nobody. */
	begin(R_LIST, "who=a&who=b");
	assert_int_equal(exchange_parse(&x), STATUS_OK);
	assert_null(x.tenant_name);
}

static void
a_name_that_no_table_knows_is_ignored_and_a_computed_one_not_set(void **state)
{
	(void)state;
	begin(R_LIST, "kind=k&sort=up&made=up&k.ind=x&kind.x=y");
	assert_int_equal(exchange_read(&x), STATUS_OK);
	assert_string_equal(((struct filter *)exchange_query(&x))->kind, "k");
	assert_null(((struct filter *)exchange_query(&x))->made);
	begin(R_SEND, NULL);
	form(URLENCODED, "name=n&sort=up&made=up&x%5By%5D=1&number.x=2");
	assert_int_equal(exchange_read(&x), STATUS_OK);
	assert_null(((struct thing *)exchange_body(&x))->made);
	/* Elsewhere it is a mistake that is told. */
	begin(R_LIST, "kind=k&sort=up");
	match.mount = NULL;
	assert_int_equal(exchange_read(&x), STATUS_INVALID);
	assert_int_equal(x.status, 422);
}

static void
what_is_empty_is_absent(void **state)
{
	(void)state;
	begin(R_LIST, "kind=");
	assert_int_equal(exchange_read(&x), STATUS_OK);
	assert_null(((struct filter *)exchange_query(&x))->kind);
	begin(R_SEND, NULL);
	form(URLENCODED, "name=&number=");
	assert_int_equal(exchange_read(&x), STATUS_INVALID);
	expect_text(400, arena_format(arena, "422 fields %s /name",
	    "Please check what you entered."));
	begin(R_SEND, NULL);
	form(URLENCODED, "");
	assert_int_equal(exchange_read(&x), STATUS_INVALID);
	assert_non_null(strstr(x.answer, " /name"));
}

static void
what_is_no_form_is_refused_by_its_reason(void **state)
{
	static const struct {
		const char	*type;
		const char	*body;
		const char	*refusal;
	}		bad[] = {
		{ "application/json", "{\"name\":\"n\"}", "415 media-type" },
		{ "text/xml", "<a/>", "415 media-type" },
		{ URLENCODED, "name=%zz", "400 form-malformed" },
		{ URLENCODED, "name=%ff", "400 form-malformed" },
		{ URLENCODED, "a[b]=1&a=2", "400 form-malformed" },
		{ MULTIPART, "--b--\r\n", "400 form-malformed" },
		{ MULTIPART "; boundary=b", "--b\r\n", "400 form-malformed" },
	};
	char		long_body[1100];
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin(R_SEND, NULL);
		form(bad[i].type, bad[i].body);
		assert_int_equal(exchange_parse(&x), STATUS_INVALID);
		expect_refusal(bad[i].refusal);
	}
	begin(R_LIST, "kind=%zz");
	assert_int_equal(exchange_parse(&x), STATUS_INVALID);
	expect_refusal("400 query-malformed");
	memset(long_body, 'a', sizeof(long_body));
	long_body[sizeof(long_body) - 1] = '\0';
	begin(R_SEND, NULL);
	form(URLENCODED, long_body);
	assert_int_equal(exchange_parse(&x), STATUS_INVALID);
	expect_refusal("413 too-large");
}

static void
a_mount_without_forms_takes_json(void **state)
{
	(void)state;
	begin(R_SEND, "key=b");
	mount.forms = false;
	form("application/json", "{\"name\":\"n\"}");
	assert_int_equal(exchange_read(&x), STATUS_OK);
	assert_string_equal(x.key, "b");
	assert_string_equal(((struct thing *)exchange_body(&x))->name, "n");
}

static void
a_mount_refuses_in_its_own_form_also_without_a_tenant(void **state)
{
	(void)state;
	begin(R_LIST, NULL);
	x.tenant = NULL;
	x.route = NULL;
	(void)exchange_refuse(&x, "not-found", NULL);
	expect_text(400, "404 not-found There is nothing here.");
	/* Its answer's status is its own affair, what it means is not. */
	begin(R_LIST, NULL);
	(void)exchange_refuse(&x, "made-up", NULL);
	expect_refusal("500 internal");
}

static void
a_mount_that_cannot_refuse_leaves_it_to_the_platform(void **state)
{
	enum status	(*const hooks[])(struct exchange *,
			    const struct refusal *) = {
		NULL, refuse_failing, refuse_refusing, refuse_pleased
	};
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		begin(R_LIST, NULL);
		mount.refuse = hooks[i];
		(void)exchange_refuse(&x, "not-found", NULL);
		assert_int_equal(x.status, 404);
		assert_string_equal(x.media_type, "application/problem+json");
		assert_false(x.refusing);
	}
}

static void
links_begin_with_the_tenants_first_host(void **state)
{
	static const char	*hosts[] = { "herne.example", "other.example" };

	(void)state;
	begin(R_LIST, NULL);
	tenant.file.hosts.items = hosts;
	tenant.file.hosts.count = 2;
	x.url = "https://{host}";
	assert_string_equal(exchange_origin(&x), "https://herne.example");
	x.url = "http://{host}:8080";
	assert_string_equal(exchange_origin(&x), "http://herne.example:8080");
	x.url = "https://all.example";
	assert_string_equal(exchange_origin(&x), "https://all.example");
}

#define TEST(name)	cmocka_unit_test(name)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(a_form_of_either_kind_fills_the_table),
		TEST(a_file_lies_in_the_body_and_has_its_bounds),
		TEST(who_and_key_are_taken_out_of_the_query_else_of_the_form),
		TEST(a_name_that_no_table_knows_is_ignored_and_a_computed_one_not_set),
		TEST(what_is_empty_is_absent),
		TEST(what_is_no_form_is_refused_by_its_reason),
		TEST(a_mount_without_forms_takes_json),
		TEST(a_mount_refuses_in_its_own_form_also_without_a_tenant),
		TEST(a_mount_that_cannot_refuse_leaves_it_to_the_platform),
		TEST(links_begin_with_the_tenants_first_host),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
