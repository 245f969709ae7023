/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Mail: texts of a plugin, filled in and sent in the city's name. A relay
 * that took a message cannot be asked to forget it: a job that is repeated
 * carries the same Message-ID, so that the second copy can be told.
 */

#include <string.h>

#include "core/document/node_util.h"
#include "courier/job.h"
#include "courier/mail_html.h"
#include "courier/mail_token.h"
#include "db/bytea.h"
#include "db/sync.h"

struct letter {
	const char		*to;
	const struct node	*arguments;
	const char		*sender;	/* the city's name */
	const char		*address;	/* and its address */
	const char		*language;	/* of the text */
	const char		*subject;
	const char		*body;
	const char		*mailbox;	/* its address; NULL: none */
	const char		*token;		/* NULL: no answer is expected */
	const char		*message_id;
	bool			 has_look;
	struct mail_look	 look;
};

/* Arguments of both; what is in both is `first`'s. */
static const struct node *
arguments_join(struct worker *worker, const struct node *first,
    const struct node *second)
{
	const struct node	*child;
	struct node		*map;

	if (first == NULL || second == NULL)
		return (first == NULL ? second : first);
	map = node_new(worker->arena, NODE_MAP);
	for (child = first->first; child != NULL; child = child->next)
		node_append(worker->arena, map, child->name,
		    node_share(worker->arena, child));
	for (child = second->first; child != NULL; child = child->next)
		if (node_get(first, child->name) == NULL)
			node_append(worker->arena, map, child->name,
			    node_share(worker->arena, child));
	return (map);
}

/* What only the courier may read stands in a box sealed to it. */
static enum status
letter_open(struct worker *worker, const struct job *job,
    struct letter *letter)
{
	const struct node	*to;
	struct findings		 findings;
	struct bytes		 text;
	struct node		*node;

	if (job->sealed.at == NULL) {
		letter->to = job_text(job, "to");
		letter->arguments = node_get(job->payload, "arguments");
		return (STATUS_OK);
	}
	if (crypto_open(worker->arena, worker->keys->courier_public,
	    worker->keys->courier_secret, job->sealed, &text) != STATUS_OK)
		return (STATUS_CRYPTO);
	findings_init(&findings, worker->arena);
	if (node_from_json(worker->arena, (const char *)text.at, text.len,
	    &node, &findings) != STATUS_OK)
		return (STATUS_CRYPTO);
	to = node_get(node, "to");
	letter->to = to == NULL ? NULL : to->text;
	letter->arguments = arguments_join(worker, node_get(node, "arguments"),
	    node_get(job->payload, "arguments"));
	return (STATUS_OK);
}

/*
 * A mail about a thing of a plugin's, to whose mailbox an answer may come: its
 * token is written down before it goes out.
 */
static enum status
letter_thread(struct worker *worker, const struct job *job,
    struct letter *letter)
{
	const struct node	*thread;
	const char		*id, *party, *plugin;
	struct node		*arguments;
	PGresult		*result;
	enum status		 status;

	thread = node_get(job->payload, "thread");
	id = node_text(node_get(thread, "id"));
	party = node_text(node_get(thread, "party"));
	plugin = job_text(job, "plugin");
	if (letter->mailbox == NULL || id == NULL || party == NULL ||
	    plugin == NULL)
		return (STATUS_OK);
	letter->token = mail_token(worker->arena, worker->keys, job->tenant,
	    plugin, id, letter->to);
	arguments = node_new(worker->arena, NODE_MAP);
	argument_text(worker->arena, arguments, "token",
	    mail_token_hash(worker->arena, letter->token));
	argument_text(worker->arena, arguments, "plugin", plugin);
	argument_text(worker->arena, arguments, "thread", id);
	argument_text(worker->arena, arguments, "party", party);
	argument_text(worker->arena, arguments, "address",
	    mail_address_hash(worker->arena, worker->keys, job->tenant,
	    letter->to));
	argument_text(worker->arena, arguments, "message",
	    mail_token_hash(worker->arena, letter->message_id));
	result = part_query(worker->part, worker->arena,
	    part_statement(worker->part, "mail_thread_put"), arguments);
	status = result == NULL ? STATUS_DATABASE : STATUS_OK;
	PQclear(result);
	return (status);
}

/* What a reply shows, whatever becomes of its address. */
static const char *
letter_subject(struct worker *worker, const struct job *job,
    const struct letter *letter)
{
	const char	*number;

	number = node_text(node_get(node_get(job->payload, "thread"),
	    "number"));
	if (letter->token == NULL)
		return (letter->subject);
	return (arena_format(worker->arena, "%s [#%s-%s]", letter->subject,
	    number == NULL ? "" : number, letter->token));
}

/* One that an earlier version published has no colours: plain text then. */
static void
letter_look(struct worker *worker, const PGresult *result,
    struct letter *letter)
{
	struct findings		 findings;
	struct field_context	 context = { .arena = worker->arena,
				    .findings = &findings };
	struct values		 values;
	struct node		*node;
	const char		*text;

	findings_init(&findings, worker->arena);
	if ((text = result_text(result, "look")) == NULL ||
	    node_from_json(worker->arena, text, strlen(text), &node,
	    &findings) != STATUS_OK || field_check(&context,
	    theme_mail_fields, node, "", &values) != STATUS_OK)
		return;
	letter->look.colours = *(const struct theme_mail *)values.data;
	letter->look.emblem = bytea_read(worker->arena,
	    result_text(result, "emblem"));
	letter->look.city = letter->sender;
	letter->has_look = true;
}

/* The same in each try. */
static const char *
letter_id(struct worker *worker, const struct job *job,
    const struct letter *letter)
{
	const char	*from, *host;

	from = worker->part->env->mail_from != NULL ?
	    worker->part->env->mail_from : letter->address;
	host = from == NULL ? NULL : strchr(from, '@');
	return (arena_format(worker->arena, "%s.%d.%lld%s", job->id,
	    job->tenant, (long long)job->created,
	    host == NULL ? "@localhost" : host));
}

/* What the plugin's statement `facts` says of the thing that it is about. */
static enum status
letter_facts(struct worker *worker, const struct job *job,
    struct letter *letter)
{
	const struct statement	*statement;
	struct node		*arguments, *facts = NULL;
	struct findings		 findings;
	const char		*body;
	PGresult		*result;
	enum status		 status;

	if (job_text(job, "facts") == NULL)
		return (STATUS_OK);
	statement = job_statement(worker, job, "facts");
	if (statement == NULL)
		return (STATUS_INVALID);
	arguments = node_new(worker->arena, NODE_MAP);
	argument_text(worker->arena, arguments, "id", job_text(job, "id"));
	result = part_query(worker->part, worker->arena, statement, arguments);
	if (result == NULL)
		return (STATUS_DATABASE);
	body = result_text(result, "body");
	findings_init(&findings, worker->arena);
	status = body == NULL ? STATUS_INVALID :
	    node_from_json(worker->arena, body, strlen(body), &facts,
	    &findings);
	PQclear(result);
	if (status == STATUS_OK)
		letter->arguments = arguments_join(worker, letter->arguments,
		    facts);

	return (status == STATUS_OK ? STATUS_OK : STATUS_INVALID);
}

static enum status
letter_sender(struct worker *worker, const struct job *job,
    struct letter *letter)
{
	struct node	*arguments;
	PGresult	*result;
	enum status	 status;

	if (sync_begin(worker->part->db, job->tenant) != STATUS_OK)
		return (STATUS_DATABASE);
	arguments = node_new(worker->arena, NODE_MAP);
	argument_int(worker->arena, arguments, "tenant", job->tenant);
	result = part_query(worker->part, worker->arena,
	    part_statement(worker->part, "tenant_sender"), arguments);
	if (result == NULL)
		return (STATUS_DATABASE);
	letter->sender = arena_text(worker->arena,
	    result_text(result, "name"));
	letter->address = arena_text(worker->arena,
	    result_text(result, "email"));
	letter->mailbox = arena_text(worker->arena,
	    result_text(result, "mailbox"));
	letter_look(worker, result, letter);
	PQclear(result);
	letter->message_id = letter_id(worker, job, letter);
	status = letter_facts(worker, job, letter);
	if (status == STATUS_DATABASE ||
	    letter_thread(worker, job, letter) != STATUS_OK ||
	    sync_commit(worker->part->db) != STATUS_OK)
		return (STATUS_DATABASE);
	return (letter->sender == NULL || letter->address == NULL ?
	    STATUS_NOT_FOUND : status);
}

/* {city} is known in every text; what the job says comes first. */
static const char *
letter_fill(struct worker *worker, const struct letter *letter,
    const char *text)
{
	struct node	*city;

	text = message_fill(worker->arena, text, letter->arguments);
	if (node_get(letter->arguments, "city") != NULL)
		return (text);
	city = node_new(worker->arena, NODE_MAP);
	argument_text(worker->arena, city, "city", letter->sender);
	return (message_fill(worker->arena, text, city));
}

static const char *
letter_text(struct worker *worker, const struct job *job, const char *part,
    struct letter *letter)
{
	const struct loaded	*loaded;
	const char		*plugin, *template, *language, *key;

	plugin = job_text(job, "plugin");
	template = job_text(job, "template");
	language = job_text(job, "language");
	if (template == NULL)
		return (NULL);
	loaded = registry_plugin(worker->part->registry,
	    plugin == NULL ? "" : plugin);
	if (loaded == NULL)
		return (NULL);
	key = arena_format(worker->arena, "mail.%s.%s", template, part);
	letter->language = message_language(loaded->messages,
	    language == NULL ? "de" : language, key);
	return (registry_message(worker->part->registry, loaded,
	    letter->language, key));
}

static const char *
letter_write(struct worker *worker, const struct job *job,
    struct letter *letter)
{
	const char	*subject, *body;
	enum status	 status;

	if (letter_open(worker, job, letter) != STATUS_OK)
		return ("box-closed");
	if (!mail_address_fits(letter->to))
		return ("bad-address");
	subject = letter_text(worker, job, "subject", letter);
	body = letter_text(worker, job, "body", letter);
	if (subject == NULL || body == NULL)
		return ("no-text");
	status = letter_sender(worker, job, letter);
	if (status != STATUS_OK)
		return (status == STATUS_DATABASE ? "database" :
		    status == STATUS_INVALID ? "no-facts" : "no-sender");
	letter->subject = letter_fill(worker, letter, subject);
	letter->body = letter_fill(worker, letter, body);
	letter->look.flow = letter_fill(worker, letter,
	    mail_unfold(worker->arena, body));
	return (NULL);
}

static enum status
letter_format(struct worker *worker, const struct job *job,
    const struct letter *letter, struct mail_parcel *parcel)
{
	struct mail	 mail;
	char		*text;
	enum status	 status;

	parcel->from = worker->part->env->mail_from != NULL ?
	    worker->part->env->mail_from : letter->address;
	parcel->to = letter->to;
	mail = (struct mail){
		.from_name = letter->sender, .from = letter->address,
		.to = letter->to,
		.subject = letter_subject(worker, job, letter),
		.body = letter->body,
		.language = letter->language,
		.date = (time_t)job->created,
		.look = letter->has_look ? &letter->look : NULL,
		.message_id = letter->message_id,
	};
	/* What does not arrive comes back to the mailbox, too. */
	if (letter->token != NULL)
		mail.reply_to = parcel->from = mail_token_address(
		    worker->arena, letter->mailbox, letter->token);
	status = mail_format(worker->arena, &mail, &text, &parcel->len);
	if (status == STATUS_LIMIT && mail.look != NULL) {
		/* The text alone may still fit, and is what matters. */
		mail.look = NULL;
		status = mail_format(worker->arena, &mail, &text,
		    &parcel->len);
	}
	parcel->text = text;
	return (status);
}

/* By time, so that a folder shows them in order; the same in each try. */
static const char *
letter_name(struct worker *worker, const struct job *job)
{
	const time_t	 created = (time_t)job->created;
	struct tm	 tm;

	(void)gmtime_r(&created, &tm);
	return (arena_format(worker->arena,
	    "%04d%02d%02dT%02d%02d%02dZ-%s", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    job->id));
}

enum status
job_mail(struct worker *worker, struct job *job)
{
	struct mail_parcel	 parcel;
	struct letter		 letter = { .to = NULL };
	enum status		 status;

	job->reason = letter_write(worker, job, &letter);
	if (job->reason != NULL)
		return (strcmp(job->reason, "database") == 0 ?
		    STATUS_DATABASE : STATUS_REFUSED);
	job->reason = "bad-header";
	if (letter_format(worker, job, &letter, &parcel) != STATUS_OK)
		return (STATUS_REFUSED);
	parcel.name = letter_name(worker, job);
	status = mail_deliver(worker->arena, worker->part->env, &parcel,
	    &job->reason);
	if (status != STATUS_OK)
		return (status);
	job->reason = NULL;
	if (sync_begin(worker->part->db, job->tenant) != STATUS_OK)
		return (STATUS_DATABASE);
	status = job_finish(worker, job);
	return (status == STATUS_OK ? sync_commit(worker->part->db) : status);
}
