/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who works in the office: accounts made by link, and their administration by
 * whoever has the platform's own right. Who may give roles may give any, so
 * that this right is worth all others.
 */
#ifndef BASE_STAFF_H
#define BASE_STAFF_H

#include "core/exchange/exchange.h"

#define STAFF_MANAGE	"staff.manage"

extern const struct field invitation_fields[];
extern const struct field staff_add_fields[];
extern const struct field staff_roles_fields[];
extern const struct field staff_reset_fields[];

enum status	invitation_prepare(struct exchange *);
enum status	invitation_work(struct exchange *, const struct row *);
enum status	roles_answer(struct exchange *, const struct row *);
enum status	staff_add_prepare(struct exchange *);
enum status	staff_roles_prepare(struct exchange *);
enum status	staff_reset_work(struct exchange *, const struct row *);

#define STAFF_ROUTES							\
	{ POST, "/invitation", SIGN_IN, .body = invitation_fields,	\
	    .prepare = invitation_prepare, .run = "invitation_find",	\
	    .work = invitation_work, .then = "invitation_use",		\
	    .per_hour = 600,						\
	    .says = "Sets the password, by a link that is good once." },\
	{ GET, "/staff", OFFICE(STAFF_MANAGE), .run = "staff_list",	\
	    .reads = "staff",						\
	    .says = "Everybody who works here, by name." },		\
	{ GET, "/roles", OFFICE(STAFF_MANAGE), .run = "roles_list",	\
	    .answer = roles_answer,					\
	    .says = "The city's roles, and what they are limited to." },\
	{ POST, "/staff", OFFICE(STAFF_MANAGE), .body = staff_add_fields,\
	    .prepare = staff_add_prepare, .run = "staff_add",		\
	    .created = true, .per_hour = 200,				\
	    .says = "A new account; the link goes out by mail." },	\
	{ POST, "/staff/{id}/reset", OFFICE(STAFF_MANAGE),		\
	    .body = staff_reset_fields, .run = "staff_email",		\
	    .work = staff_reset_work, .then = "staff_reset",		\
	    .per_hour = 60, .says = "Takes password, second factors and "\
	    "sessions, and mails a new link." },			\
	{ POST, "/staff/{id}/roles", OFFICE(STAFF_MANAGE),		\
	    .body = staff_roles_fields, .prepare = staff_roles_prepare,	\
	    .run = "staff_roles",					\
	    .says = "Other roles, from the next request on." },		\
	{ POST, "/staff/{id}/disable", OFFICE(STAFF_MANAGE),		\
	    .run = "staff_disable",					\
	    .says = "Ends an account and its sessions." },		\
	{ POST, "/staff/{id}/enable", OFFICE(STAFF_MANAGE),		\
	    .run = "staff_enable", .says = "Opens it again." },

#define STAFF_PROBLEMS							\
	{ "session-stale", 403 },					\
	{ "last-factor", 409 },						\
	{ "password-weak", 422 },					\
	{ "password-wrong", 422 },					\
	{ "link-unknown", 404 },					\
	{ "staff-known", 409 },						\
	{ "not-yourself", 409 },

#endif
