/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One request and its answer, as plugin hooks see it. Everything handed out
 * here lives until the answer was sent. Hooks run in the server's event loop:
 * they compute and return, they never wait and never open a file or socket.
 */
#ifndef STADTKERN_EXCHANGE_H
#define STADTKERN_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include <stadtkern/arena.h>
#include <stadtkern/field.h>
#include <stadtkern/finding.h>
#include <stadtkern/status.h>
#include <stadtkern/tenant.h>

struct exchange;

struct arena	*exchange_arena(struct exchange *exchange);
const struct tenant *exchange_tenant(const struct exchange *exchange);

/* This plugin's checked settings in this tenant. */
const void	*exchange_settings(const struct exchange *exchange);

/* The struct that the route's .body, .query or .path table filled. */
void		*exchange_body(struct exchange *exchange);
void		*exchange_query(struct exchange *exchange);
void		*exchange_path(struct exchange *exchange);

/* A parameter of the path as it was sent, decoded; NULL: there is none. */
const char	*exchange_path_text(const struct exchange *exchange,
		    const char *name);

/* Whether the body's field was given, or has a default. */
bool		 exchange_has(const struct exchange *exchange,
		    const char *name);

/* The path's suffix where the route has .formats: "json". Else NULL. */
const char	*exchange_format(const struct exchange *exchange);

/*
 * Where the tenant is served, for absolute links: "https://app.example.org",
 * from STADTKERN_URL and the tenant's first host; no slash at the end.
 */
const char	*exchange_origin(struct exchange *exchange);

/* Seals a JSON text to the tenant, as FIELD_SEALED does, for a FIELD_BYTES
 * that .prepare computes. */
enum status	 exchange_seal(struct exchange *exchange, const char *json,
		    size_t len, struct bytes *box);

/*
 * A mail's address and arguments, sealed to the courier, for a FIELD_BYTES that
 * .prepare computes and a statement gives to job_put('mail', payload,
 * :letter::bytea), at once or, from a column, later. It goes to the e-mail
 * address in the body's sealed field `contact`; where none was given the box
 * is {NULL, 0}. `arguments`, a JSON object or NULL, fills the text beside what
 * the payload says.
 */
enum status	 exchange_letter(struct exchange *exchange,
		    const char *contact, const char *arguments,
		    struct bytes *box);

/*
 * A text of the plugin's messages in the caller's language, with the members of
 * `arguments` (a JSON object, or NULL) in place of {name}; NULL: no such text.
 */
const char	*exchange_text(struct exchange *exchange, const char *key,
		    const char *arguments);

/* Opens a box that was sealed to the tenant. STATUS_CRYPTO on the public side,
 * which cannot. */
enum status	 exchange_unseal(struct exchange *exchange, struct bytes box,
		    struct bytes *text);

/*
 * Seals what a mail says to the courier, as job_put()'s `sealed`: the JSON
 * {"to": address, "arguments": {…}}, in place of those members of the payload.
 */
enum status	 exchange_seal_mail(struct exchange *exchange,
		    const char *json, size_t len, struct bytes *box);

/*
 * For a link that opens something without an account: 256 random bits as
 * text, and what is kept instead of them, a keyed hash that is worth nothing in
 * another tenant.
 */
const char	*exchange_token(struct exchange *exchange);
struct bytes	 exchange_token_hash(struct exchange *exchange,
		    const char *token);

/* "de" or "en" (or another language the plugin has messages for). */
const char	*exchange_language(const struct exchange *exchange);

/* A request header's value or NULL. `name` in lower case. */
const char	*exchange_header(const struct exchange *exchange,
		    const char *name);

/* The raw body of a route with .accepts, and its media type. */
struct bytes	 exchange_content(const struct exchange *exchange);
const char	*exchange_content_type(const struct exchange *exchange);

/*
 * Adds a finding about the request: the answer becomes 422 with all of them,
 * and the hook should return STATUS_INVALID. `pointer` as in the body.
 */
void		 exchange_finding(struct exchange *exchange,
		    const char *pointer, enum finding_code code,
		    const char *argument);

/*
 * Refuses with one of the plugin's declared problems (plugin.h). `arguments`
 * is a JSON object that becomes members of the problem and fills {name}
 * placeholders of its text; NULL for none. Returns STATUS_REFUSED.
 */
enum status	 exchange_refuse(struct exchange *exchange, const char *code,
		    const char *arguments);

/* Adds a header to the answer; both strings live in the arena. */
void		 exchange_add_header(struct exchange *exchange,
		    const char *name, const char *value);

/*
 * A column of the statement's row: row_text() in PostgreSQL's text form,
 * row_bytes() of a bytea. NULL and {NULL, 0}: SQL null, no such column, or
 * `row` is NULL.
 */
struct row;
const char	*row_text(const struct row *row, const char *column);
struct bytes	 row_bytes(const struct row *row, const char *column);

/* Answers with these bytes, which must live in the exchange's arena. */
enum status	 exchange_answer(struct exchange *exchange, int status,
		    const char *media_type, const char *bytes, size_t len);

#endif
