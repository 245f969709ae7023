/* SPDX-License-Identifier: EUPL-1.2 */
/* YAML into nodes. */

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <stadtkern/node.h>

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static struct arena	*arena;
static struct findings	 findings;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	findings_init(&findings, arena);
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static enum status
read_text(const char *text, struct node **node)
{
	findings_init(&findings, arena);
	return (node_from_yaml(arena, "t.yaml", text, strlen(text), node,
	    &findings));
}

/* All findings, a line each. */
static const char *
said(void)
{
	const struct finding	*finding;
	struct buf		 buf;

	buf_init(&buf, arena, 100000);
	for (finding = findings.first; finding != NULL;
	    finding = finding->next) {
		buf_text(&buf, finding_line(arena, finding));
		buf_char(&buf, '\n');
	}
	return (buf_finish(&buf, NULL));
}

static void
plain_scalars_wait_for_their_reader(void **state)
{
	static const struct {
		const char	*text;
		enum node_kind	 kind;
		const char	*value;
	} rows[] = {
		{ "a: 12", NODE_SCALAR, "12" },
		{ "a: true", NODE_SCALAR, "true" },
		{ "a: no", NODE_SCALAR, "no" },
		{ "a: Null", NODE_SCALAR, "Null" },
		{ "a: x y", NODE_SCALAR, "x y" },
		{ "a: \"12\"", NODE_TEXT, "12" },
		{ "a: 'null'", NODE_TEXT, "null" },
		{ "a: ''", NODE_TEXT, "" },
		{ "a: |\n  x\n  y\n", NODE_TEXT, "x\ny\n" },
		{ "a: >-\n  x\n  y\n", NODE_TEXT, "x y" },
		{ "a:", NODE_NULL, NULL },
		{ "a: ~", NODE_NULL, NULL },
		{ "a: null", NODE_NULL, NULL },
		{ "a: []", NODE_LIST, NULL },
		{ "a: {}", NODE_MAP, NULL },
		{ "a: 2026-11-20", NODE_SCALAR, "2026-11-20" },
	};
	const struct node	*child;
	struct node		*node;
	size_t			 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(rows[i].text, &node), STATUS_OK);
		child = node_get(node, "a");
		assert_non_null(child);
		assert_int_equal(child->kind, rows[i].kind);
		if (rows[i].value == NULL)
			assert_null(child->text);
		else
			assert_string_equal(child->text, rows[i].value);
	}
}

static void
positions_count_characters_from_one(void **state)
{
	const struct node	*child;
	struct node		*node;

	(void)state;
	assert_int_equal(read_text("\n{ä: 1, öü: [x,\n  z]}\n", &node),
	    STATUS_OK);
	assert_int_equal(node->line, 2);
	assert_int_equal(node->column, 1);
	child = node_get(node, "öü");
	assert_non_null(child);
	assert_int_equal(child->name_line, 2);
	assert_int_equal(child->name_column, 8);
	assert_int_equal(child->column, 12);
	assert_int_equal(child->count, 2);
	assert_int_equal(child->first->next->line, 3);
	assert_int_equal(child->first->next->column, 3);
	assert_string_equal(child->file, "t.yaml");
}

static void
no_document_is_null(void **state)
{
	static const char *const	 texts[] = {
		"", "\n\n", "# only a comment\n", "---\n", "~", "---\n...\n",
		"\xef\xbb\xbf",
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(read_text(texts[i], &node), STATUS_OK);
		assert_int_equal(node->kind, NODE_NULL);
	}
}

static void
all_duplicate_keys_are_reported_at_once(void **state)
{
	struct node	*node;

	(void)state;
	assert_int_equal(read_text("a: 1\nb:\n  x: 1\n  y: 2\n  x: 3\n"
	    "\"a\": 2\nc: [{k: 1, k: 2, k: 3}]\n", &node), STATUS_INVALID);
	assert_null(node);
	assert_string_equal(said(),
	    "t.yaml:5:3: /b/x occurs twice, first in line 3\n"
	    "t.yaml:7:12: /c/0/k occurs twice, first in line 7\n"
	    "t.yaml:7:18: /c/0/k occurs twice, first in line 7\n"
	    "t.yaml:6:1: /a occurs twice, first in line 1\n");
}

static void
what_yaml_hides_is_refused(void **state)
{
	static const struct {
		const char	*text;
		const char	*said;
	} rows[] = {
		{ "a: &x 1\nb: *x\n",
		  "t.yaml:1:4: /a cannot be read: anchors (&) are not used "
		  "here\n"
		  "t.yaml:2:4: /b cannot be read: aliases (*) are not used "
		  "here\n" },
		{ "&m {a: 1}", "t.yaml:1:1: the document cannot be read: "
		  "anchors (&) are not used here\n" },
		{ "a: !!binary aGk=\nb: [1, !x {c: 2}]\n",
		  "t.yaml:1:4: /a cannot be read: tags (!) are not used here\n"
		  "t.yaml:2:8: /b/1 cannot be read: tags (!) are not used "
		  "here\n" },
		{ "<<: {a: 1}", "t.yaml:1:1: the document cannot be read: "
		  "merge keys (<<) are not used here\n" },
		{ "a: 1\n---\nb: 2\n", "t.yaml:2:1: the document cannot be "
		  "read: a second document begins\n" },
		{ "? [a, b]\n: 1\n? {c: d}\n: 2\n",
		  "t.yaml:1:3: the document cannot be read: a key has to be a "
		  "plain word\n"
		  "t.yaml:3:3: the document cannot be read: a key has to be a "
		  "plain word\n" },
		{ "a: \"x\\0y\"", "t.yaml:1:4: /a contains a control "
		  "character: U+0000\n" },
		{ "a: 1\nb: \x01\n", "t.yaml:2:4: the document contains a "
		  "control character: U+0001\n" },
		{ "a: ä\xff\n", "t.yaml:1:5: the document is not valid UTF-8\n" },
		{ "a: \xed\xa0\x80\n",
		  "t.yaml:1:4: the document is not valid UTF-8\n" },
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(rows[i].text, &node),
		    STATUS_INVALID);
		assert_null(node);
		assert_string_equal(said(), rows[i].said);
	}
}

static void
broken_yaml_is_named_at_its_mark(void **state)
{
	static const struct {
		const char	*text;
		const char	*where;
		const char	*what;
	} rows[] = {
		{ "a: \"x\nb: 1\n", "t.yaml:3:1: ", "quoted scalar" },
		{ "a: 'x", "t.yaml:1:6: ", "end of stream" },
		{ "a:\n\tb: 1\n", "t.yaml:2:1: ", "cannot start any token" },
		{ "a: b: c", "t.yaml:1:5: ", "mapping values" },
		{ "a: [1, 2", "t.yaml:2:1: ", "flow sequence" },
		{ "a: {b: 1", "t.yaml:2:1: ", "flow mapping" },
		{ "a: 1\n b: 2\n", "t.yaml:2:3: ", "mapping values" },
		{ "- a\nb: 1\n", "t.yaml:2:1: ", "'-' indicator" },
		{ "a: @x", "t.yaml:1:4: ", "cannot start any token" },
		{ "a: \"\\q\"", "t.yaml:1:5: ", "escape" },
		{ "%YAML 9.9\n---\na: 1\n", "t.yaml:1:1: ", "incompatible" },
		{ "a: *nobody x: 1", "t.yaml:1:", "" },
	};
	struct node	*node;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(rows[i].text, &node),
		    STATUS_INVALID);
		assert_null(node);
		if (strncmp(said(), rows[i].where, strlen(rows[i].where)) ==
		    0 && strstr(said(), rows[i].what) != NULL)
			continue;
		fail_msg("\"%s\" said %s", rows[i].text, said());
	}
}

static void
depth_and_size_are_capped(void **state)
{
	struct node	*node;
	char		*text;
	size_t		 i;

	(void)state;
	text = arena_alloc(arena, NODE_YAML_MAX + 2);
	for (i = 0; i < NODE_DEPTH_MAX; i++) {
		text[i] = '[';
		text[NODE_DEPTH_MAX + i] = ']';
	}
	assert_int_equal(read_text(text, &node), STATUS_OK);
	(void)memset(text, '[', 100000);
	assert_int_equal(read_text(text, &node), STATUS_INVALID);
	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.first->code, FINDING_DEPTH);
	(void)memset(text, '#', NODE_YAML_MAX);
	assert_int_equal(read_text(text, &node), STATUS_OK);
	text[NODE_YAML_MAX] = '#';
	assert_int_equal(read_text(text, &node), STATUS_INVALID);
	assert_int_equal(findings.first->code, FINDING_TOO_LARGE);
}

static void
files_are_read_and_missing_ones_found(void **state)
{
	static const char	 text[] = "a: {b: 1}\n";
	char			 dir[] = "/tmp/yaml_test.XXXXXX";
	struct node		*node;
	const char		*path;
	int			 fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = arena_format(arena, "%s/a.yaml", dir);
	assert_int_equal(node_from_yaml_file(arena, path, &node, &findings),
	    STATUS_INVALID);
	assert_int_equal(findings.first->code, FINDING_FILE);
	assert_string_equal(findings.first->file, path);
	assert_string_equal(findings.first->argument,
	    "No such file or directory");
	findings_init(&findings, arena);
	assert_int_equal(node_from_yaml_file(arena, dir, &node, &findings),
	    STATUS_INVALID);
	assert_string_equal(findings.first->argument, "no regular file");
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, sizeof(text) - 1),
	    sizeof(text) - 1);
	(void)close(fd);
	findings_init(&findings, arena);
	assert_int_equal(node_from_yaml_file(arena, path, &node, &findings),
	    STATUS_OK);
	assert_non_null(node_get(node_get(node, "a"), "b"));
	assert_string_equal(node->file, path);
	(void)unlink(path);
	(void)rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(plain_scalars_wait_for_their_reader),
		TEST(positions_count_characters_from_one),
		TEST(no_document_is_null),
		TEST(all_duplicate_keys_are_reported_at_once),
		TEST(what_yaml_hides_is_refused),
		TEST(broken_yaml_is_named_at_its_mark),
		TEST(depth_and_size_are_capped),
		TEST(files_are_read_and_missing_ones_found),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
