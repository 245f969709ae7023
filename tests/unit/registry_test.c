/* SPDX-License-Identifier: EUPL-1.2 */
/* Loading plugins, and what is refused. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sample.h"

struct load {
	struct sample	 sample;
	struct findings	 findings;
	struct registry	*registry;
	enum status	 status;
};

static void
load_run(struct load *load)
{
	findings_init(&load->findings, load->sample.arena);
	load->status = registry_load(&load->registry, load->sample.home,
	    load->sample.objects, &load->findings);
}

static void
load_init(struct load *load, const struct edit *edit)
{
	memset(load, 0, sizeof(*load));
	assert_true(sample_init(&load->sample, edit));
	load_run(load);
}

static void
load_fini(struct load *load)
{
	registry_free(load->registry);
	sample_fini(&load->sample);
}

/* All findings, a line each. */
static const char *
load_lines(struct load *load)
{
	const struct finding	*finding;
	const char		*lines;

	lines = "";
	for (finding = load->findings.first; finding != NULL;
	    finding = finding->next)
		lines = arena_format(load->sample.arena, "%s%s\n", lines,
		    finding_line(load->sample.arena, finding));
	return (lines);
}

static void
assert_loads(struct load *load)
{
	if (load->status != STATUS_OK)
		fail_msg("%s", load_lines(load));
	assert_non_null(load->registry);
}

static void
the_platform_is_the_first_plugin_and_conforms(void **state)
{
	struct load	load;

	(void)state;
	load_init(&load, NULL);
	assert_loads(&load);
	assert_int_equal(load.registry->count, 2);
	assert_string_equal(load.registry->plugins[0].plugin->name, "");
	assert_ptr_equal(registry_plugin(load.registry, ""),
	    &load.registry->plugins[0]);
	assert_null(registry_plugin(load.registry, "other"));
	load_fini(&load);
}

static void
a_plugin_comes_with_statements_messages_and_defaults(void **state)
{
	const struct statement	*statement;
	const struct loaded	*loaded;
	struct load		 load;
	size_t			 i;

	(void)state;
	load_init(&load, NULL);
	assert_loads(&load);
	loaded = registry_plugin(load.registry, "sample");
	assert_non_null(loaded);
	assert_int_equal(loaded->index, 1);
	assert_string_equal(loaded->plugin->version, "1.0");
	statement = registry_statement(loaded, "claim_create");
	assert_non_null(statement);
	assert_true(statement->once);
	assert_string_equal(statement->prepared, "sample.claim_create");
	assert_null(registry_statement(loaded, "other"));
	assert_string_equal(node_get(loaded->defaults, "keep_days")->text,
	    "90");
	for (i = 0; i < load.registry->statement_count; i++)
		assert_int_equal(load.registry->statements[i]->index, i);
	load_fini(&load);
}

static void
a_text_is_the_plugins_or_the_platforms_or_none(void **state)
{
	const struct loaded	*loaded;
	struct load		 load;

	(void)state;
	load_init(&load, NULL);
	assert_loads(&load);
	loaded = registry_plugin(load.registry, "sample");
	assert_string_equal(registry_message(load.registry, loaded, "en",
	    "title"), "Lost property");
	assert_string_equal(registry_message(load.registry, loaded, "fr",
	    "title"), "Fundsachen");
	assert_non_null(registry_message(load.registry, loaded, "en",
	    "problem.not-found"));
	assert_null(registry_message(load.registry, loaded, "en", "nothing"));
	assert_null(registry_message(load.registry, NULL, "de",
	    "problem.find-gone"));
	load_fini(&load);
}

struct wrong {
	struct edit	 edit;
	enum finding_code code;
	const char	*says;		/* part of the line */
};

#define SOURCE(from, to)	{ "plugin.c", from, to }
#define SQL(from, to)		{ "queries.sql", from, to }
#define HEADER			"PLUGIN_HEADER(\"sample\", \"1.0\")"
#define HEADER_OF(size, major, minor, name)				\
	".route_size = sizeof(struct route), .size = " size		\
	", .abi_major = " major ", .abi_minor = " minor			\
	", .name = " name

/* A mount with one route, behind the rights. */
#define MOUNT(mount, route)						\
	SOURCE(".permissions = permissions,", ".permissions = permissions, " \
	".mounts = (const struct mount[]){ { .path = \"/lost/v1\", " mount	\
	" .routes = (const struct route[]){ { " route			\
	", .says = \"It.\" }, ROUTE_END } }, MOUNT_END },")
#define SHOW	"PUBLIC, .run = \"find_show\""

static const struct wrong wrongs[] = {
	{ MOUNT("", "GET, \"/x/{id}\", KEY(\"claims.read\"), "
	    ".run = \"find_show\""), FINDING_REQUIRED,
	    "GET /x/{id}: a key: a mount with .key, and a right" },
	{ MOUNT(".key = \"key\",", "GET, \"/x/{id}\", KEY(NULL), "
	    ".run = \"find_show\""), FINDING_REQUIRED, "and a right" },
	{ MOUNT(".key = \"key\",", "GET, \"/x/{id}\", KEY(\"claims.reed\"), "
	    ".run = \"find_show\""), FINDING_REFERENCE,
	    "right \"claims.reed\"" },
	{ SOURCE("OFFICE(\"claims.read\")", "KEY(\"claims.read\")"),
	    FINDING_REQUIRED, "a mount with .key" },
	{ MOUNT("", "GET, \"/x/{id}\", OFFICE(NULL), .run = \"find_show\""),
	    FINDING_CONFLICT, "is the office's, below a mount" },
	{ MOUNT("", "GET, \"/x/{id}\", SIGN_IN, .run = \"find_show\""),
	    FINDING_CONFLICT, "is the office's, below a mount" },
	{ MOUNT("", "GET, \"x/{id}\", " SHOW), FINDING_FORMAT,
	    "/literal/{parameter}" },
	{ MOUNT(".rehearsal = \"try\",", "GET, \"/x/{id}\", " SHOW),
	    FINDING_FORMAT, "a rehearsal's path" },
	{ MOUNT(".rehearsal = \"/lost/v1\",", "GET, \"/x/{id}\", " SHOW),
	    FINDING_FORMAT, "a rehearsal's path" },
	{ MOUNT(".rehearsal = \"/try\",", "GET, \"/x/{id}\", " SHOW
	    ", .then = \"find_show\""), FINDING_CONFLICT,
	    "cannot be rehearsed" },
	{ MOUNT("", "GET, \"/x/{id}\", " SHOW ", .formats = \"json\" }, { "
	    "GET, \"/x/{id}\", " SHOW ", .formats = \"xml\""),
	    FINDING_CONFLICT, "is declared before" },
	{ MOUNT("", "GET, \"/x/{id}\", " SHOW ", .seconds = 60"),
	    FINDING_REQUIRED, ".cache beside .seconds" },
	{ MOUNT(".key = \"key\",", "GET, \"/x/{id}\", KEY(\"claims.read\"), "
	    ".run = \"find_show\", .cache = \"finds\""), FINDING_CONFLICT,
	    "not for everybody" },
	{ SOURCE(HEADER, HEADER_OF("sizeof(struct plugin)", "1", "0",
	    "\"sample\"")), FINDING_CONFLICT, "interface 1.0" },
	{ SOURCE(HEADER, HEADER_OF("sizeof(struct plugin)", "2", "99",
	    "\"sample\"")), FINDING_CONFLICT, "interface 2.99" },
	{ SOURCE(HEADER, HEADER_OF("sizeof(struct plugin) + 8",
	    "PLUGIN_ABI_MAJOR", "PLUGIN_ABI_MINOR", "\"sample\"")),
	    FINDING_CONFLICT, "build it again" },
	{ SOURCE(HEADER, HEADER_OF("8", "PLUGIN_ABI_MAJOR",
	    "PLUGIN_ABI_MINOR", "\"sample\"")), FINDING_CONFLICT,
	    "(8 bytes)" },
	{ SOURCE("(\"sample\"", "(\"other\""), FINDING_CONFLICT,
	    "/sample contradicts another value: calls itself \"other\"" },
	{ SOURCE("const struct plugin plugin = {",
	    "const struct plugin plug = {"), FINDING_REQUIRED,
	    "sample.so: /sample is required" },
	{ SOURCE("extern const", "extern void nowhere(void);\n"
	    "__attribute__((constructor)) static void\n"
	    "start(void)\n{\n\tnowhere();\n}\nextern const"), FINDING_FILE,
	    "nowhere" },
	{ SOURCE("\"find_show\"", "\"find_shew\""), FINDING_REFERENCE,
	    "GET /finds/{id}: statement \"find_shew\"" },
	{ SQL("category = :category", "category = :kategory"),
	    FINDING_REFERENCE, "queries.sql:4:1: /sample" },
	{ SQL("category = :category", "category = :kategory"),
	    FINDING_REFERENCE, ":kategory" },
	{ SQL(":position.lat", ":position.let"), FINDING_REFERENCE,
	    ":position.let" },
	{ SQL("where shelf = :code", "where shelf = :content"),
	    FINDING_REFERENCE, ":content" },
	{ SQL("select body from sample.find where id = :id::uuid",
	    "select body from sample.find where id = :after::uuid"),
	    FINDING_REFERENCE, ":after" },
	{ SQL("select answered(json_build_object('id', id))",
	    "select json_build_object('id', id)"), FINDING_REQUIRED,
	    "answered() in \"claim_create\"" },
	{ SOURCE("{ \"find-gone\", 409 }", "{ \"find-away\", 409 }"),
	    FINDING_REQUIRED, "text problem.find-away" },
	{ { "messages/de.yaml", "  GET /claims: Meldungen ansehen\n", "" },
	    FINDING_REQUIRED, "text \"action.GET /claims\"" },
	{ { "messages/de.yaml", "  claims.read: Meldungen lesen\n", "" },
	    FINDING_REQUIRED, "text right.claims.read" },
	{ SOURCE(".run = \"claim_list\"", ".run = \"claim_list\", "
	    ".reads = \"finder\""), FINDING_REQUIRED, "text reads.finder" },
	{ SOURCE("\"find\", .table", "\"fund\", .table"),
	    FINDING_REQUIRED, "text subject.fund" },
	{ SOURCE("{ \"/finds/{id}\", \"find\"",
	    "{ \"/shelves/{code}\", \"find\""), FINDING_REFERENCE,
	    "subject \"/shelves/{code}\": the beginning" },
	{ SOURCE("{ \"/finds/{id}\", \"find\"",
	    "{ \"/claims\", \"find\""), FINDING_REFERENCE,
	    "subject \"/claims\": the beginning" },
	{ SOURCE(".name = \"title\"", ""), FINDING_REQUIRED,
	    "come together" },
	{ SOURCE("{ \"find-gone\", 409 }", "{ \"find-gone\", 200 }"),
	    FINDING_FORMAT, "\"find-gone\", 200" },
	{ SOURCE("{ \"find-gone\", 409 },", "{ \"find-gone\", 409 },\n"
	    "{ \"find-gone\", 410 },"), FINDING_CONFLICT,
	    "\"find-gone\" is declared twice" },
	{ SOURCE("\"/shelves/{code}\"", "\"/finds/{code}\""),
	    FINDING_CONFLICT, "is declared before" },
	{ SOURCE("{ DELETE, \"/finds/{id}\", OFFICE(\"finds.write\")",
	    "{ DELETE, \"/finds/{nr}\", PUBLIC"), FINDING_CONFLICT,
	    "parameters have other names" },
	{ SOURCE("OFFICE(\"claims.read\")", "OFFICE(\"claims.reed\")"),
	    FINDING_REFERENCE, "right \"claims.reed\"" },
	{ SOURCE("\"/claims\"", "\"claims\""), FINDING_FORMAT,
	    "/literal/{parameter}" },
	{ SOURCE("\"/claims\"", "\"/claims/\""), FINDING_FORMAT, "" },
	{ SOURCE("\"/claims\"", "\"/cl{a}ims\""), FINDING_FORMAT, "" },
	{ SOURCE("\"/claims\"", "\"/Claims\""), FINDING_FORMAT, "" },
	{ SOURCE("\"/claims\"", "\"/a/../b\""), FINDING_FORMAT, "" },
	{ SOURCE("\"/claims\"", "\"/{a}/{a}\""), FINDING_FORMAT, "" },
	{ SOURCE("\"/claims\"", "\"/{a}/{b}/{c}/{d}/{e}\""), FINDING_FORMAT,
	    "" },
	{ SOURCE("\"/claims\"", "\"/1/2/3/4/5/6/7/8/9\""), FINDING_FORMAT,
	    "at most 12 segments" },
	{ SOURCE("\"/shelves/{code}\"", "\"/shelves\""), FINDING_REFERENCE,
	    "field \"code\" is not in the path" },
	{ SOURCE("\"/shelves/{code}\"", "\"/shelves/{code}/{row}\""),
	    FINDING_REFERENCE, "\"row\" is not in the table" },
	{ SOURCE(".query = filter_fields", ".body = claim_fields, "
	    ".query = filter_fields"), FINDING_CONFLICT, "has a body" },
	{ SOURCE(".body = claim_fields,", ".body = claim_fields, "
	    ".accepts = \"image/png\","), FINDING_CONFLICT, "a raw one" },
	{ SOURCE(".changes = \"finds\", .says = \"The picture",
	    ".cache = \"finds\", .says = \"The picture"), FINDING_CONFLICT,
	    "PUT /finds/{id}/picture: is cached" },
	{ SOURCE(".run = \"claim_list\"", ".run = \"claim_list\", "
	    ".cache = \"claims\""), FINDING_CONFLICT, "not for everybody" },
	{ SOURCE(".run = \"claim_list\"", ".run = \"claim_list\", "
	    ".reads = \"Who it is\""), FINDING_FORMAT, "a word" },
	{ SOURCE(".body = claim_fields,", ".body = claim_fields, "
	    ".reads = \"contact\","), FINDING_CONFLICT,
	    "is not the office's" },
	{ SOURCE(".run = \"claim_list\"", ".run = \"claim_list\", "
	    ".changes = \"claims\""), FINDING_CONFLICT, "changes \"claims\"" },
	{ SOURCE(".run = \"claim_list\"", ".run = \"claim_list\", "
	    ".then = \"find_give_away\""), FINDING_REQUIRED,
	    "come together" },
	{ SQL("-- name: picture_put :done", "-- name: picture_put :csv"),
	    FINDING_CONFLICT, "\"picture_put\" is CSV" },
	{ SQL("-- name: find_show :row", "-- name: find_show :csv"),
	    FINDING_CONFLICT, "\"find_show\" is CSV" },
	{ SOURCE(".run = \"claim_list\",", ""), FINDING_REQUIRED,
	    ".run or .answer" },
	{ SOURCE("FIELD_TEXT(struct filter, category,",
	    "FIELD_TEXT(struct filter, category, .name = \"limit\","),
	    FINDING_CONFLICT, "are the platform's" },
	{ SOURCE("DAILY_AT(3, 0)", "DAILY_AT(24, 0)"), FINDING_FORMAT,
	    "schedule \"give-away\"" },
	{ SOURCE("DAILY_AT(3, 0)", "EVERY(0)"), FINDING_FORMAT,
	    "schedule \"give-away\"" },
	{ SOURCE("DAILY_AT(3, 0), .run = \"find_give_away\"",
	    "DAILY_AT(3, 0), .run = \"nothing\""), FINDING_REFERENCE,
	    "statement \"nothing\"" },
	{ SOURCE(".basis = \"Art. 6 (1) e DSGVO\",", ""), FINDING_REQUIRED,
	    "personal data of \"claim\"" },
	{ { "messages/de.yaml", "    keep: 90 Tage\n", "" },
	    FINDING_REQUIRED, "text personal_data.claim.keep" },
	{ SOURCE("	PERSONAL_DATA_END", "	{ .table = \"claim\", "
	    ".what = \"x\", .why = \"x\", .basis = \"x\", .keep = \"x\" "
	    "}, PERSONAL_DATA_END"), FINDING_REQUIRED,
	    "text personal_data.claim-2.what" },
	{ SQL("-- name: find_show :row", "-- name: find_show :raw"),
	    FINDING_CHOICE, "queries.sql:11:" },
	{ { "messages/en.yaml", "find-gone", "find-away" },
	    FINDING_REFERENCE, "en.yaml:12:" },
	{ { "messages/de.yaml", "title:", "\"title:" }, FINDING_SYNTAX,
	    "de.yaml:" },
	{ { "defaults.yaml", "keep_days", "keep_deys" }, FINDING_UNKNOWN,
	    "defaults.yaml:3:" },
	{ { "defaults.yaml", "keep_days: 90", "[]" }, FINDING_TYPE,
	    "defaults.yaml:3:" },
};

static void
a_mount_may_have_a_path_with_and_without_formats(void **state)
{
	static const struct edit	edit = MOUNT(".rehearsal = \"/try\", "
	    ".key = \"key\",", "GET, \"/x/{id}\", " SHOW
	    ", .formats = \"json, xml\" }, { GET, \"/x/{id}\", " SHOW
	    " }, { DELETE, \"/x/{id}\", KEY(\"claims.read\"), "
	    ".run = \"find_show\"");
	struct load			load;

	(void)state;
	load_init(&load, &edit);
	assert_loads(&load);
	assert_string_equal(load.registry->plugins[1].plugin->mounts[0].path,
	    "/lost/v1");
	load_fini(&load);
}

static bool
has_line(struct load *load, const struct wrong *wrong)
{
	const struct finding	*finding;

	for (finding = load->findings.first; finding != NULL;
	    finding = finding->next) {
		if (finding->code == wrong->code && strstr(finding_line(
		    load->sample.arena, finding), wrong->says) != NULL)
			return (true);
	}
	return (false);
}

static void
what_does_not_fit_together_is_refused_with_a_reason(void **state)
{
	struct load	load;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		load_init(&load, &wrongs[i].edit);
		assert_null(load.registry);
		if (load.status != STATUS_INVALID ||
		    !has_line(&load, &wrongs[i]))
			fail_msg("case %zu, %s: %s", i, wrongs[i].edit.to,
			    load_lines(&load));
		load_fini(&load);
	}
}

static void
an_object_without_a_folder_is_refused(void **state)
{
	struct load	load;

	(void)state;
	memset(&load, 0, sizeof(load));
	assert_true(sample_init(&load.sample, NULL));
	assert_true(sample_build(&load.sample, "lonely"));
	load_run(&load);
	assert_int_equal(load.status, STATUS_INVALID);
	assert_int_equal(load.findings.count, 1);
	assert_non_null(strstr(load_lines(&load), "/lonely refers to"));
	load_fini(&load);
}

static void
a_file_that_is_no_object_is_refused(void **state)
{
	struct load	load;

	(void)state;
	memset(&load, 0, sizeof(load));
	assert_true(sample_init(&load.sample, NULL));
	assert_true(folder_write(arena_format(load.sample.arena,
	    "%s/sample.so", load.sample.objects), "no object"));
	load_run(&load);
	assert_int_equal(load.status, STATUS_INVALID);
	assert_int_equal(load.findings.count, 1);
	assert_int_equal(load.findings.first->code, FINDING_FILE);
	load_fini(&load);
}

static void
an_object_of_an_older_interface_has_the_rest_empty(void **state)
{
	static const struct edit	 older = SOURCE(HEADER, HEADER_OF(
	    "offsetof(struct plugin, schedules)", "PLUGIN_ABI_MAJOR", "0",
	    "\"sample\""));
	const struct loaded		*loaded;
	struct load			 load;

	(void)state;
	load_init(&load, &older);
	/* Its rights are beyond what it says it has. */
	assert_int_equal(load.status, STATUS_INVALID);
	assert_int_equal(load.findings.count, 2);
	assert_non_null(strstr(load_lines(&load), "not in .permissions"));
	load_fini(&load);

	load_init(&load, &(const struct edit)SOURCE(HEADER, HEADER_OF(
	    "sizeof(struct plugin)", "PLUGIN_ABI_MAJOR", "0", "\"sample\"")));
	assert_loads(&load);
	loaded = registry_plugin(load.registry, "sample");
	assert_string_equal(loaded->plugin->version, "");
	assert_non_null(loaded->plugin->permissions);
	load_fini(&load);
}

static void
a_folder_of_objects_that_is_missing_is_a_finding(void **state)
{
	struct load	load;

	(void)state;
	memset(&load, 0, sizeof(load));
	assert_true(sample_init(&load.sample, NULL));
	load.sample.objects = "/nonexistent/objects";
	load_run(&load);
	assert_int_equal(load.status, STATUS_INVALID);
	assert_int_equal(load.findings.count, 1);
	assert_string_equal(load.findings.first->file,
	    "/nonexistent/objects");
	load_fini(&load);
}

static void
a_plugin_without_german_texts_is_refused(void **state)
{
	struct load	load;

	(void)state;
	memset(&load, 0, sizeof(load));
	assert_true(sample_init(&load.sample, NULL));
	assert_int_equal(unlink(arena_format(load.sample.arena,
	    "%s/messages/de.yaml", load.sample.dir)), 0);
	load_run(&load);
	assert_int_equal(load.status, STATUS_INVALID);
	assert_non_null(strstr(load_lines(&load), "de.yaml"));
	load_fini(&load);
}

/* Puts the statement `name` into a file of the sample's queries/. */
static void
queries_write(struct load *load, const char *file, const char *name)
{
	const char	*dir;

	dir = arena_format(load->sample.arena, "%s/queries", load->sample.dir);
	(void)mkdir(dir, 0755);
	assert_true(folder_write(arena_format(load->sample.arena, "%s/%s", dir,
	    file), arena_format(load->sample.arena,
	    "-- name: %s :row\n-- One.\nselect 1 as body;\n", name)));
}

static void
statements_may_lie_in_several_files_read_by_name(void **state)
{
	const struct statement	*statement;
	const struct loaded	*loaded;
	struct load		 load;
	size_t			 i;

	(void)state;
	memset(&load, 0, sizeof(load));
	assert_true(sample_init(&load.sample, NULL));
	queries_write(&load, "b.sql", "last");
	queries_write(&load, "a.sql", "last_but_one");
	queries_write(&load, "b.sql~", "nothing");
	queries_write(&load, ".a.sql", "nothing");
	load_run(&load);
	assert_loads(&load);
	loaded = registry_plugin(load.registry, "sample");
	assert_null(registry_statement(loaded, "nothing"));
	statement = registry_statement(loaded, "last_but_one");
	assert_non_null(statement);
	assert_non_null(strstr(statement->file, "/queries/a.sql"));
	assert_string_equal(statement->next->name, "last");
	assert_null(statement->next->next);
	for (i = 0; i < load.registry->statement_count; i++)
		assert_int_equal(load.registry->statements[i]->index, i);
	load_fini(&load);
}

static void
a_statement_that_two_files_have_is_refused(void **state)
{
	struct load	load;

	(void)state;
	memset(&load, 0, sizeof(load));
	assert_true(sample_init(&load.sample, NULL));
	queries_write(&load, "more.sql", "claim_create");
	load_run(&load);
	assert_int_equal(load.status, STATUS_INVALID);
	assert_int_equal(load.findings.count, 1);
	assert_int_equal(load.findings.first->code, FINDING_CONFLICT);
	assert_non_null(strstr(load_lines(&load),
	    "/queries/more.sql:1:1: /claim_create"));
	assert_non_null(strstr(load_lines(&load), "/queries.sql:"));
	load_fini(&load);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(the_platform_is_the_first_plugin_and_conforms),
		cmocka_unit_test(
		    a_plugin_comes_with_statements_messages_and_defaults),
		cmocka_unit_test(
		    a_text_is_the_plugins_or_the_platforms_or_none),
		cmocka_unit_test(
		    a_mount_may_have_a_path_with_and_without_formats),
		cmocka_unit_test(
		    what_does_not_fit_together_is_refused_with_a_reason),
		cmocka_unit_test(an_object_without_a_folder_is_refused),
		cmocka_unit_test(a_file_that_is_no_object_is_refused),
		cmocka_unit_test(
		    an_object_of_an_older_interface_has_the_rest_empty),
		cmocka_unit_test(
		    a_folder_of_objects_that_is_missing_is_a_finding),
		cmocka_unit_test(a_plugin_without_german_texts_is_refused),
		cmocka_unit_test(
		    statements_may_lie_in_several_files_read_by_name),
		cmocka_unit_test(a_statement_that_two_files_have_is_refused),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
