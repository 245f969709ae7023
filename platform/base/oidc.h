/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Signing in at the city's own system (OpenID Connect, code flow, PKCE). What
 * has to be asked there is the courier's to ask:
 *
 *	browser			office			courier
 *	POST oidc	──►	state, nonce, verifier	──► discovery
 *	GET oidc/{state} ◄──	where to go		◄──
 *	… goes there, and comes back to /sign-in with code and state …
 *	POST oidc/{state} ──►	code			──► exchange, check
 *	GET oidc/{state} ◄──	done			◄──
 *	POST oidc/{state}/session ◄── session
 */
#ifndef BASE_OIDC_H
#define BASE_OIDC_H

#include "core/exchange/exchange.h"

extern const struct field oidc_ask_fields[];
extern const struct field oidc_path_fields[];
extern const struct field oidc_code_fields[];
extern const struct field oidc_session_fields[];

enum status	oidc_options(struct exchange *, const struct row *);
enum status	oidc_ask_prepare(struct exchange *);
enum status	oidc_ask_answer(struct exchange *, const struct row *);
enum status	oidc_path_prepare(struct exchange *);
enum status	oidc_code_prepare(struct exchange *);
enum status	oidc_session_prepare(struct exchange *);
enum status	oidc_session_answer(struct exchange *, const struct row *);

#define OIDC_ROUTES							\
	{ GET, "/session/options", SIGN_IN, .answer = oidc_options,	\
	    .cache = "app", .says = "How one can sign in here." },	\
	{ POST, "/session/oidc", SIGN_IN, .body = oidc_ask_fields,	\
	    .prepare = oidc_ask_prepare, .run = "oidc_ask",		\
	    .answer = oidc_ask_answer, .per_hour = 120,			\
	    .says = "Begins to sign in at the city's own system." },	\
	{ GET, "/session/oidc/{state}", SIGN_IN,			\
	    .path_fields = oidc_path_fields,				\
	    .prepare = oidc_path_prepare, .run = "oidc_show",		\
	    .says = "How far that is, and where the browser has to go." },\
	{ POST, "/session/oidc/{state}", SIGN_IN,			\
	    .path_fields = oidc_path_fields, .body = oidc_code_fields,	\
	    .prepare = oidc_code_prepare, .run = "oidc_given",		\
	    .per_hour = 120,						\
	    .says = "What the browser came back with, once." },		\
	{ POST, "/session/oidc/{state}/session", SIGN_IN,		\
	    .path_fields = oidc_path_fields,				\
	    .body = oidc_session_fields,				\
	    .prepare = oidc_session_prepare, .run = "oidc_session",	\
	    .answer = oidc_session_answer, .created = true,		\
	    .per_hour = 120, .says = "Signs in when it is done." },

#endif
