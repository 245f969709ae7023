/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How staff sign in:
 *
 *	password ──► session			where that is enough
 *	password ──► ticket ──► session		by code generator, passkey or
 *						recovery code
 *	passkey ───► session			it is had, and it knows its
 *						owner: two factors in one
 *
 * A ticket is a cookie of its own, good for five minutes and five tries.
 */
#ifndef BASE_SIGN_IN_H
#define BASE_SIGN_IN_H

#include "core/exchange/exchange.h"

extern const struct field sign_in_fields[];
extern const struct field code_fields[];
extern const struct field passkey_ask_fields[];
extern const struct field passkey_fields[];
extern const struct field recovery_fields[];

enum status	sign_in_prepare(struct exchange *);
enum status	sign_in_work(struct exchange *, const struct row *);
enum status	sign_in_answer(struct exchange *, const struct row *);
enum status	code_prepare(struct exchange *);
enum status	code_work(struct exchange *, const struct row *);
enum status	step_answer(struct exchange *, const struct row *);
enum status	passkey_ask_prepare(struct exchange *);
enum status	passkey_ask_answer(struct exchange *, const struct row *);
enum status	passkey_prepare(struct exchange *);
enum status	passkey_work(struct exchange *, const struct row *);
enum status	recovery_prepare(struct exchange *);
enum status	session_answer(struct exchange *, const struct row *);
enum status	sign_out_answer(struct exchange *, const struct row *);

/* Sets a cookie that this host alone, over TLS, and no script has. */
void		cookie_set(struct exchange *, const char *name,
		    const char *token, const char *seconds);
/* The last step: the session's cookie comes, the ticket's goes. `body` NULL:
 * refused. */
enum status	session_give(struct exchange *, const char *token,
		    const char *body);
/* Writes {"type", "id"} for each of row's body's credentials. */
void		credentials_write(struct exchange *, struct json *,
		    const char *name, const struct row *);
/* What an option of the wrong base64url text is told. */
bool		base64_read(struct exchange *, const char *pointer,
		    const char *text, struct bytes *);

#define SIGN_IN_ROUTES							\
	{ POST, "/session", SIGN_IN, .body = sign_in_fields,		\
	    .prepare = sign_in_prepare, .run = "session_find",		\
	    .work = sign_in_work, .then = "session_create",		\
	    .answer = sign_in_answer, .created = true, .per_hour = 600,	\
	    .says = "Signs a member of staff in, or, 200, says what comes "\
	    "next." },							\
	{ POST, "/session/totp", SIGN_IN, .body = code_fields,		\
	    .prepare = code_prepare, .run = "ticket_totp",		\
	    .work = code_work, .then = "ticket_totp_right",		\
	    .answer = step_answer, .created = true, .per_hour = 600,	\
	    .says = "The next step: a code generator's code." },	\
	{ POST, "/session/passkey/options", SIGN_IN,			\
	    .body = passkey_ask_fields, .prepare = passkey_ask_prepare,	\
	    .run = "ticket_passkey_ask", .answer = passkey_ask_answer,	\
	    .per_hour = 600, .says = "What a passkey is asked, as the next "\
	    "step or the only one." },					\
	{ POST, "/session/passkey", SIGN_IN, .body = passkey_fields,	\
	    .prepare = passkey_prepare, .run = "ticket_passkey",	\
	    .work = passkey_work, .then = "ticket_passkey_right",	\
	    .answer = step_answer, .created = true, .per_hour = 600,	\
	    .says = "What a passkey answers." },			\
	{ POST, "/session/recovery", SIGN_IN, .body = recovery_fields,	\
	    .prepare = recovery_prepare, .run = "ticket_recovery",	\
	    .answer = step_answer, .created = true, .per_hour = 600,	\
	    .says = "The next step: a recovery code, good once." },	\
	{ GET, "/session", OFFICE(NULL), .run = "session_show",		\
	    .answer = session_answer,					\
	    .says = "Who is signed in, and what they may do." },	\
	{ DELETE, "/session", OFFICE(NULL), .run = "session_end",	\
	    .answer = sign_out_answer, .says = "Signs out." },

#define SIGN_IN_PROBLEMS						\
	{ "sign-in-failed", 401 },					\
	{ "sign-in-slow", 429 },					\
	{ "ticket-unknown", 401 },					\
	{ "code-refused", 422 },					\
	{ "passkey-refused", 422 },					\
	{ "oidc-off", 409 },						\
	{ "second-factor-required", 403 },

#define SIGN_IN_PERSONAL_DATA						\
	{ .table = "staff_passkey", .what = "passkeys, public halves",	\
	  .why = "signing in", .basis = "§ 18 DSG NRW",			\
	  .controller = CONTROLLER_CITY,				\
	  .keep = "until removed, or the person leaves" },		\
	{ .table = "staff_session", .what = "when somebody was signed in",\
	  .why = "signing in", .basis = "§ 18 DSG NRW",			\
	  .controller = CONTROLLER_CITY, .keep = "an hour longer" },	\
	{ .table = "sign_in_count",					\
	  .what = "keyed hashes of accounts and addresses that tried",	\
	  .why = "slowing down guesses", .basis = "§ 18 DSG NRW",	\
	  .controller = CONTROLLER_CITY, .keep = "{days} day",		\
	  .days = 1, .erase = "sign_in_count_erase" },			\
	{ .table = "sign_in_known",					\
	  .what = "keyed hash of account and address together",		\
	  .why = "not slowing down a person whom others guess at",	\
	  .basis = "§ 18 DSG NRW", .controller = CONTROLLER_CITY,	\
	  .keep = "{days} days", .days = 90,				\
	  .erase = "sign_in_known_erase" },

#endif
