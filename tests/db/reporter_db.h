/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the tests of the defect reporter share: three cities with people in
 * them, and the statements of queries.sql, run by name in a transaction of
 * somebody, as the server would run them.
 */
#ifndef TESTS_REPORTER_DB_H
#define TESTS_REPORTER_DB_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/plugin/statement.h"

#include "db.h"

struct world {
	struct arena		*arena;
	struct statement	*statements;
	PGconn			*owner;
	PGconn			*public;
	PGconn			*office;
	PGconn			*courier;
};

static inline PGresult *
sql_run(PGconn *db, const char *text)
{
	PGresult	*result;

	result = PQexec(db, text);
	if (PQresultStatus(result) != PGRES_TUPLES_OK &&
	    PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%.200s: %s", text, PQerrorMessage(db));

	return (result);
}

static inline void
sql_done(PGconn *db, const char *text)
{
	PQclear(sql_run(db, text));
}

static inline PGresult *sql(PGconn *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

static inline PGresult *
sql(PGconn *db, const char *fmt, ...)
{
	char	text[4096];
	va_list	args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	return (sql_run(db, text));
}

/* The SQLSTATE with which `text` fails; the transaction is rolled back. */
static inline const char *
sql_refused(PGconn *db, const char *text)
{
	static char	 state[6];
	PGresult	*result;
	const char	*field;

	result = PQexec(db, text);
	field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	snprintf(state, sizeof(state), "%s", field == NULL ? "" : field);
	PQclear(result);

	return (state);
}

/* Statements of another file, behind those that are there. */
static inline void
world_read(struct world *world, const char *plugin, const char *queries)
{
	struct statement	**tail;
	struct findings		  findings;
	char			 *text;

	findings_init(&findings, world->arena);
	for (tail = &world->statements; *tail != NULL; tail = &(*tail)->next)
		continue;
	text = file_text(queries);
	assert_int_equal(statements_read(world->arena, plugin, queries, text,
	    strlen(text), tail, &findings), STATUS_OK);
	free(text);
}

static inline void
world_open(struct world *world, const char *plugin, const char *queries)
{
	db_prepare();
	world->owner = db_open(OWNER);
	world->public = db_open(PUBLIC_ROLE);
	world->office = db_open(OFFICE_ROLE);
	world->courier = db_open(COURIER);
	world->arena = arena_new(0);
	world->statements = NULL;
	world_read(world, plugin, queries);
}

static inline void
world_close(struct world *world)
{
	db_close_all();
	arena_free(world->arena);
}

static inline const struct statement *
statement_find(const struct world *world, const char *name)
{
	const struct statement	*statement;

	for (statement = world->statements; statement != NULL;
	    statement = statement->next) {
		if (strcmp(statement->name, name) == 0)
			return (statement);
	}
	fail_msg("no statement %s", name);

	return (NULL);
}

/* A setting goes by its own name. */
static inline const char *
parameter_find(const char *const *arguments, const char *name)
{
	size_t	i;

	if (strncmp(name, "settings.", 9) == 0)
		name += 9;
	for (i = 0; arguments[i] != NULL; i += 2) {
		if (strcmp(arguments[i], name) == 0)
			return (arguments[i + 1]);
	}

	return (NULL);
}

/* Begins, becomes somebody, runs; the transaction is left open. */
static inline PGresult *
statement_begin(const struct world *world, PGconn *db, const char *enter,
    const char *name, const char *const *arguments)
{
	const struct statement	*statement;
	const char		*values[STATEMENT_PARAMETERS_MAX];
	PGresult		*result;
	size_t			 i;

	statement = statement_find(world, name);
	for (i = 0; i < statement->parameter_count; i++)
		values[i] = parameter_find(arguments,
		    statement->parameters[i]);
	sql_done(db, "begin");
	sql_done(db, enter);
	result = PQexecParams(db, statement->sql,
	    (int)statement->parameter_count, NULL, values, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK &&
	    PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", name, PQerrorMessage(db));

	return (result);
}

/* The same, committed. */
static inline PGresult *
statement_run(const struct world *world, PGconn *db, const char *enter,
    const char *name, const char *const *arguments)
{
	PGresult	*result;

	result = statement_begin(world, db, enter, name, arguments);
	sql_done(db, "commit");

	return (result);
}

#define OPEN	"{received,in-progress,forwarded}"
#define GRAPH	"{\"received\":{\"kind\":\"open\",\"next\":[\"in-progress\"]}," \
	"\"in-progress\":{\"kind\":\"open\",\"next\":[\"done\",\"forwarded\"]}," \
	"\"forwarded\":{\"kind\":\"open\",\"next\":[\"done\"]},"	\
	"\"done\":{\"kind\":\"closed\",\"next\":[\"in-progress\"]}}"
#define PHOTO	"\\xffd8ffe0"
#define UUID_NOBODY	"00000000-0000-4000-8000-000000000000"

#define ENTER_PUBLIC	"select enter_public(1)"
#define ENTER_OTHER_CITY "select enter_public(2)"
#define ENTER_THIRD_CITY "select enter_public(3)"
#define ENTER_ANNA	"select enter_device(1, decode(repeat('a1', 32), 'hex'), false)"
#define ENTER_BERT	"select enter_device(1, decode(repeat('b1', 32), 'hex'), false)"
#define ENTER_CARLA	"select enter_device(2, decode(repeat('c1', 32), 'hex'), false)"
#define ENTER_STAFF	"select enter_staff(1, decode(repeat('d1', 32), 'hex'), '{admin}')"
#define ENTER_STAFF_2	"select enter_staff(2, decode(repeat('e1', 32), 'hex'), '{admin}')"
#define ENTER_COURIER	"select set_config('stadtkern.tenant', '1', true)"

#define ONCE		"select once(decode(repeat('11', 32), 'hex'), decode(repeat('22', 32), 'hex'))"

#define ARGUMENTS(...)	((const char *const []){ __VA_ARGS__, NULL, NULL })
#define NOTHING		((const char *const []){ NULL, NULL })

static struct world	world;

static inline const char *
value(const PGresult *result, const char *column)
{
	int	at;

	at = PQfnumber(result, column);
	assert_true(at >= 0);
	assert_int_equal(PQntuples(result), 1);

	return (PQgetisnull(result, 0, at) ? NULL : PQgetvalue(result, 0, at));
}

/* A member of the JSON in `column`; lives as long as the test program. */
static inline const char *
member(const PGresult *result, const char *column, const char *path)
{
	const char	*parameters[2];
	PGresult	*got;
	const char	*text;

	parameters[0] = value(result, column);
	parameters[1] = path;
	got = PQexecParams(world.owner, "select $1::json #>> $2::text[]", 2,
	    NULL, parameters, NULL, NULL, 0);
	assert_int_equal(PQresultStatus(got), PGRES_TUPLES_OK);
	text = PQgetisnull(got, 0, 0) ? NULL :
	    arena_text(world.arena, PQgetvalue(got, 0, 0));
	PQclear(got);

	return (text);
}

static inline void
assert_member(const PGresult *result, const char *path, const char *expected)
{
	const char	*text;

	text = member(result, "body", path);
	if (expected == NULL)
		assert_null(text);
	else if (text == NULL)
		fail_msg("%s is null, expected \"%s\"", path, expected);
	else
		assert_string_equal(text, expected);
}

/* Runs and expects this refusal ("" for none); the rows are given up. */
static inline void
expect(PGconn *db, const char *enter, const char *name, const char *problem,
    const char *const *arguments)
{
	PGresult	*result;
	const char	*got;

	result = statement_run(&world, db, enter, name, arguments);
	got = value(result, "problem");
	assert_string_equal(got == NULL ? "" : got, problem);
	PQclear(result);
}

static inline void
expect_rows(PGconn *db, const char *enter, const char *name, int rows,
    const char *const *arguments)
{
	PGresult	*result;

	result = statement_run(&world, db, enter, name, arguments);
	assert_int_equal(PQntuples(result), rows);
	PQclear(result);
}

/* One number, as the owner, in tenant 1. */
static inline long
count(const char *what)
{
	PGresult	*result;
	long		 number;

	sql_done(world.owner, "begin");
	sql_done(world.owner, ENTER_COURIER);
	result = sql(world.owner, "select %s", what);
	number = strtol(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	sql_done(world.owner, "commit");

	return (number);
}

static inline PGresult *
send_at(const char *enter, const char *lat, const char *lon)
{
	return (statement_run(&world, world.public, enter, "report_create",
	    ARGUMENTS("category", "pothole", "position.lat", lat,
	    "position.lon", lon, "text", "ein tiefes Loch in der Fahrbahn",
	    "answers", "{\"where\":\"Gehweg\",\"diameter\":null}",
	    "contact", "\\x0102", "consent_forward", "t",
	    "department", "roads", "outside", "state-roads",
	    "initial", "received")));
}

/* A new report of Anna's; its id. */
static inline const char *
report_new(void)
{
	PGresult	*result;
	const char	*id;

	result = send_at(ENTER_ANNA, "51.5512345678", "7.3012345678");
	assert_null(value(result, "problem"));
	id = member(result, "body", "{id}");
	PQclear(result);

	return (id);
}

static inline const char *
report_released(void)
{
	const char	*id;

	id = report_new();
	expect(world.office, ENTER_STAFF, "report_release", "",
	    ARGUMENTS("id", id));

	return (id);
}

static inline PGresult *
photo_send(const char *enter, const char *id)
{
	return (statement_run(&world, world.public, enter, "photo_create",
	    ARGUMENTS("id", id, "content", PHOTO, "media_type", "image/jpeg",
	    "photos_max", "5", "open", OPEN)));
}

static inline const char *
photo_new(const char *id)
{
	PGresult	*result;
	const char	*photo;

	result = photo_send(ENTER_ANNA, id);
	assert_null(value(result, "problem"));
	photo = member(result, "body", "{id}");
	PQclear(result);

	return (photo);
}

/* What the courier does with a good picture. */
static inline void
photo_make_ready(const char *photo)
{
	PGresult	*result;
	const char	*original, *full, *thumbnail;

	sql_done(world.courier, "begin");
	sql_done(world.courier, ENTER_COURIER);
	result = sql(world.courier, "select original,"
	    " blob_put('\\x01', 'image/jpeg'), blob_put('\\x02', 'image/jpeg')"
	    " from defect_reporter.photo where id = '%s'", photo);
	original = arena_text(world.arena, PQgetvalue(result, 0, 0));
	full = arena_text(world.arena, PQgetvalue(result, 0, 1));
	thumbnail = arena_text(world.arena, PQgetvalue(result, 0, 2));
	PQclear(result);
	sql_done(world.courier, "commit");
	PQclear(statement_run(&world, world.courier, ENTER_COURIER,
	    "photo_ready", ARGUMENTS("photo", photo, "original", original,
	    "full", full, "thumbnail", thumbnail, "width", "640",
	    "height", "480")));
}

/* Tenants 1, 2, 3 side by side, each a rectangle, and a neighbour. */
static inline void
cities_make(PGconn *owner)
{
	static const char *const config = "{\"tenant\":{\"plugins\":{"
	    "\"defect-reporter\":{\"categories\":[{\"code\":\"litter\"},"
	    "{\"code\":\"idea\",\"department\":\"mayor\"}]}},"
	    "\"departments\":[{\"code\":\"clean\"},{\"code\":\"mayor\"}]}}";

	sql_done(owner, "insert into municipality (ags, name, boundary) values"
	    " ('05000001', 'Nebenstadt',"
	    " st_multi(st_makeenvelope(7.0, 51.5, 7.2, 51.6, 4326)))");
	sql_done(owner, "insert into tenant (slug) values ('three')");
	PQclear(sql(owner, "select tenant_publish(slug, '%s', st_asgeojson("
	    "st_makeenvelope(7.0 + id * 0.2, 51.5, 7.2 + id * 0.2, 51.6,"
	    " 4326))) from (select * from tenant order by id) t", config));
}

static inline void
people_make(PGconn *owner)
{
	sql_done(owner, "begin");
	sql_done(owner, "select enter_public(1)");
	sql_done(owner, "insert into device (token_hash) values"
	    " (decode(repeat('a1', 32), 'hex')),"
	    " (decode(repeat('b1', 32), 'hex'))");
	sql_done(owner, "with new as (insert into staff (email, name,"
	    " password_hash, roles) values ('dora@example.org',"
	    " 'Dora Beispiel', 'none', '{admin}') returning id)"
	    " insert into staff_session (hash, staff_id)"
	    " select decode(repeat('d1', 32), 'hex'), id from new");
	sql_done(owner, "select enter_public(2)");
	sql_done(owner, "insert into device (token_hash) values"
	    " (decode(repeat('c1', 32), 'hex'))");
	sql_done(owner, "with new as (insert into staff (email, name,"
	    " password_hash, roles) values ('emil@example.org',"
	    " 'Emil Beispiel', 'none', '{admin}') returning id)"
	    " insert into staff_session (hash, staff_id)"
	    " select decode(repeat('e1', 32), 'hex'), id from new");
	sql_done(owner, "commit");
}

static inline int
setup(void **state)
{
	(void)state;
	world_open(&world, "defect-reporter",
	    "plugins/defect-reporter/queries.sql");
	world_read(&world, "defect-reporter",
	    "plugins/defect-reporter/queries/tickets.sql");
	world_read(&world, "defect-reporter",
	    "plugins/defect-reporter/queries/forward.sql");
	cities_make(world.owner);
	people_make(world.owner);

	return (0);
}

static inline int
teardown(void **state)
{
	(void)state;
	world_close(&world);

	return (0);
}

#endif
