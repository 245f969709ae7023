/* SPDX-License-Identifier: EUPL-1.2 */
/* Database, waiting and parameters for the courier's processes. */

#include <sys/stat.h>

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/log.h"
#include "courier/part.h"
#include "db/sync.h"

#define BACK_OFF_FIRST	100	/* milliseconds */
#define BACK_OFF_MAX	10000
#define SECRET_MAX	512	/* bytes */
#define VALUE_MAX	(1024u * 1024)

volatile sig_atomic_t	 part_stop;

void
part_signals(void)
{
	sigset_t	 pending;

	(void)sigpending(&pending);
	if (sigismember(&pending, SIGTERM) == 1 ||
	    sigismember(&pending, SIGINT) == 1)
		part_stop = 1;
}

static enum status
part_listen(struct part *part, const char *channel)
{
	PGresult	*result;
	char		 sql[64];

	if (channel == NULL)
		return (STATUS_OK);
	(void)snprintf(sql, sizeof(sql), "listen %s", channel);
	if ((result = sync_query(part->db, sql, 0, NULL)) == NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	return (STATUS_OK);
}

enum status
part_connect(struct part *part, const char *channel)
{
	struct timespec	 timeout;
	sigset_t	 none;
	int		 wait;

	(void)sigemptyset(&none);
	for (wait = BACK_OFF_FIRST; !part_stop; wait *= 2) {
		PQfinish(part->db);
		part->db = sync_connect(part->env->database,
		    "stadtkern_courier");
		if (part->db != NULL &&
		    part_listen(part, channel) == STATUS_OK) {
			part->lost = false;
			return (STATUS_OK);
		}
		if (wait > BACK_OFF_MAX)
			wait = BACK_OFF_MAX;
		timeout.tv_sec = wait / 1000;
		timeout.tv_nsec = (long)(wait % 1000) * 1000000;
		(void)ppoll(NULL, 0, &timeout, &none);
	}
	return (STATUS_REFUSED);
}

static bool
part_notified(struct part *part)
{
	PGnotify	*notify;
	bool		 any;

	any = false;
	if (PQconsumeInput(part->db) == 0) {
		part->lost = true;
		return (false);
	}
	while ((notify = PQnotifies(part->db)) != NULL) {
		PQfreemem(notify);
		any = true;
	}
	return (any);
}

/*
 * SIGTERM is blocked but for this wait: one that comes between the look at
 * part_stop and the wait would be slept through.
 */
bool
part_wait(struct part *part, int fd, int ms)
{
	struct pollfd	 fds[2];
	struct timespec	 timeout;
	sigset_t	 none;
	bool		 any;

	if (part_notified(part))
		return (true);
	fds[0].fd = PQsocket(part->db);
	fds[0].events = POLLIN;
	fds[1].fd = fd;
	fds[1].events = POLLIN;
	fds[0].revents = fds[1].revents = 0;
	timeout.tv_sec = ms / 1000;
	timeout.tv_nsec = (long)(ms % 1000) * 1000000;
	(void)sigemptyset(&none);
	if (part_stop || part->lost ||
	    ppoll(fds, 2, &timeout, &none) <= 0)
		return (false);
	any = fds[1].revents != 0;
	if (fds[0].revents != 0)
		any = part_notified(part) || any;
	return (any);
}

const struct statement *
part_statement(const struct part *part, const char *name)
{
	const struct statement	*statement;

	for (statement = part->statements; statement != NULL;
	    statement = statement->next) {
		if (strcmp(statement->name, name) == 0)
			break;
	}
	assert(statement != NULL);
	return (statement);
}

/* PostgreSQL's text form of a JSON value. */
static const char *
argument_value(struct arena *arena, const struct node *node)
{
	struct json	 json;

	if (node == NULL)
		return (NULL);
	switch (node->kind) {
	case NODE_NULL:
		return (NULL);
	case NODE_TEXT:
	case NODE_SCALAR:
		return (node->text);
	default:
		json_init(&json, arena, VALUE_MAX);
		node_to_json(&json, NULL, node);
		return (json_finish(&json, NULL));
	}
}

PGresult *
part_query(struct part *part, struct arena *arena,
    const struct statement *statement, const struct node *arguments)
{
	const char	*parameters[STATEMENT_PARAMETERS_MAX];
	PGresult	*result;
	char		 state[6];
	size_t		 i;

	for (i = 0; i < statement->parameter_count; i++)
		parameters[i] = argument_value(arena, node_get(arguments,
		    statement->parameters[i]));
	result = sync_query_state(part->db, statement->sql,
	    (int)statement->parameter_count, parameters, NULL, state);
	if (result != NULL)
		return (result);
	/* The message may quote a value: the state has to do. */
	log_event(LOG_LEVEL_ERROR, "statement failed",
	    "statement=%s state=%s", statement->prepared, state);
	if (PQstatus(part->db) != CONNECTION_OK)
		part->lost = true;
	return (NULL);
}

const char *
part_secret(const struct part *part, struct arena *arena, const char *slug,
    const char *file)
{
	char		 line[SECRET_MAX];
	struct stat	 st;
	const char	*path, *secret;
	FILE		*from;

	path = arena_format(arena, "%s/secrets/%s/%s", part->env->var, slug,
	    file);
	if ((from = fopen(path, "re")) == NULL)
		return (NULL);
	secret = NULL;
	if (fstat(fileno(from), &st) == 0 && (st.st_mode & S_IRWXO) == 0 &&
	    fgets(line, sizeof(line), from) != NULL)
		secret = arena_copy(arena, line, strcspn(line, "\r\n"));
	explicit_bzero(line, sizeof(line));
	(void)fclose(from);
	return (secret);
}

const char *
part_log_text(struct arena *arena, const char *text)
{
	char	*copy, *at;

	copy = arena_text(arena, text);
	for (at = copy; *at != '\0'; at++) {
		if (*at == '"')
			*at = '\'';
	}
	return (copy);
}

void
argument_text(struct arena *arena, struct node *map, const char *name,
    const char *text)
{
	struct node	*node;

	node = node_new(arena, text == NULL ? NODE_NULL : NODE_TEXT);
	node->text = arena_text(arena, text);
	node_append(arena, map, name, node);
}

void
argument_int(struct arena *arena, struct node *map, const char *name,
    int64_t value)
{
	struct node	*node;

	node = node_new(arena, NODE_INT);
	node->integer = value;
	node->number = (double)value;
	node_append(arena, map, name, node);
}

const char *
result_text(const PGresult *result, const char *column)
{
	int	 number;

	if (result == NULL || PQntuples(result) == 0)
		return (NULL);
	number = PQfnumber(result, column);
	if (number == -1 || PQgetisnull(result, 0, number))
		return (NULL);
	return (PQgetvalue(result, 0, number));
}

int64_t
result_int(const PGresult *result, const char *column)
{
	const char	*text;

	text = result_text(result, column);
	return (text == NULL ? 0 : strtoll(text, NULL, 10));
}
