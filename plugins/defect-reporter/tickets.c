/* SPDX-License-Identifier: EUPL-1.2 */
/* Input of the office's routes for tickets, and of a sender's reopening. */

#include <string.h>

#include "hooks.h"
#include "tickets.h"

#define PHOTOS_MAX	5
#define WORK_RIGHT	"reports.work"	/* whoever a ticket is given to */

struct ticket_filter {
	const char	*status;
	const char	*category;
	const char	*department;
	const char	*channel;
	const char	*priority;
	const char	*release;
	const char	*person;
	bool		 mine;
	bool		 new;
	bool		 late;
	bool		 photo;
	bool		 answer;
	bool		 mail;
	bool		 spam;
	const char	*since;
	const char	*until;
	const char	*bbox;
	const char	*q;
	const char	*sort;
};

struct ticket_templates {
	const char	*templates;
	const char	*labels;
	const char	*city;
};

struct position {
	double	lat;
	double	lon;
};

struct ticket {
	const char		*channel;
	const char		*category;
	struct position		 position;
	const char		*address;
	const char		*text;
	const struct node	*answers;
	struct sealed		 contact;
	bool			 consent_forward;
	const char		*priority;
	const char		*department;
	const char		*outside;
	const char		*initial;
	const char		*deadlines;
};

struct step {			/* of any kind: what most of them take */
	int64_t		 version;
	const char	*department;
	const char	*reason;
	const char	*first;
};

struct person {
	const char	*person;
	int64_t		 version;
	const char	*own;
	const char	*workers;
};

struct change {
	const char	*category;
	struct position	 position;
	const char	*address;
	const char	*priority;
	const char	*due_on;
	const char	*reason;
	int64_t		 version;
};

struct merge {
	const char	*into;
	int64_t		 version;
};

struct note {
	const char	*text;
};

struct spam {
	bool		 spam;
	int64_t		 version;
};

struct undo {
	int64_t		 version;
};

struct draft {
	const char	*text;
	const char	*reason;
	int64_t		 version;
};

struct preview {
	const char		*text;
	LIST_OF(const char *)	 photos;
	const char		*preview;
};

/* What a preview has and the public route leaves out. */
struct shown {
	const char	*text;
	const char	*photos;
	const char	*preview;
};

struct view {
	const char		*name;
	struct ticket_filter	 filter;
};

struct reopen {
	const char	*reason;
};

static const char *const sorts[] = {
	"deadline", "received", "changed", "priority", NULL
};

static const char *const priorities[] = {
	"low", "normal", "high", "urgent", NULL
};

static const char *const releases[] = {
	"pending", "released", "rejected", NULL
};

/* How a report reaches staff who then enter it. */
static const char *const channels[] = {
	"telephone", "letter", "counter", "mail", NULL
};

const struct field ticket_query[] = {
	FIELD_TEXT(struct ticket_filter, status, .format = FIELD_FORMAT_CODES,
	    .max = 1000, .says = "only these statuses"),
	FIELD_TEXT(struct ticket_filter, category,
	    .format = FIELD_FORMAT_CODES, .max = 4000,
	    .says = "only these categories"),
	FIELD_TEXT(struct ticket_filter, department,
	    .format = FIELD_FORMAT_CODES, .max = 1000,
	    .says = "only these departments"),
	FIELD_TEXT(struct ticket_filter, channel,
	    .format = FIELD_FORMAT_CODES, .says = "only from these channels: "
	    "app, open311, telephone, letter, counter, mail"),
	FIELD_TEXT(struct ticket_filter, priority,
	    .format = FIELD_FORMAT_CODES,
	    .says = "only these: low, normal, high, urgent"),
	FIELD_CHOICE(struct ticket_filter, release, .choices = releases,
	    .says = "only those in this state of release"),
	FIELD_UUID(struct ticket_filter, person, .says = "only this person's"),
	FIELD_BOOL(struct ticket_filter, mine, .says = "only the caller's"),
	FIELD_BOOL(struct ticket_filter, new,
	    .says = "only open ones that wait for release"),
	FIELD_BOOL(struct ticket_filter, late,
	    .says = "only open ones behind their deadline"),
	FIELD_BOOL(struct ticket_filter, photo,
	    .says = "only those with a photo that waits for release"),
	FIELD_BOOL(struct ticket_filter, answer,
	    .says = "only those with an answer that waits for release"),
	FIELD_BOOL(struct ticket_filter, mail,
	    .says = "only those with mail that nobody has read"),
	FIELD_BOOL(struct ticket_filter, spam,
	    .says = "only what is marked as spam; otherwise none of it"),
	FIELD_TEXT(struct ticket_filter, since, .format = FIELD_FORMAT_TIME,
	    .says = "only those received then or later"),
	FIELD_TEXT(struct ticket_filter, until, .format = FIELD_FORMAT_TIME,
	    .says = "only those received before"),
	FIELD_TEXT(struct ticket_filter, bbox, .format = FIELD_FORMAT_BBOX,
	    .says = "only inside west,south,east,north"),
	FIELD_TEXT(struct ticket_filter, q, .min = 2, .max = 200,
	    .says = "words that begin one of the text or the address, or a "
	    "number"),
	FIELD_CHOICE(struct ticket_filter, sort, .choices = sorts,
	    .says = "what comes first: the nearest deadline, the newest, the "
	    "last changed, the most urgent; of a search the newest, otherwise "
	    "the deadline"),
	FIELD_END
};

const struct field ticket_templates_query[] = {
	FIELD_COMPUTED(struct ticket_templates, templates),
	FIELD_COMPUTED(struct ticket_templates, labels),
	FIELD_COMPUTED(struct ticket_templates, city),
	FIELD_END
};

const struct field ticket_people_query[] = {
	FIELD_COMPUTED(struct person, workers),
	FIELD_END
};

static const struct field position_fields[] = {
	FIELD_NUMBER(struct position, lat, .min = -90, .max = 90,
	    .required = true, .says = "latitude in degrees, WGS 84"),
	FIELD_NUMBER(struct position, lon, .min = -180, .max = 180,
	    .required = true, .says = "longitude in degrees, WGS 84"),
	FIELD_END
};

const struct field ticket_fields[] = {
	FIELD_CHOICE(struct ticket, channel, .choices = channels,
	    .required = true, .says = "how it came"),
	FIELD_TEXT(struct ticket, category, .format = FIELD_FORMAT_CODE,
	    .required = true, .says = "code of one of the city's categories"),
	FIELD_OBJECT(struct ticket, position, .fields = position_fields,
	    .says = "where it is; this or the address"),
	FIELD_TEXT(struct ticket, address, .format = FIELD_FORMAT_LINE,
	    .max = 200, .says = "where it is, in words"),
	FIELD_TEXT(struct ticket, text, .min = 1, .max = 4000,
	    .multiline = true, .required = true, .says = "what it is"),
	FIELD_ANY(struct ticket, answers,
	    .says = "answers to the category's questions, by their codes"),
	FIELD_SEALED(struct ticket, contact, .fields = contact_fields,
	    .says = "whoever told it, for questions"),
	FIELD_BOOL(struct ticket, consent_forward, .otherwise = "false",
	    .says = "whether the contact may go along to an outside body"),
	FIELD_CHOICE(struct ticket, priority, .choices = priorities,
	    .otherwise = "normal", .says = "how urgent it is"),
	FIELD_COMPUTED(struct ticket, department),
	FIELD_COMPUTED(struct ticket, outside),
	FIELD_COMPUTED(struct ticket, initial),
	FIELD_COMPUTED(struct ticket, deadlines),
	FIELD_END
};

const struct field assign_fields[] = {
	FIELD_TEXT(struct step, department, .format = FIELD_FORMAT_CODE,
	    .required = true, .says = "the department that gets it"),
	FIELD_TEXT(struct step, reason, .min = 1, .max = 1000,
	    .multiline = true, .says = "why, for the department"),
	VERSION_FIELD(struct step),
	FIELD_END
};

const struct field accept_fields[] = {
	VERSION_FIELD(struct step),
	FIELD_END
};

const struct field split_fields[] = {
	VERSION_FIELD(struct step),
	FIELD_END
};

const struct field return_fields[] = {
	FIELD_TEXT(struct step, reason, .min = 1, .max = 1000,
	    .multiline = true, .required = true, .says = "why it is not theirs"),
	VERSION_FIELD(struct step),
	FIELD_COMPUTED(struct step, first),
	FIELD_END
};

const struct field person_fields[] = {
	FIELD_UUID(struct person, person,
	    .says = "who works on it; nobody otherwise"),
	VERSION_FIELD(struct person),
	FIELD_COMPUTED(struct person, own),
	FIELD_COMPUTED(struct person, workers),
	FIELD_END
};

const struct field take_fields[] = {
	VERSION_FIELD(struct person),
	FIELD_COMPUTED(struct person, person),
	FIELD_COMPUTED(struct person, own),
	FIELD_COMPUTED(struct person, workers),
	FIELD_END
};

const struct field change_fields[] = {
	FIELD_TEXT(struct change, category, .format = FIELD_FORMAT_CODE,
	    .says = "what it really is; the department stays"),
	FIELD_OBJECT(struct change, position, .fields = position_fields,
	    .says = "where it really is"),
	FIELD_TEXT(struct change, address, .format = FIELD_FORMAT_LINE,
	    .min = 1, .max = 200, .says = "that in words"),
	FIELD_CHOICE(struct change, priority, .choices = priorities,
	    .says = "how urgent it is"),
	FIELD_TEXT(struct change, due_on, .format = FIELD_FORMAT_DAY,
	    .says = "until when it is to be done"),
	FIELD_TEXT(struct change, reason, .min = 1, .max = 1000,
	    .multiline = true, .says = "why, for the history"),
	VERSION_FIELD(struct change),
	FIELD_END
};

const struct field merge_fields[] = {
	FIELD_UUID(struct merge, into, .required = true,
	    .says = "the ticket that it follows from now on"),
	VERSION_FIELD(struct merge),
	FIELD_END
};

const struct field note_fields[] = {
	FIELD_TEXT(struct note, text, .min = 1, .max = 4000,
	    .multiline = true, .required = true,
	    .says = "for the house; neither sender nor public reads it"),
	FIELD_END
};

const struct field spam_fields[] = {
	FIELD_BOOL(struct spam, spam, .required = true,
	    .says = "whether it is no report at all"),
	VERSION_FIELD(struct spam),
	FIELD_END
};

const struct field undo_fields[] = {
	VERSION_FIELD(struct undo),
	FIELD_END
};

const struct field draft_release_fields[] = {
	FIELD_TEXT(struct draft, text, .min = 1, .max = 4000,
	    .multiline = true,
	    .says = "what is published; as it was written otherwise"),
	VERSION_FIELD(struct draft),
	FIELD_END
};

const struct field draft_reject_fields[] = {
	FIELD_TEXT(struct draft, reason, .min = 1, .max = 1000,
	    .multiline = true, .required = true,
	    .says = "why, for whoever wrote it"),
	VERSION_FIELD(struct draft),
	FIELD_END
};

/* Of the office's preview and of the public route: one statement, which the
 * public one gives nothing. */
const struct field preview_fields[] = {
	FIELD_TEXT(struct preview, text, .min = 1, .max = 4000,
	    .multiline = true, .says = "what would be published as the text"),
	FIELD_LIST(struct preview, photos, .format = FIELD_FORMAT_UUID,
	    .max = PHOTOS_MAX, .says = "the photos that would be public"),
	FIELD_COMPUTED(struct preview, preview),
	FIELD_END
};

const struct field shown_query[] = {
	FIELD_COMPUTED(struct shown, text),
	FIELD_COMPUTED(struct shown, photos),
	FIELD_COMPUTED(struct shown, preview),
	FIELD_END
};

const struct field view_fields[] = {
	FIELD_TEXT(struct view, name, .format = FIELD_FORMAT_LINE, .min = 1,
	    .max = 80, .required = true,
	    .says = "name; a filter of this name is replaced"),
	FIELD_OBJECT(struct view, filter, .fields = ticket_query,
	    .required = true, .says = "as the list takes it"),
	FIELD_END
};

const struct field reopen_fields[] = {
	FIELD_TEXT(struct reopen, reason, .min = 10, .max = 1000,
	    .multiline = true, .required = true,
	    .says = "what is not done; only staff read it"),
	FIELD_END
};

static const char *
workers(struct exchange *exchange)
{
	return (tenant_roles_array(exchange_arena(exchange),
	    exchange_tenant(exchange), "defect-reporter", WORK_RIGHT));
}

enum status
ticket_templates_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct ticket_templates	*query = exchange_query(exchange);

	query->templates = settings->templates;
	query->labels = settings->labels;
	query->city = tenant_name(exchange_tenant(exchange));

	return (STATUS_OK);
}

enum status
ticket_people_prepare(struct exchange *exchange)
{
	struct person	*query = exchange_query(exchange);

	query->workers = workers(exchange);

	return (STATUS_OK);
}

enum status
answer_text_check(struct exchange *exchange, const char *text)
{
	const char	*left;

	left = settings_placeholder(exchange_arena(exchange), text, true);
	if (left == NULL)
		return (STATUS_OK);
	exchange_finding(exchange, "/text", FINDING_CONFLICT, left);

	return (STATUS_INVALID);
}

enum status
ticket_check(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	const struct ticket	*ticket = exchange_body(exchange);
	const struct category	*category;

	if (!exchange_has(exchange, "position") && ticket->address == NULL)
		exchange_finding(exchange, "/position", FINDING_REQUIRED,
		    "address");
	if (ticket->category == NULL)
		return (STATUS_INVALID);
	category = settings_category(settings, ticket->category);
	if (category == NULL) {
		exchange_finding(exchange, "/category", FINDING_CHOICE,
		    category_codes(exchange_arena(exchange), settings));
		return (STATUS_INVALID);
	}

	return (answers_check(exchange, category, ticket->answers));
}

enum status
ticket_prepare(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct ticket		*ticket = exchange_body(exchange);
	const struct category	*category;

	category = settings_category(settings, ticket->category);
	ticket->department = category->department;
	ticket->outside = category->body;
	ticket->initial = settings->initial;
	ticket->deadlines = settings->deadlines;

	return (STATUS_OK);
}

enum status
assign_prepare(struct exchange *exchange)
{
	const struct step	*step = exchange_body(exchange);

	if (tenant_department(exchange_tenant(exchange),
	    step->department) != NULL)
		return (STATUS_OK);
	exchange_finding(exchange, "/department", FINDING_REFERENCE,
	    step->department);

	return (STATUS_INVALID);
}

enum status
return_prepare(struct exchange *exchange)
{
	struct step	*step = exchange_body(exchange);

	step->first = tenant_first_department(exchange_tenant(exchange))->code;

	return (STATUS_OK);
}

enum status
person_prepare(struct exchange *exchange)
{
	struct person	*person = exchange_body(exchange);

	person->own = "false";
	person->workers = workers(exchange);

	return (STATUS_OK);
}

enum status
take_prepare(struct exchange *exchange)
{
	struct person	*person = exchange_body(exchange);

	person->own = "true";
	person->workers = workers(exchange);

	return (STATUS_OK);
}

enum status
change_check(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	const struct change	*change = exchange_body(exchange);

	if (change->category == NULL && change->priority == NULL &&
	    change->due_on == NULL && change->address == NULL &&
	    !exchange_has(exchange, "position"))
		exchange_finding(exchange, "", FINDING_REQUIRED,
		    "category, position, address, priority, due_on");
	else if (change->category != NULL &&
	    settings_category(settings, change->category) == NULL)
		exchange_finding(exchange, "/category", FINDING_CHOICE,
		    category_codes(exchange_arena(exchange), settings));
	else
		return (STATUS_OK);

	return (STATUS_INVALID);
}

enum status
draft_release_check(struct exchange *exchange)
{
	const struct draft	*draft = exchange_body(exchange);

	return (answer_text_check(exchange, draft->text));
}

enum status
preview_prepare(struct exchange *exchange)
{
	struct preview	*preview = exchange_body(exchange);

	preview->preview = "true";

	return (STATUS_OK);
}

