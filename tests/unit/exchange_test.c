/* SPDX-License-Identifier: EUPL-1.2 */
/* An exchange without a server: how it is read, what becomes its answer. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/exchange/exchange.h"

#define ID	"5a1c4f3e-0d0b-4c0e-9a53-0c8f5f3f6d10"

struct thing {
	const char	*name;
	int64_t		 number;
};

static const struct field thing_fields[] = {
	FIELD_TEXT(struct thing, name, .max = 5, .required = true),
	FIELD_INT(struct thing, number, .min = 1, .max = 9),
	FIELD_END
};

struct filter {
	const char	*kind;
};

static const struct field filter_fields[] = {
	FIELD_TEXT(struct filter, kind, .max = 10),
	FIELD_END
};

static enum status
hook_silent(struct exchange *x, const struct row *row)
{
	(void)x;
	(void)row;
	return (STATUS_OK);
}

static enum status
hook_failing(struct exchange *x, const struct row *row)
{
	(void)row;
	(void)exchange_answer(x, 200, "text/plain", "half", 4);
	return (STATUS_IO);
}

static enum status
hook_overflowing(struct exchange *x, const struct row *row)
{
	(void)row;
	return (exchange_answer(x, 200, "application/json", NULL, 0));
}

static enum status
hook_naming(struct exchange *x, const struct row *row)
{
	const char	*name;

	name = row_text(row, "name");
	return (exchange_answer(x, 201, "text/plain", name, strlen(name)));
}

static enum status
prepare_refusing(struct exchange *x)
{
	return (exchange_refuse(x, "code-wrong", "{\"tries\": 3}"));
}

static enum status
prepare_failing(struct exchange *x)
{
	(void)x;
	return (STATUS_CRYPTO);
}

static enum status
check_name(struct exchange *x)
{
	const struct thing	*thing;

	thing = exchange_body(x);
	if (thing->name == NULL || strcmp(thing->name, "bad") == 0)
		exchange_finding(x, "/name", FINDING_CONFLICT, "the check");
	return (STATUS_OK);
}

enum {
	R_LIST, R_OTHER_LIST, R_PUT, R_CHECK, R_REFUSING, R_FAILING, R_SHOW,
	R_PHOTO, R_OFFICE, R_UNREAD, R_SILENT, R_HALF, R_OVERFLOW, R_NAMING
};

static const struct route routes[] = {
	[R_LIST] = { GET, "/things", PUBLIC, .query = filter_fields },
	[R_OTHER_LIST] = { GET, "/others", PUBLIC },
	[R_PUT] = { POST, "/things", PUBLIC, .body = thing_fields,
	    .created = true },
	[R_CHECK] = { POST, "/checked", PUBLIC, .body = thing_fields,
	    .check = check_name },
	[R_REFUSING] = { POST, "/refusing", PUBLIC,
	    .prepare = prepare_refusing },
	[R_FAILING] = { POST, "/failing", PUBLIC,
	    .prepare = prepare_failing },
	[R_SHOW] = { GET, "/things/{id}", PUBLIC },
	[R_PHOTO] = { POST, "/photos", PUBLIC,
	    .accepts = "image/png, image/jpeg", .limit = 10 },
	[R_OFFICE] = { GET, "/things/{id}", OFFICE(NULL), .reads = "contact" },
	[R_UNREAD] = { GET, "/things/{id}", OFFICE(NULL), .run = "unread" },
	[R_SILENT] = { GET, "/silent", PUBLIC, .answer = hook_silent },
	[R_HALF] = { GET, "/half", PUBLIC, .answer = hook_failing },
	[R_OVERFLOW] = { GET, "/overflow", PUBLIC,
	    .answer = hook_overflowing },
	[R_NAMING] = { POST, "/naming", PUBLIC, .answer = hook_naming },
};

static const struct plugin	 plugin = { PLUGIN_HEADER("thing", "1"),
    .routes = routes };
static struct loaded		 loaded[2];
static const struct registry	 registry = { .count = 2, .plugins = loaded };
static struct statement		 page = { .kind = STATEMENT_PAGE };
static struct statement		 one_row = { .kind = STATEMENT_ROW };
static struct statement		 blob = { .kind = STATEMENT_BLOB };
static struct statement		 done = { .kind = STATEMENT_DONE };

static struct arena		*arena;
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
	memset(keys.hash, 7, sizeof(keys.hash));
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

/* A new exchange for a route. */
static void
begin(int route, struct statement *run)
{
	memset(&x, 0, sizeof(x));
	memset(&match, 0, sizeof(match));
	match.run = run;
	x.arena = arena;
	x.registry = &registry;
	x.keys = &keys;
	x.tenant = &tenant;
	x.match = &match;
	x.loaded = &loaded[1];
	x.route = &routes[route];
	x.language = "en";
	findings_init(&x.findings, arena);
}

static void
send(const char *type, const char *text)
{
	x.content_type = type;
	x.content.at = (const unsigned char *)text;
	x.content.len = strlen(text);
}

/* The answer as a document. */
static const struct node *
document(void)
{
	struct findings	 findings;
	struct node	*node;

	assert_non_null(x.answer);
	findings_init(&findings, arena);
	assert_int_equal(node_from_json(arena, x.answer, x.answer_len, &node,
	    &findings), STATUS_OK);
	return (node);
}

static const char *
member(const struct node *node, const char *name)
{
	node = node_get(node, name);
	return (node == NULL ? NULL : node->text);
}

static void
expect_problem(int status, const char *code)
{
	const struct node	*node;

	assert_int_equal(x.status, status);
	assert_string_equal(x.media_type, "application/problem+json");
	node = document();
	assert_int_equal(node_get(node, "status")->integer, status);
	assert_string_equal(member(node, "code"), code);
	assert_string_equal(member(node, "type"),
	    arena_format(arena, "/problems/%s", code));
	assert_non_null(member(node, "title"));
}

static void
expect_answer(int status, const char *type, const char *text)
{
	assert_int_equal(x.status, status);
	if (type == NULL)
		assert_null(x.media_type);
	else
		assert_string_equal(x.media_type, type);
	assert_int_equal(x.answer_len, strlen(text));
	if (*text != '\0')
		assert_memory_equal(x.answer, text, x.answer_len);
}

static struct row_column
column(const char *name, const char *text)
{
	struct row_column	column = { name, text, 0, false };

	column.len = text == NULL ? 0 : strlen(text);
	return (column);
}

/* Answers with one row of up to two columns. */
static void
row(const struct statement *statement, struct row_column first,
    struct row_column second)
{
	struct row_column	columns[] = { first, second };
	struct row		row = { 2, columns };

	exchange_rows(&x, statement, &row, 1);
}

static void
a_problem_has_its_title_in_the_callers_language(void **state)
{
	(void)state;
	begin(R_LIST, NULL);
	(void)exchange_refuse(&x, "not-found", NULL);
	expect_problem(404, "not-found");
	assert_string_equal(member(document(), "title"),
	    "There is nothing here.");
	begin(R_LIST, NULL);
	x.language = "de";
	(void)exchange_refuse(&x, "not-found", NULL);
	assert_string_not_equal(member(document(), "title"),
	    "There is nothing here.");
}

static void
arguments_fill_the_title_and_become_members_but_reserved_ones(void **state)
{
	const struct node	*node;

	(void)state;
	begin(R_LIST, NULL);
	assert_int_equal(exchange_refuse(&x, "code-wrong",
	    "{\"tries\": 4, \"status\": 200, \"type\": \"x\", \"code\": \"y\","
	    " \"errors\": [], \"detail\": \"z\", \"instance\": 1}"),
	    STATUS_REFUSED);
	expect_problem(422, "code-wrong");
	node = document();
	assert_string_equal(member(node, "title"),
	    "The code is not right. Tries left: 4.");
	assert_int_equal(node_get(node, "tries")->integer, 4);
	assert_null(node_get(node, "errors"));
	assert_null(node_get(node, "detail"));
	assert_null(node_get(node, "instance"));
}

static void
arguments_that_are_no_object_are_left_out(void **state)
{
	(void)state;
	begin(R_LIST, NULL);
	(void)exchange_refuse(&x, "not-found", "[1, \"a\"]");
	expect_problem(404, "not-found");
	begin(R_LIST, NULL);
	(void)exchange_refuse(&x, "not-found", "no json");
	expect_problem(404, "not-found");
}

static void
a_code_that_nobody_declared_is_our_fault(void **state)
{
	(void)state;
	begin(R_LIST, NULL);
	(void)exchange_refuse(&x, "made-up", "{\"secret\": 1}");
	expect_problem(500, "internal");
	assert_null(node_get(document(), "secret"));
	begin(R_LIST, NULL);
	(void)exchange_refuse(&x, NULL, NULL);
	expect_problem(500, "internal");
}

static void
all_wrong_fields_are_told_at_once_in_the_callers_language(void **state)
{
	const struct node	*errors, *error;
	const char		*english;

	(void)state;
	begin(R_PUT, &one_row);
	x.query_text = "nonsense=1";
	send("application/json", "{\"name\": \"too long\", \"number\": 0, "
	    "\"nmae\": 1}");
	assert_int_not_equal(exchange_read(&x), STATUS_OK);
	expect_problem(422, "fields");
	errors = node_get(document(), "errors");
	assert_int_equal(errors->count, 4);
	for (error = errors->first; error != NULL; error = error->next) {
		assert_non_null(member(error, "pointer"));
		assert_non_null(member(error, "code"));
		assert_non_null(member(error, "message"));
	}
	english = member(errors->first, "message");

	begin(R_PUT, &one_row);
	x.language = "de";
	x.query_text = "nonsense=1";
	send("application/json", "{\"name\": \"a\"}");
	(void)exchange_read(&x);
	assert_string_not_equal(member(node_get(document(), "errors")->first,
	    "message"), english);
}

static void
a_checked_body_becomes_parameters(void **state)
{
	size_t	len;

	(void)state;
	begin(R_PUT, &one_row);
	send("application/json", "{\"name\": \"lamp\", \"number\": 7}");
	assert_int_equal(exchange_read(&x), STATUS_OK);
	assert_string_equal(((struct thing *)exchange_body(&x))->name,
	    "lamp");
	assert_string_equal(exchange_parameter(&x, "name", &len), "lamp");
	assert_string_equal(exchange_parameter(&x, "number", &len), "7");
	assert_null(exchange_parameter(&x, "content", &len));
	assert_null(exchange_parameter(&x, "unheard", &len));
}

static void
a_check_adds_to_what_the_tables_found(void **state)
{
	(void)state;
	begin(R_CHECK, NULL);
	send("application/json", "{\"number\": 99}");
	assert_int_not_equal(exchange_read(&x), STATUS_OK);
	expect_problem(422, "fields");
	assert_int_equal(node_get(document(), "errors")->count, 3);
	begin(R_CHECK, NULL);
	send("application/json", "{\"name\": \"good\"}");
	assert_int_equal(exchange_read(&x), STATUS_OK);
}

static void
expect_refused(int route, const char *type, const char *text, int status,
    const char *code)
{
	begin(route, NULL);
	send(type, text);
	assert_int_not_equal(exchange_read(&x), STATUS_OK);
	expect_problem(status, code);
}

static void
a_body_of_the_wrong_form_is_refused_by_its_reason(void **state)
{
	(void)state;
	expect_refused(R_PUT, "application/json", "{\"name\"", 400,
	    "json-malformed");
	expect_refused(R_PUT, "application/json", "[1]", 422, "fields");
	expect_refused(R_PUT, "application/json", "null", 422, "fields");
	expect_refused(R_PUT, "application/json", "", 422, "fields");
	expect_refused(R_PUT, "text/plain", "{}", 415, "media-type");
	expect_refused(R_PUT, NULL, "{}", 415, "media-type");
	expect_refused(R_LIST, "application/json", "{}", 400,
	    "body-unexpected");
	expect_refused(R_PHOTO, "image/gif", "GIF89a", 415, "media-type");
	expect_refused(R_PHOTO, "image", "GIF89a", 415, "media-type");
	expect_refused(R_PHOTO, NULL, "GIF89a", 415, "media-type");
	expect_refused(R_PHOTO, "image/png", "eleven bytes", 413,
	    "too-large");
}

static void
a_raw_body_is_bound_as_it_is(void **state)
{
	const char	*content;
	size_t		 len;

	(void)state;
	begin(R_PHOTO, NULL);
	x.content_type = "image/jpeg";
	x.content.at = (const unsigned char *)"a\0b";
	x.content.len = 3;
	assert_int_equal(exchange_read(&x), STATUS_OK);
	content = exchange_parameter(&x, "content", &len);
	assert_int_equal(len, 3);
	assert_memory_equal(content, "a\0b", 3);
	assert_string_equal(exchange_parameter(&x, "content_type", &len),
	    "image/jpeg");
}

static void
a_hook_before_the_statement_may_refuse_and_may_not_fail_silently(
    void **state)
{
	(void)state;
	begin(R_REFUSING, NULL);
	assert_int_equal(exchange_read(&x), STATUS_REFUSED);
	expect_problem(422, "code-wrong");
	begin(R_FAILING, NULL);
	assert_int_not_equal(exchange_read(&x), STATUS_OK);
	expect_problem(500, "internal");
}

static void
read_id(const char *id)
{
	begin(R_SHOW, &one_row);
	match.count = 1;
	match.names[0] = "id";
	match.values[0] = id;
	(void)exchange_read(&x);
}

static void
a_path_that_cannot_be_names_nothing(void **state)
{
	size_t	len;

	(void)state;
	read_id(ID);
	assert_int_equal(x.status, 0);
	assert_string_equal(exchange_parameter(&x, "id", &len), ID);
	read_id("1");
	expect_problem(404, "not-found");
	assert_null(node_get(document(), "errors"));
	read_id(ID "'");
	expect_problem(404, "not-found");
}

/* Reads a list's query, and gives whether it was accepted. */
static bool
list_accepts(int route, const char *query)
{
	begin(route, &page);
	x.query_text = query;
	return (exchange_read(&x) == STATUS_OK);
}

static void
a_page_has_a_limit_and_asks_for_one_more(void **state)
{
	size_t	len;

	(void)state;
	assert_true(list_accepts(R_LIST, NULL));
	assert_string_equal(exchange_parameter(&x, "limit", &len), "51");
	assert_null(exchange_parameter(&x, "after", &len));
	assert_true(list_accepts(R_LIST, "limit=100&kind=a"));
	assert_string_equal(exchange_parameter(&x, "limit", &len), "101");
	assert_string_equal(exchange_parameter(&x, "kind", &len), "a");
	assert_false(list_accepts(R_LIST, "limit=101"));
	assert_false(list_accepts(R_LIST, "limit=0"));
	assert_false(list_accepts(R_LIST, "limit=-1"));
	assert_false(list_accepts(R_LIST, "limit=9999999999999999999999"));
	assert_false(list_accepts(R_LIST, "limit=1&limit=2"));
	assert_false(list_accepts(R_LIST, "cursor=a&cursor=b"));
	assert_false(list_accepts(R_LIST, "unknown=1"));
	assert_false(list_accepts(R_LIST, "kind=%zz"));
	expect_problem(400, "query-malformed");
}

static void
page_of(size_t count)
{
	struct row_column	columns[4][2];
	struct row		rows[4];
	size_t			i;

	assert_true(count <= 4);
	for (i = 0; i < count; i++) {
		columns[i][0] = column("body",
		    arena_format(arena, "{\"n\":%zu}", i));
		columns[i][1] = column("position",
		    arena_format(arena, "2026-11-20 %zu", i));
		rows[i].count = 2;
		rows[i].columns = columns[i];
	}
	exchange_rows(&x, &page, rows, count);
}

/* The cursor that follows the second of three items. */
static const char *
cursor_of(int route)
{
	assert_true(list_accepts(route, "limit=2"));
	page_of(3);
	assert_int_equal(node_get(document(), "items")->count, 2);
	assert_non_null(member(document(), "next"));
	return (member(document(), "next"));
}

static bool
accepts_cursor(int route, const char *cursor)
{
	return (list_accepts(route, arena_format(arena, "cursor=%s",
	    cursor)));
}

static void
a_cursor_is_told_only_where_there_is_more(void **state)
{
	const char	*cursor;
	size_t		 len;

	(void)state;
	assert_true(list_accepts(R_LIST, "limit=3"));
	page_of(3);
	expect_answer(200, "application/json",
	    "{\"items\":[{\"n\":0},{\"n\":1},{\"n\":2}],\"next\":null}");
	assert_true(list_accepts(R_LIST, "limit=3"));
	page_of(0);
	expect_answer(200, "application/json", "{\"items\":[],\"next\":null}");
	cursor = cursor_of(R_LIST);
	assert_true(accepts_cursor(R_LIST, cursor));
	assert_string_equal(exchange_parameter(&x, "after", &len),
	    "2026-11-20 1");
}

static void
a_cursor_that_was_altered_is_a_finding(void **state)
{
	const char	*cursor;
	char		*altered;
	size_t		 i;

	(void)state;
	cursor = cursor_of(R_LIST);
	for (i = 0; cursor[i] != '\0'; i++) {
		altered = arena_text(arena, cursor);
		altered[i] = altered[i] == 'A' ? 'Q' : 'A';
		assert_false(accepts_cursor(R_LIST, altered));
		expect_problem(422, "fields");
		assert_string_equal(member(node_get(document(),
		    "errors")->first, "pointer"), "/cursor");
	}
	for (i = 1; i < strlen(cursor); i++)
		assert_false(accepts_cursor(R_LIST,
		    arena_copy(arena, cursor, i)));
	assert_false(accepts_cursor(R_LIST, "!"));
	assert_false(accepts_cursor(R_LIST, arena_format(arena, "%sAAAA",
	    cursor)));
}

static void
a_cursor_of_another_route_or_city_is_refused(void **state)
{
	const char	*cursor;
	bool		 accepted;

	(void)state;
	cursor = cursor_of(R_LIST);
	assert_false(accepts_cursor(R_OTHER_LIST, cursor));
	tenant.id = 2;
	accepted = accepts_cursor(R_LIST, cursor);
	tenant.id = 1;
	assert_false(accepted);
	assert_true(accepts_cursor(R_LIST, cursor));
}

static void
a_row_is_the_answer_and_no_row_is_not_found(void **state)
{
	(void)state;
	begin(R_SHOW, &one_row);
	row(&one_row, column("body", "{\"a\": 1}"), column("x", NULL));
	expect_answer(200, "application/json", "{\"a\": 1}");
	begin(R_PUT, &one_row);
	row(&one_row, column("body", "{}"), column("x", NULL));
	expect_answer(201, "application/json", "{}");
	begin(R_SHOW, &one_row);
	row(&one_row, column("body", NULL), column("x", NULL));
	expect_answer(204, NULL, "");
	begin(R_SHOW, &one_row);
	exchange_rows(&x, &one_row, NULL, 0);
	expect_problem(404, "not-found");
	begin(R_SHOW, &done);
	exchange_rows(&x, &done, NULL, 0);
	expect_answer(204, NULL, "");
}

static void
a_statement_may_refuse_by_its_columns(void **state)
{
	struct statement	*kinds[] = { &one_row, &page, &blob, &done };
	size_t			 i;

	(void)state;
	for (i = 0; i < 4; i++) {
		begin(R_SHOW, kinds[i]);
		x.limit = 50;
		row(kinds[i], column("problem", "code-wrong"),
		    column("arguments", "{\"tries\": 1}"));
		expect_problem(422, "code-wrong");
		assert_int_equal(node_get(document(), "tries")->integer, 1);
	}
}

static void
a_blob_is_sent_with_a_type_that_breaks_no_header(void **state)
{
	(void)state;
	begin(R_SHOW, &blob);
	row(&blob, column("media_type", "image/jpeg"),
	    column("content", "bytes"));
	expect_answer(200, "image/jpeg", "bytes");
	begin(R_SHOW, &blob);
	row(&blob, column("media_type", NULL), column("content", "bytes"));
	expect_answer(200, "application/octet-stream", "bytes");
	begin(R_SHOW, &blob);
	row(&blob, column("media_type", "a\r\nset-cookie: b"),
	    column("content", "bytes"));
	expect_problem(500, "internal");
	begin(R_SHOW, &blob);
	row(&blob, column("media_type", "image/jpeg"),
	    column("content", NULL));
	expect_problem(404, "not-found");
	begin(R_SHOW, &blob);
	exchange_rows(&x, &blob, NULL, 0);
	expect_problem(404, "not-found");
}

static void
a_hook_that_answers_nothing_or_fails_is_no_answer(void **state)
{
	(void)state;
	begin(R_SILENT, NULL);
	exchange_plain(&x);
	expect_problem(500, "internal");
	begin(R_HALF, NULL);
	exchange_plain(&x);
	expect_problem(500, "internal");
	begin(R_OVERFLOW, NULL);
	exchange_plain(&x);
	expect_problem(500, "internal");
	begin(R_LIST, NULL);
	exchange_plain(&x);
	expect_problem(500, "internal");
	begin(R_NAMING, &one_row);
	row(&one_row, column("name", "Anna"), column("x", NULL));
	expect_answer(201, "text/plain", "Anna");
}

static void
a_header_with_a_line_break_is_not_sent(void **state)
{
	int	i;

	(void)state;
	begin(R_LIST, NULL);
	exchange_add_header(&x, "location", "/a\r\nset-cookie: b=c");
	exchange_add_header(&x, "location", "/a\nb");
	exchange_add_header(&x, "loca\ntion", "/a");
	exchange_add_header(&x, "location", NULL);
	assert_int_equal(x.header_count, 0);
	for (i = 0; i < 2 * EXCHANGE_HEADERS_MAX; i++)
		exchange_add_header(&x, "location", "/ä b");
	assert_int_equal(x.header_count, EXCHANGE_HEADERS_MAX);
	assert_string_equal(x.headers[0].value, "/ä b");
}

/* Two sealed columns beside a body. */
static void
sealed_row(int route, const char *body)
{
	struct row_column	columns[3];
	struct row		row = { 3, columns };
	struct bytes		box;
	int			i;

	columns[0] = column("body", body);
	for (i = 1; i < 3; i++) {
		assert_int_equal(crypto_seal(arena, tenant.public_key,
		    i == 1 ? "{\"n\":1}" : "[2]", i == 1 ? 7 : 3, &box),
		    STATUS_OK);
		columns[i] = column(i == 1 ? "contact" : "more", NULL);
		columns[i].at = (const char *)box.at;
		columns[i].len = box.len;
		columns[i].binary = true;
	}
	begin(route, &one_row);
	exchange_rows(&x, &one_row, &row, 1);
}

static void
a_sealed_column_is_opened_for_the_office_only(void **state)
{
	struct keys	 cli = { .role = KEYS_CLI };
	struct bytes	 wrapped;

	(void)state;
	assert_int_equal(crypto_tenant_keys(arena, &cli, tenant.id,
	    tenant.public_key, &wrapped), STATUS_OK);
	assert_int_equal(crypto_tenant_unwrap(&cli, tenant.id, wrapped,
	    tenant.secret_key), STATUS_OK);
	tenant.has_secret_key = true;
	sealed_row(R_OFFICE, "{\"id\":1}");
	expect_answer(200, "application/json",
	    "{\"id\":1,\"contact\":{\"n\":1},\"more\":[2]}");
	sealed_row(R_OFFICE, "{}");
	expect_answer(200, "application/json",
	    "{\"contact\":{\"n\":1},\"more\":[2]}");
	sealed_row(R_SHOW, "{\"id\":1}");
	expect_answer(200, "application/json", "{\"id\":1}");
	/* Nobody would learn that it was read. */
	sealed_row(R_UNREAD, "{\"id\":1}");
	expect_problem(500, "internal");

	tenant.secret_key[8] ^= 1;
	sealed_row(R_OFFICE, "{\"id\":1}");
	expect_problem(500, "internal");
	tenant.has_secret_key = false;
	sealed_row(R_OFFICE, "{\"id\":1}");
	expect_problem(500, "internal");
	sealed_row(R_SHOW, "{\"id\":1}");
	expect_answer(200, "application/json", "{\"id\":1}");
}

#define TEST(name)	cmocka_unit_test(name)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(a_problem_has_its_title_in_the_callers_language),
		TEST(arguments_fill_the_title_and_become_members_but_reserved_ones),
		TEST(arguments_that_are_no_object_are_left_out),
		TEST(a_code_that_nobody_declared_is_our_fault),
		TEST(all_wrong_fields_are_told_at_once_in_the_callers_language),
		TEST(a_checked_body_becomes_parameters),
		TEST(a_check_adds_to_what_the_tables_found),
		TEST(a_body_of_the_wrong_form_is_refused_by_its_reason),
		TEST(a_raw_body_is_bound_as_it_is),
		TEST(a_hook_before_the_statement_may_refuse_and_may_not_fail_silently),
		TEST(a_path_that_cannot_be_names_nothing),
		TEST(a_page_has_a_limit_and_asks_for_one_more),
		TEST(a_cursor_is_told_only_where_there_is_more),
		TEST(a_cursor_that_was_altered_is_a_finding),
		TEST(a_cursor_of_another_route_or_city_is_refused),
		TEST(a_row_is_the_answer_and_no_row_is_not_found),
		TEST(a_statement_may_refuse_by_its_columns),
		TEST(a_blob_is_sent_with_a_type_that_breaks_no_header),
		TEST(a_hook_that_answers_nothing_or_fails_is_no_answer),
		TEST(a_header_with_a_line_break_is_not_sent),
		TEST(a_sealed_column_is_opened_for_the_office_only),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
