/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The process that keeps the audit log: it takes entries from the inbox into
 * each tenant's chain, signs the chains' heads, and takes off what is old.
 * One courier at a time does, whoever has the lock.
 */

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "core/audit_chain.h"
#include "core/log.h"
#include "core/plugin/personal_data.h"
#include "courier/part.h"
#include "db/sync.h"

#define TICK_MS		1000
#define HEX_LEN		(CHAIN_HASH_LEN * 2 + 1)

struct auditor {
	struct part	*part;
	struct arena	*arena;		/* of one turn */
	unsigned char	 secret_key[CHAIN_SECRET_LEN];
	time_t		 cut_at;	/* when old entries were looked for */
};

struct head {
	int64_t		 number;
	unsigned char	 hash[CHAIN_HASH_LEN];
};

static PGresult *
auditor_query(struct auditor *auditor, const char *name,
    const struct node *arguments)
{
	return (part_query(auditor->part, auditor->arena,
	    part_statement(auditor->part, name), arguments));
}

static void
argument_hex(struct auditor *auditor, struct node *map, const char *name,
    const unsigned char *bytes, size_t len)
{
	char	hex[CHAIN_SIGNATURE_LEN * 2 + 1];

	(void)sodium_bin2hex(hex, sizeof(hex), bytes, len);
	argument_text(auditor->arena, map, name, hex);
}

/* Number and hash of row 0; zeros where there is none. */
static enum status
head_read(PGresult *result, struct head *head)
{
	const char	*hex;
	size_t		 len;

	memset(head, 0, sizeof(*head));
	if (result == NULL)
		return (STATUS_DATABASE);
	head->number = result_int(result, "number");
	hex = result_text(result, "hash");
	if (hex != NULL && (sodium_hex2bin(head->hash, sizeof(head->hash), hex,
	    strlen(hex), NULL, &len, NULL) != 0 || len != CHAIN_HASH_LEN)) {
		PQclear(result);
		return (STATUS_INVALID);
	}
	PQclear(result);
	return (STATUS_OK);
}

/* One row of audit_take, whose columns are the parts in their order. */
static enum status
entry_append(struct auditor *auditor, const PGresult *entries, int row,
    struct head *head)
{
	struct chain_entry	 entry;
	struct node		*arguments;
	PGresult		*result;
	int			 i;

	for (i = 0; i < CHAIN_PARTS; i++)
		entry.parts[i] = PQgetisnull(entries, row, i + 1) ? NULL :
		    PQgetvalue(entries, row, i + 1);
	arguments = node_new(auditor->arena, NODE_MAP);
	argument_text(auditor->arena, arguments, "place",
	    PQgetvalue(entries, row, 0));
	argument_int(auditor->arena, arguments, "number", ++head->number);
	argument_hex(auditor, arguments, "previous", head->hash,
	    CHAIN_HASH_LEN);
	chain_hash(head->hash, &entry, head->hash);
	argument_hex(auditor, arguments, "hash", head->hash, CHAIN_HASH_LEN);
	if ((result = auditor_query(auditor, "audit_append", arguments)) ==
	    NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	return (STATUS_OK);
}

static enum status
chain_continue(struct auditor *auditor)
{
	PGresult	*entries;
	struct head	 head;
	enum status	 status;
	int		 i;

	status = head_read(auditor_query(auditor, "audit_head", NULL), &head);
	if (status != STATUS_OK)
		return (status);
	if ((entries = auditor_query(auditor, "audit_take", NULL)) == NULL)
		return (STATUS_DATABASE);
	for (i = 0; i < PQntuples(entries) && status == STATUS_OK; i++)
		status = entry_append(auditor, entries, i, &head);
	PQclear(entries);
	return (status);
}

/* Behind all others, on the disk before anybody counts on it. */
static enum status
file_append(struct auditor *auditor, const struct checkpoint *checkpoint)
{
	const char	*dir, *path, *line;
	enum status	 status;
	size_t		 len;
	int		 fd;

	dir = arena_format(auditor->arena, "%s/audit",
	    auditor->part->env->var);
	path = arena_format(auditor->arena, "%s/checkpoints", dir);
	line = arena_format(auditor->arena, "%s\n",
	    checkpoint_line(auditor->arena, checkpoint));
	len = strlen(line);
	if (mkdir(dir, 0750) == -1 && errno != EEXIST)
		fd = -1;
	else
		fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC |
		    O_NOFOLLOW, 0640);
	status = fd != -1 && write(fd, line, len) == (ssize_t)len &&
	    fsync(fd) == 0 ? STATUS_OK : STATUS_IO;
	if (status != STATUS_OK)
		log_event(LOG_LEVEL_ERROR, "a checkpoint cannot be written",
		    "file=\"%s\" error=\"%s\"", path, strerror(errno));
	if (fd != -1)
		(void)close(fd);
	return (status);
}

static enum status
checkpoint_write(struct auditor *auditor, int32_t tenant,
    enum chain_kind kind, const struct head *head)
{
	struct checkpoint	 checkpoint = { .kind = kind, .tenant = tenant,
				    .number = head->number };
	struct node		*arguments;
	PGresult		*result;
	struct tm		 tm;
	time_t			 now;

	memcpy(checkpoint.hash, head->hash, CHAIN_HASH_LEN);
	now = time(NULL);
	(void)strftime(checkpoint.at, sizeof(checkpoint.at),
	    "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	checkpoint_sign(&checkpoint, auditor->secret_key);
	if (file_append(auditor, &checkpoint) != STATUS_OK)
		return (STATUS_IO);
	arguments = node_new(auditor->arena, NODE_MAP);
	argument_text(auditor->arena, arguments, "kind",
	    chain_kind_text(kind));
	argument_int(auditor->arena, arguments, "number", head->number);
	argument_hex(auditor, arguments, "hash", head->hash, CHAIN_HASH_LEN);
	argument_text(auditor->arena, arguments, "at", checkpoint.at);
	argument_hex(auditor, arguments, "key", checkpoint.key, CHAIN_KEY_LEN);
	argument_hex(auditor, arguments, "signature", checkpoint.signature,
	    CHAIN_SIGNATURE_LEN);
	if ((result = auditor_query(auditor, "audit_signed", arguments)) ==
	    NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	return (STATUS_OK);
}

static enum status
head_sign(struct auditor *auditor, int32_t tenant)
{
	struct head	 head;
	enum status	 status;

	status = head_read(auditor_query(auditor, "audit_head", NULL), &head);
	if (status != STATUS_OK || head.number == 0)
		return (status);
	return (checkpoint_write(auditor, tenant, CHAIN_HEAD, &head));
}

/* How long entries are kept, as it is declared. */
static int64_t
audit_days(const struct registry *registry)
{
	const struct personal_data	*data;

	data = registry->plugins[0].plugin->personal_data;
	for (; data->table != NULL; data++) {
		if (strcmp(data->table, "audit") == 0)
			return (data->days);
	}
	return (0);
}

/* What is taken off has an anchor before, so that the rest still holds. */
static enum status
chain_cut(struct auditor *auditor, int32_t tenant)
{
	struct node	*arguments;
	PGresult	*result;
	struct head	 head;
	enum status	 status;

	arguments = node_new(auditor->arena, NODE_MAP);
	argument_int(auditor->arena, arguments, "days",
	    audit_days(auditor->part->registry));
	status = head_read(auditor_query(auditor, "audit_old", arguments),
	    &head);
	if (status != STATUS_OK || head.number == 0)
		return (status);
	status = checkpoint_write(auditor, tenant, CHAIN_ANCHOR, &head);
	if (status != STATUS_OK)
		return (status);
	if ((result = auditor_query(auditor, "audit_cut", NULL)) == NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	return (STATUS_OK);
}

enum turn { TURN_CONTINUE, TURN_SIGN, TURN_CUT };

static enum status
turn_take(struct auditor *auditor, enum turn turn, int32_t tenant)
{
	enum status	 status;

	if (sync_begin(auditor->part->db, tenant) != STATUS_OK)
		return (STATUS_DATABASE);
	if (turn == TURN_CONTINUE)
		status = chain_continue(auditor);
	else if (turn == TURN_SIGN)
		status = head_sign(auditor, tenant);
	else
		status = chain_cut(auditor, tenant);
	if (status == STATUS_OK)
		status = sync_commit(auditor->part->db);
	if (status != STATUS_OK) {
		sync_rollback(auditor->part->db);
		log_event(LOG_LEVEL_ERROR, "the audit log is not kept",
		    "tenant=%d", tenant);
	}
	return (status);
}

/* For each tenant that the statement names. */
static void
turns_take(struct auditor *auditor, enum turn turn, const char *name,
    const struct node *arguments)
{
	struct findings		 findings;
	const struct node	*tenant;
	const char		*text;
	PGresult		*result;
	struct node		*tenants;

	result = auditor_query(auditor, name, arguments);
	text = result_text(result, "tenants");
	findings_init(&findings, auditor->arena);
	if (text == NULL || node_from_json(auditor->arena, text, strlen(text),
	    &tenants, &findings) != STATUS_OK) {
		PQclear(result);
		return;
	}
	PQclear(result);
	for (tenant = tenants->first; tenant != NULL && !part_stop &&
	    !auditor->part->lost; tenant = tenant->next)
		(void)turn_take(auditor, turn, (int32_t)tenant->integer);
}

static void
auditor_turn(struct auditor *auditor)
{
	struct node	*arguments;

	turns_take(auditor, TURN_CONTINUE, "audit_waiting", NULL);
	if (auditor->cut_at < time(NULL) - 3600) {
		auditor->cut_at = time(NULL);
		arguments = node_new(auditor->arena, NODE_MAP);
		argument_int(auditor->arena, arguments, "days",
		    audit_days(auditor->part->registry));
		turns_take(auditor, TURN_CUT, "audit_over", arguments);
	}
	arguments = node_new(auditor->arena, NODE_MAP);
	argument_int(auditor->arena, arguments, "seconds",
	    auditor->part->env->audit_seconds);
	turns_take(auditor, TURN_SIGN, "audit_due", arguments);
}

static bool
auditor_lock(struct auditor *auditor, const char *name)
{
	const char	*mine;
	PGresult	*result;
	bool		 locked;

	result = auditor_query(auditor, name, NULL);
	mine = result_text(result, "mine");
	locked = mine != NULL && mine[0] == 't';
	PQclear(result);
	return (locked);
}

int
audit_run(struct part *part)
{
	struct auditor	 auditor = { .part = part };
	struct arena	*arena;
	const char	*keys;
	bool		 ready;

	arena = arena_new(0);
	keys = arena_format(arena, "%s/keys", part->env->var);
	ready = keys_audit_create(keys) == STATUS_OK &&
	    keys_audit_secret(keys, auditor.secret_key) == STATUS_OK;
	arena_free(arena);
	part->lost = true;
	while (ready && !part_stop) {
		if (part->lost && part_connect(part, NULL) != STATUS_OK)
			break;
		auditor.arena = arena_new(0);
		if (auditor_lock(&auditor, "audit_lock")) {
			auditor_turn(&auditor);
			if (!part->lost)
				(void)auditor_lock(&auditor, "audit_unlock");
		}
		arena_free(auditor.arena);
		if (!part->lost)
			(void)part_wait(part, -1, TICK_MS);
		part_signals();
	}
	sodium_memzero(auditor.secret_key, sizeof(auditor.secret_key));
	return (ready ? 0 : 1);
}
