/* SPDX-License-Identifier: EUPL-1.2 */
/* Migrations: once, in order, whole, and never edited afterwards. */

#include <sys/wait.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/migrate.h"

#include "db.h"

static char	 dir[256];
static PGconn	*owner;

static void
file_write(const char *name, const char *text)
{
	char	 path[512];
	FILE	*file;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(0, fclose(file));
}

static void
file_remove(const char *name)
{
	char	path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(0, unlink(path));
}

static void
expect(enum status status, unsigned int applied)
{
	unsigned int	count;

	assert_int_equal(status, migrate_run(owner, dir, &count));
	assert_int_equal(applied, count);
	/* Nobody is left waiting for the lock, nothing half done. */
	assert_string_equal("0", ask(owner, "select count(*) from pg_locks "
	    "where locktype = 'advisory' and database = "
	    "(select oid from pg_database where datname = current_database())"));
	assert_int_equal(PQTRANS_IDLE, PQtransactionStatus(owner));
}

static void
expect_pending(enum status status, unsigned int pending)
{
	unsigned int	count;

	assert_int_equal(status, migrate_pending(owner, dir, &count));
	assert_int_equal(pending, count);
}

static void
files_are_applied_once_and_in_order(void **state)
{
	(void)state;
	file_write("0002_core_second.sql", "insert into first values (2);");
	file_write("0001_core_first.sql",
	    "create table first (n int); insert into first values (1);");
	file_write("README.md", "no migration");
	expect_pending(STATUS_OK, 2);
	expect(STATUS_OK, 2);
	expect_pending(STATUS_OK, 0);
	expect(STATUS_OK, 0);
	assert_string_equal("1,2",
	    ask(owner, "select string_agg(n::text, ',') from first"));
	assert_string_equal("0001_core_first.sql",
	    ask(owner, "select name from migration where number = 1"));
	assert_string_equal("t", ask(owner, "select sha256 = encode(sha256("
	    "'insert into first values (2);'), 'hex') "
	    "from migration where number = 2"));
}

static void
an_applied_file_that_was_edited_is_refused(void **state)
{
	(void)state;
	file_write("0002_core_second.sql", "insert into first values (3);");
	file_write("0003_core_third.sql", "insert into first values (3);");
	expect_pending(STATUS_REFUSED, 0);
	expect(STATUS_REFUSED, 0);
	assert_string_equal("2", ask(owner, "select count(*) from first"));
	file_write("0002_core_second.sql", "insert into first values (2);");
	file_remove("0003_core_third.sql");
	expect(STATUS_OK, 0);
}

static void
an_applied_file_that_is_missing_is_refused(void **state)
{
	(void)state;
	file_remove("0002_core_second.sql");
	expect(STATUS_REFUSED, 0);
	file_write("0002_core_second.sql", "insert into first values (2);");
}

static void
a_number_that_occurs_twice_is_refused(void **state)
{
	(void)state;
	file_write("0003_core_a.sql", "select 1;");
	file_write("0003_core_b.sql", "select 1;");
	expect_pending(STATUS_REFUSED, 0);
	expect(STATUS_REFUSED, 0);
	file_remove("0003_core_a.sql");
	file_remove("0003_core_b.sql");
}

static void
a_name_out_of_form_is_refused(void **state)
{
	static const char *const names[] = { "3_core_x.sql", "0003.sql",
	    "0003_core.sql", "0003_core_.sql", "0003-core_x.sql",
	    "0003_Core_x.sql", "0003_core_x y.sql", "x.sql" };
	size_t	i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		file_write(names[i], "select 1;");
		expect(STATUS_REFUSED, 0);
		file_remove(names[i]);
	}
}

static void
an_empty_file_is_refused(void **state)
{
	(void)state;
	file_write("0003_core_empty.sql", "");
	expect(STATUS_IO, 0);
	file_remove("0003_core_empty.sql");
}

static void
a_file_that_fails_leaves_nothing_and_stops_the_rest(void **state)
{
	(void)state;
	file_write("0003_core_good.sql", "insert into first values (3);");
	file_write("0004_core_bad.sql", "insert into first values (4);\n"
	    "select 'ä';\nselect nothing_like_it();\n");
	file_write("0005_core_later.sql", "insert into first values (5);");
	expect(STATUS_DATABASE, 1);
	assert_string_equal("3", ask(owner, "select max(n) from first"));
	file_write("0004_core_bad.sql", "insert into first values (4);");
	expect(STATUS_OK, 2);
	assert_string_equal("1,2,3,4,5",
	    ask(owner, "select string_agg(n::text, ',') from first"));
}

static void
a_file_that_ends_its_transaction_is_refused(void **state)
{
	(void)state;
	file_write("0006_core_commit.sql", "commit;");
	expect(STATUS_REFUSED, 0);
	file_remove("0006_core_commit.sql");
}

static void
two_runs_at_once_apply_each_file_once(void **state)
{
	PGconn		*holder, *other;
	unsigned int	 applied;
	pid_t		 pid;
	int		 status, i;
	char		 waiting[2] = "0";

	(void)state;
	file_write("0007_core_both.sql", "insert into first values (7);");
	holder = db_open(OWNER);
	(void)ask(holder, "select pg_advisory_lock("
	    "('x' || encode('stadtker', 'hex'))::bit(64)::bigint)");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		/* The parent's connections are not this process's. */
		other = db_open(OWNER);
		if (migrate_run(other, dir, &applied) != STATUS_OK)
			_exit(100);
		PQfinish(other);
		_exit((int)applied);
	}
	for (i = 0; i < 1000 && waiting[0] == '0'; i++) {
		waiting[0] = ask(holder, "select count(*) from pg_locks l "
		    "join pg_database d on d.oid = l.database "
		    "where datname = current_database() "
		    "and locktype = 'advisory' and not granted")[0];
		(void)usleep(10000);
	}
	assert_string_equal("1", waiting);
	(void)ask(holder, "select pg_advisory_unlock_all()");
	assert_int_equal(STATUS_OK, migrate_run(owner, dir, &applied));
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_true(WIFEXITED(status));
	assert_int_equal(1, WEXITSTATUS(status) + (int)applied);
	assert_string_equal("1",
	    ask(owner, "select count(*) from first where n = 7"));
}

static void
a_lock_that_is_not_given_up_is_not_waited_for_long(void **state)
{
	PGconn	*holder;

	(void)state;
	holder = db_open(OWNER);
	(void)ask(holder, "begin");
	(void)ask(holder, "lock table first in access share mode");
	file_write("0008_core_wide.sql", "alter table first add m int;");
	expect(STATUS_DATABASE, 0);
	(void)ask(holder, "commit");
	expect(STATUS_OK, 1);
}

static int
setup(void **state)
{
	const char	*base = getenv("TMPDIR");

	(void)state;
	(void)snprintf(dir, sizeof(dir), "%s/stadtkern-migrate-XXXXXX",
	    base != NULL ? base : "/tmp");
	assert_non_null(mkdtemp(dir));
	owner = db_open(OWNER);
	return (0);
}

static int
teardown(void **state)
{
	struct dirent	*entry;
	DIR		*files;

	(void)state;
	db_close_all();
	assert_non_null(files = opendir(dir));
	while ((entry = readdir(files)) != NULL)
		if (entry->d_name[0] != '.')
			file_remove(entry->d_name);
	(void)closedir(files);
	return (rmdir(dir));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_applied_once_and_in_order),
		cmocka_unit_test(an_applied_file_that_was_edited_is_refused),
		cmocka_unit_test(an_applied_file_that_is_missing_is_refused),
		cmocka_unit_test(a_number_that_occurs_twice_is_refused),
		cmocka_unit_test(a_name_out_of_form_is_refused),
		cmocka_unit_test(an_empty_file_is_refused),
		cmocka_unit_test(
		    a_file_that_fails_leaves_nothing_and_stops_the_rest),
		cmocka_unit_test(a_file_that_ends_its_transaction_is_refused),
		cmocka_unit_test(two_runs_at_once_apply_each_file_once),
		cmocka_unit_test(
		    a_lock_that_is_not_given_up_is_not_waited_for_long),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
