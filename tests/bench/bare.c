/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What Kore alone can do: the measure that `make bench` holds our server to.
 *
 * Without pgsql every request is answered with the bytes of BARE_FILE, of
 * type BARE_TYPE, with the lines of BARE_HEADERS ("name: value\n"). With
 * Kore's own pgsql (the second variant of Kore) the statements of BARE_SQL,
 * separated by ";;", run in one transaction on BARE_DB, and the answer is the
 * first column of the last row. PORT, WORKERS and the limits are read from
 * the environment too.
 */

#include <sys/param.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kore/kore.h>
#include <kore/http.h>
#if defined(KORE_USE_PGSQL)
#include <kore/pgsql.h>
#endif

#define HEADERS_MAX	32
#define STATEMENTS_MAX	16
#define FILE_MAX	(64 * 1024 * 1024)

void	kore_parent_configure(int, char **);
int	bare_handle(struct http_request *);

uint8_t		asset_builtin_kore_conf[1];
uint32_t	asset_len_builtin_kore_conf = 0;

static struct {
	char	*name;
	char	*value;
} headers[HEADERS_MAX];
static size_t	nheaders;

static const char *
env_get(const char *name, const char *otherwise)
{
	const char	*value = getenv(name);

	return (value != NULL && *value != '\0' ? value : otherwise);
}

static unsigned
env_number(const char *name, const char *otherwise)
{
	return ((unsigned)strtoul(env_get(name, otherwise), NULL, 10));
}

static void
headers_read(void)
{
	char	*line, *value, *all;

	headers[nheaders].name = strdup("content-type");
	headers[nheaders++].value = strdup(env_get("BARE_TYPE", "text/plain"));

	all = strdup(env_get("BARE_HEADERS", ""));
	while ((line = strsep(&all, "\n")) != NULL) {
		value = strstr(line, ": ");
		if (value == NULL || nheaders == HEADERS_MAX)
			continue;
		*value = '\0';
		headers[nheaders].name = line;
		headers[nheaders++].value = value + 2;
	}
}

static void
answer(struct http_request *req, int status, const void *data, size_t len)
{
	size_t	i;

	for (i = 0; i < nheaders; i++)
		http_response_header(req, headers[i].name, headers[i].value);
	http_response(req, status, data, len);
}

#if defined(KORE_USE_PGSQL)

struct query {
	struct kore_pgsql	 sql;
	size_t			 next;
	char			*row;
};

static char	*statements[STATEMENTS_MAX];
static size_t	 nstatements;

static void
work_prepare(void)
{
	char	*all = strdup(env_get("BARE_SQL", "select 1")), *end;

	statements[nstatements++] = strdup("begin");
	while (all != NULL && nstatements < STATEMENTS_MAX - 1) {
		end = strstr(all, ";;");
		if (end != NULL)
			*end = '\0';
		statements[nstatements++] = all;
		all = end != NULL ? end + 2 : NULL;
	}
	statements[nstatements++] = strdup("commit");

	pgsql_conn_max = (uint16_t)env_number("BARE_CONNECTIONS", "16");
	kore_pgsql_register("db", env_get("BARE_DB", ""));
}

static void
query_free(struct http_request *req)
{
	struct query	*q = req->hdlr_extra;

	if (q == NULL)
		return;
	free(q->row);
	q->row = NULL;
}

/* Keeps the row and makes the connection ready for the next statement. */
static void
query_take(struct query *q)
{
	PGresult	*result;
	int		 rows;

	while ((result = q->sql.result) != NULL) {
		rows = PQntuples(result);
		if (rows > 0) {
			free(q->row);
			q->row = strdup(PQgetvalue(result, rows - 1, 0));
		}
		PQclear(result);
		q->sql.result = PQgetResult(q->sql.conn->db);
	}
}

static int
query_fail(struct http_request *req, struct query *q)
{
	kore_pgsql_logerror(&q->sql);
	answer(req, 503, NULL, 0);
	return (KORE_RESULT_OK);
}

int
bare_handle(struct http_request *req)
{
	struct query	*q = req->hdlr_extra;

	if (q == NULL) {
		q = kore_calloc(1, sizeof(*q));
		req->hdlr_extra = q;
		req->onfree = query_free;
		kore_pgsql_init(&q->sql);
		kore_pgsql_bind_request(&q->sql, req);
	}

	if (q->sql.conn == NULL &&
	    !kore_pgsql_setup(&q->sql, "db", KORE_PGSQL_ASYNC)) {
		if (q->sql.state == KORE_PGSQL_STATE_INIT)
			return (KORE_RESULT_RETRY);
		return (query_fail(req, q));
	}

	if (q->sql.state == KORE_PGSQL_STATE_ERROR)
		return (query_fail(req, q));
	if (q->sql.state == KORE_PGSQL_STATE_WAIT) {
		http_request_sleep(req);
		return (KORE_RESULT_RETRY);
	}

	query_take(q);
	if (q->next < nstatements) {
		if (!kore_pgsql_query(&q->sql, statements[q->next++]))
			return (query_fail(req, q));
		return (KORE_RESULT_RETRY);
	}

	q->sql.state = KORE_PGSQL_STATE_DONE;
	kore_pgsql_continue(&q->sql);
	answer(req, 200, q->row, q->row != NULL ? strlen(q->row) : 0);

	return (KORE_RESULT_OK);
}

#else

static char	*body;
static size_t	 body_len;

static void
work_prepare(void)
{
	const char	*path = env_get("BARE_FILE", NULL);
	FILE		*fp;

	if (path == NULL)
		return;
	if ((fp = fopen(path, "rb")) == NULL ||
	    (body = malloc(FILE_MAX)) == NULL)
		fatal("cannot read '%s': %s", path, strerror(errno));
	body_len = fread(body, 1, FILE_MAX, fp);
	fclose(fp);
}

int
bare_handle(struct http_request *req)
{
	answer(req, 200, body, body_len);
	return (KORE_RESULT_OK);
}

#endif

void
kore_parent_configure(int argc, char **argv)
{
	struct kore_server	*server;
	struct kore_domain	*domain;

	(void)argc;
	(void)argv;
	setvbuf(stdout, NULL, _IOLBF, 0);

	kore_foreground = 1;
	kore_quiet = 1;
	skip_runas = 1;
	skip_chroot = 1;
	kore_pidfile = NULL;

	worker_count = (uint8_t)env_number("WORKERS", "1");
	worker_set_affinity = 0;
	worker_accept_threshold = 1;
	worker_max_connections = 1024;
	worker_rlimit_nofiles = 2048;
	worker_drain_time = env_number("DRAIN_MS", "30000");

	http_hsts_enable = 0;
	http_header_max = 16384;
	http_header_timeout = (uint16_t)env_number("HEADER_TIMEOUT", "10");
	http_body_timeout = (uint16_t)env_number("BODY_TIMEOUT", "60");
	http_body_max = env_number("BODY_MAX", "1048576");

	headers_read();
	work_prepare();

	server = kore_server_create("bare");
	server->tls = 0;
	if (!kore_server_bind(server, "127.0.0.1", env_get("PORT", "8090"),
	    NULL))
		fatal("cannot listen on port %s", env_get("PORT", "8090"));

	domain = kore_domain_new("*");
	if (!kore_domain_attach(domain, server) ||
	    !kore_module_handler_new(domain, "^.*$", "bare_handle", NULL,
	    HANDLER_TYPE_DYNAMIC))
		fatal("cannot attach the handler");
	kore_server_finalize(server);
}
