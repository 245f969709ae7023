/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The plugin interface: all that a plugin includes. A plugin is one folder,
 * plugins/<name>/, with one exported `const struct plugin plugin`. It
 * declares; the platform derives. docs/plugins.md walks through one.
 *
 * Ledger of the interface. struct plugin says its size: fields appended to it
 * raise the minor number. Elements of its arrays (struct route, …) do not: a
 * field appended to one of those raises the major number.
 *	1.0	2026-11	first version
 *	2.0	2026-11	mounts for what standards prescribe, API keys, forms;
 *			.formats and .seconds of a route
 *	3.0	2026-11	.reads of a route; .days, .days_from and .erase of
 *			personal data
 *	3.1	2026-11	.inbox: mail that comes in
 *	3.2	2026-11	.subjects: what a path is about, in words
 */
#ifndef STADTKERN_PLUGIN_H
#define STADTKERN_PLUGIN_H

#include <stadtkern/exchange.h>
#include <stadtkern/field.h>
#include <stadtkern/image.h>
#include <stadtkern/json.h>
#include <stadtkern/node.h>
#include <stadtkern/status.h>
#include <stadtkern/tenant.h>

#define PLUGIN_ABI_MAJOR	3
#define PLUGIN_ABI_MINOR	2

enum method { METHOD_END = 0, GET, POST, PUT, PATCH, DELETE };

/* Who may call a route. */
enum access_kind {
	ACCESS_PUBLIC,		/* anybody */
	ACCESS_DEVICE,		/* a registered device */
	ACCESS_CITIZEN,		/* a device; a confirmed account where the
				   tenant says `account: required` */
	ACCESS_ACCOUNT,		/* a device with a confirmed account */
	ACCESS_OFFICE,		/* staff whose roles give .right; NULL: staff */
	ACCESS_SIGN_IN,		/* anybody, on the office's side */
	ACCESS_KEY,		/* an API key that was given .right */
};

struct access {
	enum access_kind	 kind;
	const char		*right;		/* of this plugin */
};

#define PUBLIC		{ ACCESS_PUBLIC, NULL }
#define DEVICE		{ ACCESS_DEVICE, NULL }
#define CITIZEN		{ ACCESS_CITIZEN, NULL }
#define ACCOUNT		{ ACCESS_ACCOUNT, NULL }
#define OFFICE(right)	{ ACCESS_OFFICE, right }
#define SIGN_IN		{ ACCESS_SIGN_IN, NULL }
#define KEY(right)	{ ACCESS_KEY, right }

/*
 * A route. Paths begin with '/'; "{name}" is one segment that the .path
 * table (or, without one, a UUID) describes. Served below
 * /api/v1/<plugin>, or, where the access is OFFICE or SIGN_IN, below
 * /office/api/v1/<plugin>, or where a struct mount says.
 *
 * .run names a statement of queries.sql or queries/. Its :parameters are taken from
 * .path, .query and .body by name, :settings.name from the plugin's settings;
 * the tenant and the caller are not parameters but tenant(), device(),
 * account() and staff() in SQL.
 */
struct route {
	enum method		 method;
	const char		*path;
	struct access		 access;
	const struct field	*path_fields;
	const struct field	*query;
	const struct field	*body;		/* JSON; below a mount with
						   .forms, a form */
	const char		*accepts;	/* raw body instead of JSON: media
						   types, comma-separated; bound
						   as :content, :content_type */
	size_t			 limit;		/* body, bytes; 0: 64 KiB */
	const char		*run;
	/*
	 * .check adds findings that the tables cannot say. It runs even when
	 * a field was wrong, so that all is told at once: such a field, and
	 * one that is absent, is zero. .prepare runs when nothing is wrong.
	 */
	enum status		(*check)(struct exchange *exchange);
	enum status		(*prepare)(struct exchange *exchange);
	enum status		(*answer)(struct exchange *exchange,
				    const struct row *row);
	bool			 created;	/* 201, Idempotency-Key taken;
						   the statement ends in
						   `select answered(json)` */
	const char		*cache;		/* topic: kept until it changes */
	const char		*changes;	/* topic that this ends */
	/*
	 * One sentence for OpenAPI. What a route of the office does is said to
	 * people by the message "action.POST /tickets/{id}/take".
	 */
	const char		*says;
	unsigned int		 per_hour;	/* rate per caller; 0: default */
	/*
	 * For what takes long (a password hash): .work gets the row of .run
	 * in a thread of its own, may use nothing but its arguments and the
	 * arena, and sets COMPUTED fields for the statement .then, whose row
	 * becomes the answer. At most a few run at once; beyond: 429. It does
	 * not run when .run gives a problem.
	 */
	enum status		(*work)(struct exchange *exchange,
				    const struct row *row);
	const char		*then;
	bool			 slow;		/* takes a connection of its own, so
						   that nothing short waits */
	const char		*media_type;	/* of `body`; application/json */
	/*
	 * Suffixes, one of which the path ends in, comma-separated: "json,
	 * xml". exchange_format() tells which; any other is not found.
	 */
	const char		*formats;
	unsigned int		 seconds;	/* a kept answer's age at most;
						   0: until .cache changes */
	bool			 lasting;	/* with .cache: the address names
						   the content, so that whoever
						   has it need not ask again */
	/*
	 * What personal data the answer shows, a word: "contact"; the message
	 * reads.contact says it to people. Each reading is in the audit log.
	 * Where sealed data are opened it has to be there; what is no GET is
	 * in the log in any case.
	 */
	const char		*reads;
};

#define ROUTE_END	{ .method = METHOD_END }

/* Why a request is refused, for a mount that says it in a form of its own. */
struct refusal {
	int			 status;	/* as the problem declares it */
	const char		*code;		/* of the problem */
	const char		*title;		/* in the caller's language */
	const struct finding	*findings;	/* first of the bad fields; NULL:
						   not about fields */
};

/*
 * Routes that stand where a standard wants them, beside the plugin's own, and
 * behave as it prescribes: parameters that no table names are ignored, as the
 * next version of a standard may bring them. Access OFFICE and SIGN_IN are not
 * for mounts.
 */
struct mount {
	const char		*path;		/* "/open311/v2"; NULL ends the
						   table */
	/*
	 * The same routes once more, to try them out: all is checked and
	 * answered, then what was changed is undone. NULL: none.
	 */
	const char		*rehearsal;
	bool			 forms;		/* bodies are forms: urlencoded
						   or multipart (RFC 7578);
						   names like a[b] nest */
	/*
	 * Names of parameters that the platform takes out of the query, else
	 * out of the form; NULL: none. `tenant` holds a slug or a host. It may
	 * be left out on a tenant's own host, not on the platform's
	 * (STADTKERN_HOST): problems tenant-missing, tenant-unknown. `key`
	 * holds what ACCESS_KEY asks for: problem key-unknown.
	 */
	const char		*tenant;
	const char		*key;
	const char		*language;	/* "en": what the standard's errors
						   are said in; NULL: the
						   caller's */
	bool			 shared;	/* pages of any site may read the
						   answers (CORS) */
	bool			 both;		/* the office's server has them,
						   too; for what is PUBLIC */
	const struct route	*routes;
	/*
	 * Answers a refusal with exchange_answer(); NULL: problem+json. There
	 * may be no tenant yet, and so neither settings nor input.
	 */
	enum status		(*refuse)(struct exchange *exchange,
				    const struct refusal *refusal);
};

#define MOUNT_END	{ .path = NULL }

/* A refusal that a statement (column `problem`) or a hook may give. */
struct problem {
	const char	*code;		/* type is /problems/<code> */
	int		 status;	/* HTTP */
};					/* title: messages problem.<code> */

#define PROBLEM_END	{ .code = NULL }

enum schedule_kind { SCHEDULE_KIND_END = 0, SCHEDULE_DAILY, SCHEDULE_EVERY };

struct schedule {
	const char		*name;
	enum schedule_kind	 kind;
	unsigned int		 hour;		/* DAILY, Europe/Berlin */
	unsigned int		 minute;
	unsigned int		 seconds;	/* EVERY */
	const char		*run;		/* statement, in every tenant */
	const char		*changes;
};

#define DAILY_AT(h, m)	.kind = SCHEDULE_DAILY, .hour = (h), .minute = (m)
#define EVERY(s)	.kind = SCHEDULE_EVERY, .seconds = (s)
#define SCHEDULE_END	{ .kind = SCHEDULE_KIND_END }

enum controller { CONTROLLER_CITY, CONTROLLER_WASTE, CONTROLLER_UTILITY };

/* One entry of the record of processing (Art. 30 DSGVO). */
struct personal_data {
	const char		*table;
	const char		*what;
	const char		*why;
	const char		*basis;
	enum controller		 controller;
	const char		*keep;		/* may say "{days}" */
	/*
	 * The period, as numbers: .days, or what the plugin's setting
	 * .days_from (an INT) says in a city. .erase is a statement that the
	 * courier runs every night with it as :days, and that erases or
	 * anonymises what is older, counted from where the statement counts.
	 */
	unsigned int		 days;
	const char		*days_from;
	const char		*erase;
};

#define PERSONAL_DATA_END	{ .table = NULL }

/* What FIELD_SEALED(…, .fields = contact_fields) takes; all optional. */
struct contact {
	const char	*name;
	const char	*email;
	const char	*phone;
};
extern const struct field contact_fields[];

/*
 * A plugin that takes the mail of a city's mailbox. The courier reads it, takes
 * each message apart in a sandbox and runs .run once for it, in the transaction
 * in which the message counts as taken. Parameters, null where there is none:
 *
 *	:kind		"message"; "generated", written by a machine, not to be
 *			answered; "automatic", an automatic reply; "bounce", a
 *			mail of ours that did not arrive; "unreadable", of which
 *			nothing else is known
 *	:thread, :party	what the mail is about and which party writes, as a job
 *			"mail" said when it wrote to them (below)
 *	:forged		a token was there, but it is none of this city's
 *	:known		whether the sender is whom that mail went to
 *	:contact	{"name", "email"} of the sender, sealed to the tenant
 *	:reply		their address, sealed to the courier: `sealed` of a job
 *			"mail"; null where nothing may be sent. :greet, whether
 *			an acknowledgement may: not to the same one all the time
 *	:subject, :text, :shown
 *			as written, HTML made text; :shown is the text without
 *			what it quotes; :cut, whether the text was too long
 *	:sent_at	as the mail says
 *	:files		[{"name", "media_type", "size", "blob", "picture"}], of
 *			blob_put(); pictures have to go through a job "image"
 *	:dropped	how many attachments were not kept
 *	:status		of a bounce, as RFC 3463 has it: "5.1.1"
 *
 * and :settings.name, as with a route. A job "mail" with "thread": {"id":
 * uuid, "party": "sender", "number": "123"} gets a Reply-To, an envelope and a
 * subject by which what comes back finds its thread.
 */
struct inbox {
	const char		*run;
};

/*
 * What paths of the office are about, for people: the audit log says "Ticket
 * 1234" in place of an id, and leads to where the ticket is shown. It is about
 * the first subject whose .path the route's begins with.
 */
struct subject {
	const char	*path;		/* "/tickets/{id}" */
	const char	*text;		/* message subject.<text>: "Ticket
					   {name}"; {…} of the path as well */
	const char	*table;		/* of the plugin's schema, with an `id`
					   that .path ends in; NULL: the path
					   says enough */
	const char	*name;		/* its column that is {name} */
	const char	*screen;	/* of the office, where it is shown by
					   its id; NULL: nowhere */
};

#define SUBJECT_END	{ .path = NULL }

struct settings_check {
	const struct tenant	*tenant;
	struct arena		*arena;
	struct findings		*findings;
	const struct node	*node;		/* for positions */
};

struct plugin {
	size_t			 size;		/* sizeof(struct plugin) */
	unsigned int		 abi_major;
	unsigned int		 abi_minor;
	size_t			 route_size;	/* sizeof(struct route) */
	const char		*name;		/* the folder's */
	const char		*version;
	const struct field	*settings;
	/*
	 * Settings that must fit together. `settings` is the filled struct;
	 * it may be completed here (references resolved to pointers, JSON
	 * prepared for statements), in check->arena.
	 */
	enum status		(*check)(const struct settings_check *check,
				    void *settings);
	const struct route	*routes;
	const struct problem	*problems;
	const struct schedule	*schedules;
	const struct personal_data *personal_data;
	/* Rights of staff and of API keys, NULL-terminated; messages
	 * right.<right> say what they are. */
	const char *const	*permissions;
	const struct mount	*mounts;
	const struct inbox	*inbox;		/* NULL: takes no mail */
	const struct subject	*subjects;
};

/*
 * Plugins are built with hidden symbols, so that theirs and ours never meet:
 * `PLUGIN_EXPORT const struct plugin plugin = { … };` is the one exception.
 */
#define PLUGIN_EXPORT	__attribute__((visibility("default")))

#define PLUGIN_HEADER(its_name, its_version)				\
	.size = sizeof(struct plugin),					\
	.abi_major = PLUGIN_ABI_MAJOR, .abi_minor = PLUGIN_ABI_MINOR,	\
	.route_size = sizeof(struct route),				\
	.name = its_name, .version = its_version

/*
 * Adds a finding about a setting, at the position of `node` (a descendant of
 * check->node); NULL: the plugin's section itself.
 */
void	settings_finding(const struct settings_check *check,
	    const struct node *node, const char *pointer,
	    enum finding_code code, const char *argument);

#endif
