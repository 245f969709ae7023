/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The process that reads the cities' mailboxes. One of its own, so that a
 * slow or lying server holds up no job. A mailbox is claimed like a job, for
 * a turn that is bounded in time and messages; messages are taken in the
 * order of their numbers, each in one transaction with how far it was read,
 * and then marked or moved. What a crash leaves unmarked is marked next time.
 */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/log.h"
#include "core/tenant/tenant_mailbox.h"
#include "courier/mailbox.h"
#include "db/bytea.h"
#include "db/sync.h"

#define IDLE_MS		5000
#define LEASE		300		/* seconds; above a turn's limit */
#define TURN_SECONDS	60
#define TURN_MESSAGES	20
#define POLL_SECONDS	60
#define WANTED_SECONDS	60		/* whose files name a mailbox */
#define TRIES		3		/* of one message */
#define SETTLE_MAX	100

struct node *
mailbox_arguments(const struct mailbox *mailbox)
{
	struct node	*map;

	map = node_new(mailbox->arena, NODE_MAP);
	argument_int(mailbox->arena, map, "tenant", mailbox->tenant->id);
	argument_text(mailbox->arena, map, "lease", mailbox->lease);
	argument_text(mailbox->arena, map, "source", mailbox->source);
	argument_int(mailbox->arena, map, "uidvalidity",
	    mailbox->uidvalidity);
	argument_int(mailbox->arena, map, "uid", mailbox->uid);
	return (map);
}

/* Its arguments beside the usual ones are the caller's. */
static PGresult *
mailbox_query(struct mailbox *mailbox, const char *statement,
    struct node *arguments)
{
	return (part_query(mailbox->part, mailbox->arena,
	    part_statement(mailbox->part, statement), arguments));
}

/* In the tenant's name, for itself. */
static bool
mailbox_do(struct mailbox *mailbox, const char *statement,
    struct node *arguments)
{
	PGresult	*result;
	bool		 done;

	result = mailbox_query(mailbox, statement, arguments);
	done = result != NULL && PQntuples(result) > 0;
	PQclear(result);
	return (done);
}

/* ---- one message ---- */

static void
message_settle(struct mailbox *mailbox, struct imap *imap, bool aside)
{
	if (imap_settle(imap, mailbox->uidvalidity, mailbox->uid, aside) ==
	    STATUS_OK)
		(void)mailbox_do(mailbox, "mail_settled",
		    mailbox_arguments(mailbox));
}

/*
 * Whatever a message does to its reader, it does three times at most: the
 * try is written down before.
 */
static bool
message_may_be_read(struct mailbox *mailbox, const struct imap_entry *entry)
{
	struct node	*arguments;
	PGresult	*result;
	bool		 may;

	arguments = mailbox_arguments(mailbox);
	argument_int(mailbox->arena, arguments, "tries", TRIES);
	result = mailbox_query(mailbox, "mailbox_try", arguments);
	may = result_text(result, "may") != NULL &&
	    *result_text(result, "may") == 't';
	PQclear(result);
	return (may && entry->size <= (int64_t)MESSAGE_MAX);
}

static enum status
message_read(struct mailbox *mailbox, struct imap *imap,
    struct message *message, struct bytes *raw)
{
	enum status	 status;

	status = imap_fetch(imap, mailbox->uidvalidity, mailbox->uid, raw);
	if (status == STATUS_OK) {
		memset(message, 0, sizeof(*message));
		status = message_open(mailbox->arena, *raw, message);
		if (status == STATUS_IO)
			imap->reason = "sandbox";
	}
	return (status);
}

static enum status
message_turn(struct mailbox *mailbox, struct imap *imap,
    const struct imap_entry *entry)
{
	struct message	 message;
	struct bytes	 raw = { NULL, 0 };
	enum status	 status;
	bool		 aside;

	mailbox->uid = entry->uid;
	status = STATUS_LIMIT;
	if (message_may_be_read(mailbox, entry))
		status = message_read(mailbox, imap, &message, &raw);
	else if (mailbox->part->lost)
		return (STATUS_DATABASE);
	if (status == STATUS_IO)
		return (STATUS_IO);
	if (status == STATUS_NOT_FOUND)	/* somebody else took it away */
		return (mailbox_do(mailbox, "mailbox_advance",
		    mailbox_arguments(mailbox)) ? STATUS_OK :
		    STATUS_DATABASE);
	status = mailbox_take(mailbox, status == STATUS_OK ? &message : NULL,
	    raw, &aside);
	if (status == STATUS_REFUSED)
		imap->reason = "statement";
	if (status == STATUS_OK)
		message_settle(mailbox, imap, aside);
	return (status);
}

/* ---- one turn ---- */

static enum status
turn_begin(struct mailbox *mailbox, struct imap *imap, int64_t *uidnext)
{
	int64_t		 uidvalidity;

	if (imap_folder(imap, &uidvalidity, uidnext) != STATUS_OK)
		return (STATUS_IO);
	if (uidvalidity == mailbox->uidvalidity)
		return (STATUS_OK);
	/* Another folder of that name: its numbers mean something else. */
	mailbox->uidvalidity = uidvalidity;
	mailbox->last_uid = 0;
	return (mailbox_do(mailbox, "mailbox_begin",
	    mailbox_arguments(mailbox)) ? STATUS_OK : STATUS_DATABASE);
}

/* What was taken, but a crash or the server was in the way of saying so. */
static void
turn_settle(struct mailbox *mailbox, struct imap *imap)
{
	struct node	*arguments;
	PGresult	*result;
	const char	*kind;
	int		 i;

	arguments = mailbox_arguments(mailbox);
	argument_int(mailbox->arena, arguments, "most", SETTLE_MAX);
	result = mailbox_query(mailbox, "mail_unsettled", arguments);
	for (i = 0; result != NULL && i < PQntuples(result); i++) {
		mailbox->uid = strtoll(PQgetvalue(result, i, 0), NULL, 10);
		kind = PQgetvalue(result, i, 1);
		message_settle(mailbox, imap, strcmp(kind, "unreadable") == 0 ||
		    strcmp(kind, "too-many") == 0);
	}
	PQclear(result);
}

static enum status
turn_messages(struct mailbox *mailbox, struct imap *imap, bool *more)
{
	struct imap_entry	 entries[TURN_MESSAGES];
	struct arena		*turn;
	enum status		 status;
	size_t			 i, count;

	status = imap_list(imap, mailbox->uidvalidity, mailbox->last_uid,
	    entries, TURN_MESSAGES, &count);
	turn = mailbox->arena;
	for (i = 0; i < count && status == STATUS_OK && !part_stop; i++) {
		/* What a message takes goes with it. */
		mailbox->arena = imap->arena = arena_new(0);
		status = message_turn(mailbox, imap, &entries[i]);
		arena_free(mailbox->arena);
		mailbox->arena = imap->arena = turn;
		part_signals();
	}
	*more = count == TURN_MESSAGES;
	return (status);
}

static enum status
turn_work(struct mailbox *mailbox, struct imap *imap, bool *more)
{
	int64_t		 uidnext;
	enum status	 status;

	*more = false;
	status = turn_begin(mailbox, imap, &uidnext);
	if (status != STATUS_OK)
		return (status);
	turn_settle(mailbox, imap);
	if (uidnext > 0 && uidnext <= mailbox->last_uid + 1)
		return (STATUS_OK);
	return (turn_messages(mailbox, imap, more));
}

static const char *
turn_ca(const struct mailbox *mailbox)
{
	const char	*file;

	file = mailbox->tenant->file.mailbox.ca_file;
	return (file == NULL ? NULL : arena_format(mailbox->arena,
	    "%s/secrets/%s/%s", mailbox->part->env->var,
	    mailbox->tenant->slug, file));
}

/* NULL, or why not: a code. */
static const char *
turn(struct mailbox *mailbox, bool *more)
{
	const struct mailbox_rules	*rules;
	const char			*password, *reason;
	struct imap			 imap;
	enum status			 status;

	rules = &mailbox->tenant->file.mailbox;
	password = part_secret(mailbox->part, mailbox->arena,
	    mailbox->tenant->slug, rules->password_file);
	if (password == NULL)
		return ("password-file");
	if (imap_open(&imap, mailbox->arena, rules, password,
	    turn_ca(mailbox), TURN_SECONDS) != STATUS_OK)
		return (imap.reason);
	status = turn_work(mailbox, &imap, more);
	reason = imap.reason;
	imap_close(&imap);
	if (status == STATUS_OK || part_stop)
		return (NULL);
	return (status == STATUS_DATABASE ? "database" : reason);
}

static void
turn_end(struct mailbox *mailbox, const char *reason, bool more)
{
	struct node	*arguments;

	arguments = mailbox_arguments(mailbox);
	argument_text(mailbox->arena, arguments, "error", reason);
	argument_int(mailbox->arena, arguments, "seconds",
	    more ? 0 : POLL_SECONDS);
	(void)mailbox_do(mailbox, "mailbox_end", arguments);
	if (reason != NULL)
		log_event(LOG_LEVEL_WARN, "mailbox was not read",
		    "tenant=%d reason=%s", mailbox->tenant->id, reason);
}

/* ---- whose turn it is ---- */

static struct tenant *
tenant_of(struct mailbox *mailbox, const PGresult *row)
{
	struct findings	 findings;
	struct tenant	*tenant;
	struct bytes	 key;
	struct node	*document;
	const char	*config;

	config = result_text(row, "config");
	findings_init(&findings, mailbox->arena);
	if (config == NULL || node_from_json(mailbox->arena, config,
	    strlen(config), &document, &findings) != STATUS_OK ||
	    tenant_new(mailbox->part->registry, document, &tenant,
	    &findings) != STATUS_OK)
		return (NULL);
	key = bytea_read(mailbox->arena, result_text(row, "public_key"));
	tenant->id = (int32_t)result_int(row, "tenant_id");
	if (key.len == sizeof(tenant->public_key))
		memcpy(tenant->public_key, key.at, key.len);
	return (tenant);
}

/* false: nobody's mailbox is due. */
static bool
mailbox_claim(struct mailbox *mailbox)
{
	struct node	*arguments;
	PGresult	*result;
	bool		 any;

	arguments = node_new(mailbox->arena, NODE_MAP);
	argument_int(mailbox->arena, arguments, "seconds", LEASE);
	result = mailbox_query(mailbox, "mailbox_claim", arguments);
	any = result != NULL && PQntuples(result) == 1;
	if (any) {
		mailbox->lease = arena_text(mailbox->arena,
		    result_text(result, "lease"));
		mailbox->source = arena_text(mailbox->arena,
		    result_text(result, "source"));
		mailbox->uidvalidity = result_int(result, "uidvalidity");
		mailbox->last_uid = result_int(result, "last_uid");
		mailbox->uid = 0;
		mailbox->tenant = tenant_of(mailbox, result);
	}
	PQclear(result);
	return (any);
}

/* Too many within the hour are left where they are until it is over. */
static bool
city_is_full(struct mailbox *mailbox)
{
	PGresult	*result;
	bool		 full;

	result = mailbox_query(mailbox, "mail_count",
	    mailbox_arguments(mailbox));
	full = result_int(result, "count") >= CITY_PER_HOUR;
	PQclear(result);
	return (full);
}

static void
mailbox_turn(struct mailbox *mailbox)
{
	const char	*reason;
	bool		 more;

	/* What another version published; the watch will tell. */
	if (mailbox->tenant == NULL)
		return;
	mailbox->loaded = tenant_mailbox_plugin(mailbox->tenant,
	    mailbox->part->registry);
	more = false;
	if (mailbox->tenant->file.mailbox.host == NULL ||
	    mailbox->loaded == NULL)
		reason = "settings";
	else if (city_is_full(mailbox))
		reason = "too-many";
	else
		reason = turn(mailbox, &more);
	if (!mailbox->part->lost)
		turn_end(mailbox, reason, more);
	tenant_free(mailbox->tenant);
}

static void
mailbox_wanted(struct mailbox *mailbox, time_t *when)
{
	PGresult	*result;

	if (time(NULL) < *when)
		return;
	result = mailbox_query(mailbox, "mailbox_wanted", NULL);
	if (result != NULL)
		*when = time(NULL) + WANTED_SECONDS;
	PQclear(result);
}

static enum status
keys_read(const struct part *part, struct keys *keys)
{
	struct arena	*arena;
	enum status	 status;

	arena = arena_new(0);
	status = keys_load(keys, arena_format(arena, "%s/keys",
	    part->env->var), KEYS_COURIER);
	arena_free(arena);
	return (status);
}

int
mailbox_run(struct part *part)
{
	struct mailbox	 mailbox = { .part = part };
	struct keys	 keys;
	time_t		 wanted;

	if (keys_read(part, &keys) != STATUS_OK)
		return (1);
	mailbox.keys = &keys;
	wanted = 0;
	part->lost = true;
	while (!part_stop) {
		if (part->lost &&
		    part_connect(part, "stadtkern_tenant") != STATUS_OK)
			break;
		mailbox.arena = arena_new(0);
		mailbox_wanted(&mailbox, &wanted);
		if (!part->lost && mailbox_claim(&mailbox))
			mailbox_turn(&mailbox);
		else if (!part->lost && part_wait(part, -1, IDLE_MS))
			wanted = 0;
		arena_free(mailbox.arena);
		part_signals();
	}
	explicit_bzero(&keys, sizeof(keys));
	return (0);
}
