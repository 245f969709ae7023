/* SPDX-License-Identifier: EUPL-1.2 */
/* A message becomes the plugin's, once: one transaction. */

#include <string.h>
#include <strings.h>

#include <sodium.h>

#include <stadtkern/image.h>

#include "core/document/node_util.h"
#include "core/log.h"
#include "courier/mail.h"
#include "courier/mail_token.h"
#include "courier/mailbox.h"
#include "db/bytea.h"
#include "db/sync.h"

#define CONTACT_MAX	4096u
#define FILES_TYPE	"application/octet-stream"

struct taking {
	struct mailbox		*mailbox;
	struct arena		*arena;
	const struct message	*message;
	const char		*kind;		/* as it is written down */
	const char		*sender;	/* keyed hash; NULL: nobody */
	int64_t			 count;		/* of theirs within the hour */
	const char		*thread;	/* NULL: of none */
	const char		*party;
	bool			 known;
	bool			 forged;
	struct node		*arguments;	/* of the plugin's statement */
};

static PGresult *
taking_query(struct taking *taking, const char *statement,
    const struct node *arguments)
{
	return (part_query(taking->mailbox->part, taking->arena,
	    part_statement(taking->mailbox->part, statement), arguments));
}

static const char *
bool_text(bool value)
{
	return (value ? "t" : "f");
}

/*
 * What makes a message the same as another one, whatever number it has in a
 * folder: its Message-ID alone would let anybody keep another's mail away.
 */
static const char *
digest_of(struct taking *taking, struct bytes raw)
{
	const struct message	*message = taking->message;
	unsigned char		 hash[32];
	const char		*what;
	char			*text;

	if (raw.at == NULL)
		return (NULL);
	if (message != NULL && message->message_id != NULL) {
		what = arena_format(taking->arena, "%s\n%s\n%s\n%s\n%zu",
		    message->message_id,
		    message->from == NULL ? "" : message->from,
		    message->subject == NULL ? "" : message->subject,
		    message->text == NULL ? "" : message->text,
		    message->files.count);
		(void)crypto_generichash(hash, sizeof(hash),
		    (const unsigned char *)what, strlen(what), NULL, 0);
	} else
		(void)crypto_generichash(hash, sizeof(hash), raw.at, raw.len,
		    NULL, 0);
	text = arena_alloc(taking->arena, sizeof(hash) * 2 + 1);
	return (sodium_bin2hex(text, sizeof(hash) * 2 + 1, hash,
	    sizeof(hash)));
}

/* Written down first; what kind it is in the end says the row. */
static enum status
taking_record(struct taking *taking, struct bytes raw)
{
	struct node	*arguments;
	PGresult	*result;
	enum status	 status;

	arguments = mailbox_arguments(taking->mailbox);
	argument_text(taking->arena, arguments, "kind",
	    taking->message == NULL ? "unreadable" : taking->message->kind);
	argument_text(taking->arena, arguments, "digest",
	    digest_of(taking, raw));
	argument_text(taking->arena, arguments, "sender", taking->sender);
	argument_int(taking->arena, arguments, "most", SENDER_PER_HOUR);
	result = taking_query(taking, "mail_record", arguments);
	status = STATUS_DATABASE;
	if (result_text(result, "kind") != NULL) {
		taking->kind = arena_text(taking->arena,
		    result_text(result, "kind"));
		taking->count = result_int(result, "count");
		status = STATUS_OK;
	}
	PQclear(result);
	return (status);
}

/* ---- which thread ---- */

static void
thread_read(struct taking *taking, const PGresult *result)
{
	const char	*address;

	address = result_text(result, "address");
	if (address == NULL)
		return;
	taking->thread = arena_text(taking->arena,
	    result_text(result, "thread"));
	taking->party = arena_text(taking->arena,
	    result_text(result, "party"));
	taking->known = taking->sender != NULL &&
	    strcmp(taking->sender, address) == 0;
}

static struct node *
thread_arguments(struct taking *taking)
{
	struct node	*arguments;

	arguments = node_new(taking->arena, NODE_MAP);
	argument_text(taking->arena, arguments, "plugin",
	    taking->mailbox->loaded->plugin->name);
	return (arguments);
}

static enum status
thread_of_token(struct taking *taking, const char *token)
{
	struct node	*arguments;
	PGresult	*result;

	if (token == NULL || taking->thread != NULL)
		return (STATUS_OK);
	arguments = thread_arguments(taking);
	argument_text(taking->arena, arguments, "token",
	    mail_token_hash(taking->arena, token));
	if ((result = taking_query(taking, "mail_thread_find", arguments)) ==
	    NULL)
		return (STATUS_DATABASE);
	thread_read(taking, result);
	taking->forged = taking->thread == NULL;
	PQclear(result);
	return (STATUS_OK);
}

/* Which mail it answers is a hint only: together with who sends it. */
static enum status
thread_of_answer(struct taking *taking, const char *message_id)
{
	struct node	*arguments;
	PGresult	*result;

	if (taking->sender == NULL || taking->thread != NULL)
		return (STATUS_OK);
	arguments = thread_arguments(taking);
	argument_text(taking->arena, arguments, "message",
	    mail_token_hash(taking->arena, message_id));
	argument_text(taking->arena, arguments, "sender", taking->sender);
	if ((result = taking_query(taking, "mail_sent_find", arguments)) ==
	    NULL)
		return (STATUS_DATABASE);
	thread_read(taking, result);
	PQclear(result);
	return (STATUS_OK);
}

static enum status
thread_find(struct taking *taking)
{
	const struct message	*message = taking->message;
	const char		*address, *token;
	enum status		 status;
	size_t			 i;
	bool			 own;

	address = taking->mailbox->tenant->file.mailbox.address;
	status = STATUS_OK;
	for (i = 0; i < message->to.count && status == STATUS_OK; i++) {
		token = mail_token_of_address(taking->arena, address,
		    message->to.items[i], &own);
		status = thread_of_token(taking, token);
	}
	if (status == STATUS_OK && message->subject != NULL)
		status = thread_of_token(taking, mail_token_of_subject(
		    taking->arena, message->subject));
	for (i = 0; i < message->answers.count && status == STATUS_OK; i++)
		status = thread_of_answer(taking, message->answers.items[i]);
	if (taking->thread != NULL)
		taking->forged = false;
	return (status);
}

/* ---- what the plugin gets ---- */

static const char *
sealed_text(struct taking *taking, const unsigned char *key, const char *json)
{
	struct bytes	 box;

	if (json == NULL || crypto_seal(taking->arena, key, json,
	    strlen(json), &box) != STATUS_OK)
		return (NULL);
	return (bytea_text(taking->arena, box));
}

static const char *
contact_of(struct taking *taking)
{
	const struct message	*message = taking->message;
	struct json		 json;

	if (message->from == NULL)
		return (NULL);
	json_init(&json, taking->arena, CONTACT_MAX);
	json_open_object(&json, NULL);
	if (message->from_name != NULL)
		json_text(&json, "name", message->from_name);
	json_text(&json, "email", message->from);
	json_close(&json);
	return (sealed_text(taking, taking->mailbox->tenant->public_key,
	    json_finish(&json, NULL)));
}

/* Nobody gets mail who is a machine, or ourselves. */
static bool
may_answer(const struct taking *taking)
{
	const struct message	*message = taking->message;
	const struct tenant_file *file = &taking->mailbox->tenant->file;
	bool			 own;

	if (strcmp(message->kind, "message") != 0 ||
	    message->from == NULL || !mail_address_fits(message->from) ||
	    strcasecmp(message->from, file->email) == 0)
		return (false);
	(void)mail_token_of_address(taking->arena, file->mailbox.address,
	    message->from, &own);
	return (!own);
}

static const char *
reply_of(struct taking *taking)
{
	struct json	 json;

	json_init(&json, taking->arena, CONTACT_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "to", taking->message->from);
	json_close(&json);
	return (sealed_text(taking, taking->mailbox->keys->courier_public,
	    json_finish(&json, NULL)));
}

/* What the bytes are and not what somebody said; NULL: no picture. */
static const char *
picture_type(struct bytes content)
{
	struct image_header	 header;

	return (image_header_read(content.at, content.len, &header) ==
	    IMAGE_OK ? image_media_type(header.type) : NULL);
}

static enum status
file_store(struct taking *taking, const struct message_file *file,
    struct json *json)
{
	const struct statement	*statement;
	const char		*picture, *id;
	PGresult		*result;
	char			 state[6];
	enum status		 status;

	picture = picture_type(file->content);
	statement = part_statement(taking->mailbox->part, "mail_blob");
	result = sync_query_state(taking->mailbox->part->db, statement->sql,
	    2, (const char *const []){ (const char *)file->content.at,
	    picture == NULL ? FILES_TYPE : picture },
	    (const int []){ (int)file->content.len, 0 }, state);
	status = STATUS_DATABASE;
	if ((id = result_text(result, "id")) != NULL) {
		json_open_object(json, NULL);
		json_text(json, "name", file->name);
		json_text(json, "media_type", file->media_type);
		json_int(json, "size", file->size);
		json_text(json, "blob", id);
		json_bool(json, "picture", picture != NULL);
		json_close(json);
		status = STATUS_OK;
	}
	PQclear(result);
	return (status);
}

static enum status
files_store(struct taking *taking)
{
	struct json	 json;
	enum status	 status;
	size_t		 i;

	json_init(&json, taking->arena, 65536);
	json_open_array(&json, NULL);
	status = STATUS_OK;
	for (i = 0; i < taking->message->files.count &&
	    status == STATUS_OK; i++)
		status = file_store(taking,
		    &taking->message->files.items[i], &json);
	json_close(&json);
	argument_text(taking->arena, taking->arguments, "files",
	    json_finish(&json, NULL));
	return (status);
}

static void
settings_add(struct taking *taking, const struct statement *statement)
{
	const struct loaded	*loaded = taking->mailbox->loaded;
	const struct values	 values = { .fields = loaded->plugin->settings,
		.data = taking->mailbox->tenant->settings[loaded->index],
		.present = UINT64_MAX };
	const char		*name;
	size_t			 i, len;

	for (i = 0; i < statement->parameter_count; i++) {
		name = statement->parameters[i];
		if (strncmp(name, SETTINGS_PREFIX, strlen(SETTINGS_PREFIX)) ==
		    0)
			argument_text(taking->arena, taking->arguments, name,
			    field_sql(taking->arena, &values,
			    name + strlen(SETTINGS_PREFIX), &len));
	}
}

static void
arguments_add(struct taking *taking)
{
	const struct message	*message = taking->message;
	struct arena		*arena = taking->arena;
	struct node		*map = taking->arguments;

	argument_text(arena, map, "thread", taking->thread);
	argument_text(arena, map, "party", taking->party);
	argument_text(arena, map, "known", bool_text(taking->known));
	argument_text(arena, map, "forged", bool_text(taking->forged));
	argument_text(arena, map, "contact", contact_of(taking));
	if (may_answer(taking)) {
		argument_text(arena, map, "reply", reply_of(taking));
		argument_text(arena, map, "greet",
		    bool_text(taking->count < GREETED_PER_HOUR));
	}
	argument_text(arena, map, "subject", message->subject);
	argument_text(arena, map, "text", message->text);
	argument_text(arena, map, "shown", message->shown);
	argument_text(arena, map, "cut", bool_text(message->cut));
	argument_text(arena, map, "sent_at", message->sent_at);
	argument_text(arena, map, "status", message->status);
	argument_int(arena, map, "dropped", message->dropped);
}

static enum status
plugin_run(struct taking *taking)
{
	const struct loaded	*loaded = taking->mailbox->loaded;
	const struct statement	*statement;
	PGresult		*result;
	enum status		 status;

	statement = registry_statement(loaded, loaded->plugin->inbox->run);
	taking->arguments = node_new(taking->arena, NODE_MAP);
	argument_text(taking->arena, taking->arguments, "kind", taking->kind);
	settings_add(taking, statement);
	if (taking->message != NULL) {
		arguments_add(taking);
		if ((status = files_store(taking)) != STATUS_OK)
			return (status);
	}
	result = part_query(taking->mailbox->part, taking->arena, statement,
	    taking->arguments);
	if (result == NULL)
		return (taking->mailbox->part->lost ? STATUS_DATABASE :
		    STATUS_REFUSED);
	PQclear(result);
	return (STATUS_OK);
}

/* A machine's answer that is about nothing of ours needs nobody. */
static bool
wants_plugin(const struct taking *taking)
{
	if (strcmp(taking->kind, "again") == 0 ||
	    strcmp(taking->kind, "too-many") == 0)
		return (false);
	return (taking->thread != NULL ||
	    (strcmp(taking->kind, "automatic") != 0 &&
	    strcmp(taking->kind, "bounce") != 0));
}

static enum status
taking_advance(struct taking *taking)
{
	PGresult	*result;
	enum status	 status;

	result = taking_query(taking, "mailbox_advance",
	    mailbox_arguments(taking->mailbox));
	/* No row: somebody else reads it by now, and nothing happened. */
	status = result != NULL && PQntuples(result) == 1 ? STATUS_OK :
	    STATUS_DATABASE;
	PQclear(result);
	return (status);
}

static enum status
taking_work(struct taking *taking, struct bytes raw)
{
	const struct message	*message = taking->message;
	enum status		 status;

	/* A server's own mail is of everybody's, so it has no limit. */
	if (message != NULL && message->from != NULL &&
	    strcmp(message->kind, "bounce") != 0)
		taking->sender = mail_address_hash(taking->arena,
		    taking->mailbox->keys, taking->mailbox->tenant->id,
		    message->from);
	status = taking_record(taking, raw);
	if (status == STATUS_OK && message != NULL)
		status = thread_find(taking);
	if (status == STATUS_OK && wants_plugin(taking))
		status = plugin_run(taking);
	if (status == STATUS_OK)
		status = taking_advance(taking);
	return (status);
}

enum status
mailbox_take(struct mailbox *mailbox, const struct message *message,
    struct bytes raw, bool *aside)
{
	struct taking	 taking = { .mailbox = mailbox, .message = message,
			    .arena = mailbox->arena };
	enum status	 status;

	*aside = false;
	if (sync_begin(mailbox->part->db, mailbox->tenant->id) != STATUS_OK)
		return (STATUS_DATABASE);
	status = taking_work(&taking, raw);
	if (status == STATUS_OK)
		status = sync_commit(mailbox->part->db);
	else if (!mailbox->part->lost)
		sync_rollback(mailbox->part->db);
	if (status != STATUS_OK)
		return (status);
	*aside = strcmp(taking.kind, "unreadable") == 0 ||
	    strcmp(taking.kind, "too-many") == 0;
	log_event(LOG_LEVEL_INFO, "mail taken", "tenant=%d uid=%lld kind=%s "
	    "files=%zu", mailbox->tenant->id, (long long)mailbox->uid,
	    taking.kind, message == NULL ? (size_t)0 : message->files.count);
	return (STATUS_OK);
}
