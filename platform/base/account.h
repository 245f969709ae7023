/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One's own account: how a signed-in member of staff signs in. Whoever adds or
 * removes a factor must have signed in within the last 15 minutes.
 */
#ifndef BASE_ACCOUNT_H
#define BASE_ACCOUNT_H

#include "core/exchange/exchange.h"

extern const struct field rules_query[];
extern const struct field totp_offer_fields[];
extern const struct field totp_confirm_fields[];
extern const struct field passkey_offer_fields[];
extern const struct field passkey_add_fields[];
extern const struct field passkey_rename_fields[];
extern const struct field recovery_put_fields[];
extern const struct field password_fields[];

enum status	rules_prepare(struct exchange *);
enum status	totp_offer_prepare(struct exchange *);
enum status	totp_offer_answer(struct exchange *, const struct row *);
enum status	totp_confirm_check(struct exchange *);
enum status	totp_confirm_work(struct exchange *, const struct row *);
enum status	passkey_offer_prepare(struct exchange *);
enum status	passkey_offer_answer(struct exchange *, const struct row *);
enum status	passkey_add_prepare(struct exchange *);
enum status	passkey_add_work(struct exchange *, const struct row *);
enum status	recovery_put_prepare(struct exchange *);
enum status	recovery_put_answer(struct exchange *, const struct row *);
enum status	password_work(struct exchange *, const struct row *);

#define ACCOUNT_ROUTES							\
	{ GET, "/account", OFFICE(NULL), .query = rules_query,		\
	    .prepare = rules_prepare, .run = "own_account",		\
	    .says = "How the caller signs in." },			\
	{ POST, "/account/totp", OFFICE(NULL), .body = totp_offer_fields,\
	    .prepare = totp_offer_prepare, .run = "totp_offer",		\
	    .answer = totp_offer_answer, .per_hour = 60,		\
	    .says = "Offers a code generator's secret; it counts once a "\
	    "code of it was shown." },					\
	{ POST, "/account/totp/confirm", OFFICE(NULL),			\
	    .body = totp_confirm_fields, .check = totp_confirm_check,	\
	    .run = "totp_pending", .work = totp_confirm_work,		\
	    .then = "totp_confirm", .per_hour = 60,			\
	    .says = "Confirms a code generator by a code." },		\
	{ DELETE, "/account/totp", OFFICE(NULL), .query = rules_query,	\
	    .prepare = rules_prepare, .run = "totp_remove",		\
	    .says = "Removes the code generator." },			\
	{ GET, "/account/passkeys", OFFICE(NULL), .run = "passkey_list",\
	    .says = "The caller's passkeys." },				\
	{ POST, "/account/passkeys/options", OFFICE(NULL),		\
	    .body = passkey_offer_fields,				\
	    .prepare = passkey_offer_prepare, .run = "passkey_offer",	\
	    .answer = passkey_offer_answer, .per_hour = 60,		\
	    .says = "What a device is asked to make a passkey." },	\
	{ POST, "/account/passkeys", OFFICE(NULL),			\
	    .body = passkey_add_fields, .prepare = passkey_add_prepare,	\
	    .run = "passkey_challenge", .work = passkey_add_work,	\
	    .then = "passkey_add", .per_hour = 60,			\
	    .says = "Adds the passkey that a device has made." },	\
	{ PATCH, "/account/passkeys/{id}", OFFICE(NULL),		\
	    .body = passkey_rename_fields, .run = "passkey_rename",	\
	    .says = "Calls a passkey something else." },		\
	{ DELETE, "/account/passkeys/{id}", OFFICE(NULL),		\
	    .query = rules_query, .prepare = rules_prepare,		\
	    .run = "passkey_remove", .says = "Removes a passkey." },	\
	{ POST, "/account/recovery-codes", OFFICE(NULL),		\
	    .body = recovery_put_fields,				\
	    .prepare = recovery_put_prepare, .run = "recovery_put",	\
	    .answer = recovery_put_answer, .per_hour = 60,		\
	    .says = "Ten new recovery codes, shown this once; older ones "\
	    "no longer count." },					\
	{ POST, "/account/password", OFFICE(NULL),			\
	    .body = password_fields, .run = "password_find",		\
	    .work = password_work, .then = "password_set",		\
	    .per_hour = 20,						\
	    .says = "Changes the password; other sessions end." },	\
	{ GET, "/account/sessions", OFFICE(NULL),			\
	    .run = "account_sessions",					\
	    .says = "Where the caller is signed in." },			\
	{ DELETE, "/account/sessions/{id}", OFFICE(NULL),		\
	    .run = "account_session_end", .says = "Signs out elsewhere." },

#endif
