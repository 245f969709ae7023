/* SPDX-License-Identifier: EUPL-1.2 */
/* Accounts of the staff. */

#include <string.h>

#include "base/staff.h"
#include "core/plugin/words.h"
#include "core/proof/password.h"

#define MAIL_BYTES	4096
#define ROLES_BYTES	(4u << 20)

struct invitation {
	const char	*token;
	const char	*password;
	struct bytes	 invitation_hash;
	const char	*password_hash;
};

const struct field invitation_fields[] = {
	FIELD_TEXT(struct invitation, token, .min = CRYPTO_TOKEN_TEXT,
	    .max = CRYPTO_TOKEN_TEXT, .required = true,
	    .says = "what stands behind the # of the link"),
	FIELD_TEXT(struct invitation, password, .min = PASSWORD_MIN,
	    .max = PASSWORD_MAX, .required = true,
	    .says = "at least twelve characters"),
	FIELD_BYTES(struct invitation, invitation_hash),
	FIELD_COMPUTED(struct invitation, password_hash),
	FIELD_END
};

struct staff_add {
	const char	*email;
	const char	*name;
	LIST_OF(const char *) roles;
	struct bytes	 invitation_hash;
	struct bytes	 sealed;
};

#define ROLES_FIELD(T)							\
	FIELD_LIST(T, roles, .format = FIELD_FORMAT_CODE, .min = 1,	\
	    .max = 20, .required = true, .says = "codes of roles")

const struct field staff_add_fields[] = {
	FIELD_TEXT(struct staff_add, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .required = true, .says = "where the link goes"),
	FIELD_TEXT(struct staff_add, name, .format = FIELD_FORMAT_LINE,
	    .required = true, .says = "name as colleagues read it"),
	ROLES_FIELD(struct staff_add),
	FIELD_BYTES(struct staff_add, invitation_hash),
	FIELD_BYTES(struct staff_add, sealed),
	FIELD_END
};

struct staff_roles {
	LIST_OF(const char *) roles;
};

const struct field staff_roles_fields[] = {
	ROLES_FIELD(struct staff_roles),
	FIELD_END
};

struct staff_reset {
	struct bytes	 invitation_hash;
	struct bytes	 sealed;
};

const struct field staff_reset_fields[] = {
	FIELD_BYTES(struct staff_reset, invitation_hash),
	FIELD_BYTES(struct staff_reset, sealed),
	FIELD_END
};

enum status
invitation_prepare(struct exchange *x)
{
	struct invitation	*invitation;

	invitation = exchange_body(x);
	invitation->invitation_hash = exchange_hash(x, HASH_INVITATION,
	    invitation->token);
	return (STATUS_OK);
}

/* No hash is computed for a link that is not one: anybody may ask. */
enum status
invitation_work(struct exchange *x, const struct row *row)
{
	struct invitation	*invitation;
	const char		*email;

	invitation = exchange_body(x);
	if ((email = row_text(row, "email")) == NULL)
		return (exchange_refuse(x, "link-unknown", NULL));
	if (password_is_weak(invitation->password, email))
		return (exchange_refuse(x, "password-weak", NULL));
	invitation->password_hash = crypto_password_hash(x->arena,
	    invitation->password);
	return (invitation->password_hash == NULL ? STATUS_LIMIT :
	    STATUS_OK);
}

/* The mail, sealed to the courier: the token is nowhere else. */
static enum status
link_seal(struct exchange *x, const char *email, const char *name,
    struct bytes *hash, struct bytes *sealed)
{
	struct json	 json;
	const char	*token, *text;
	size_t		 len;

	token = crypto_token(x->arena);
	*hash = exchange_hash(x, HASH_INVITATION, token);
	json_init(&json, x->arena, MAIL_BYTES);
	json_open_object(&json, NULL);
	json_text(&json, "to", email);
	json_open_object(&json, "arguments");
	json_text(&json, "name", name);
	json_text(&json, "city", tenant_name(x->tenant));
	json_text(&json, "link", arena_format(x->arena, "%s/invitation#%s",
	    tenant_office(x->arena, x->tenant), token));
	json_close(&json);
	json_close(&json);
	if ((text = json_finish(&json, &len)) == NULL)
		return (STATUS_LIMIT);
	return (crypto_seal(x->arena, x->keys->courier_public, text, len,
	    sealed));
}

static void
names_write(struct json *json, const char *member, size_t count,
    const char *const *names)
{
	size_t	 i;

	json_open_array(json, member);
	for (i = 0; i < count; i++)
		json_text(json, NULL, names[i]);
	json_close(json);
}

static void
role_write(struct exchange *x, struct json *json, const struct role *role)
{
	const struct grant	*grant;
	size_t			 i;

	json_open_object(json, NULL);
	json_text(json, "code", role->code);
	json_text(json, "name", role->name);
	json_open_array(json, "rights");
	for (i = 0; i < role->grants.count; i++) {
		grant = &role->grants.items[i];
		json_open_object(json, NULL);
		json_text(json, "right", grant->right);
		json_text(json, "says", words_right(x->arena, x->registry,
		    grant->right, x->language));
		names_write(json, "departments", grant->departments.count,
		    grant->departments.items);
		names_write(json, "categories", grant->categories.count,
		    grant->categories.items);
		json_close(json);
	}
	json_close(json);
	json_close(json);
}

enum status
roles_answer(struct exchange *x, const struct row *row)
{
	const struct tenant_file	*file = &x->tenant->file;
	struct json			 json;
	const char			*text;
	size_t				 i, len;

	(void)row;
	json_init(&json, x->arena, ROLES_BYTES);
	json_open_object(&json, NULL);
	json_open_array(&json, "items");
	for (i = 0; i < file->roles.count; i++)
		role_write(x, &json, &file->roles.items[i]);
	json_close(&json);
	json_close(&json);
	if ((text = json_finish(&json, &len)) == NULL)
		return (STATUS_LIMIT);
	return (exchange_answer(x, 200, "application/json", text, len));
}

static void
roles_check(struct exchange *x, size_t count, const char *const *roles)
{
	size_t	 i;

	for (i = 0; i < count; i++)
		if (tenant_role(x->tenant, roles[i]) == NULL)
			exchange_finding(x, arena_format(x->arena,
			    "/roles/%zu", i), FINDING_REFERENCE, roles[i]);
}

enum status
staff_add_prepare(struct exchange *x)
{
	struct staff_add	*add;

	add = exchange_body(x);
	roles_check(x, add->roles.count, add->roles.items);
	if (x->findings.count != 0)
		return (STATUS_INVALID);
	return (link_seal(x, add->email, add->name, &add->invitation_hash,
	    &add->sealed));
}

enum status
staff_roles_prepare(struct exchange *x)
{
	const struct staff_roles	*put;

	put = exchange_body(x);
	roles_check(x, put->roles.count, put->roles.items);
	return (x->findings.count == 0 ? STATUS_OK : STATUS_INVALID);
}

/* Sealing is quick; it is here because the address comes from the row. */
enum status
staff_reset_work(struct exchange *x, const struct row *row)
{
	struct staff_reset	*reset;
	const char		*email;

	reset = exchange_body(x);
	if ((email = row_text(row, "email")) == NULL)
		return (exchange_refuse(x, "not-found", NULL));
	return (link_seal(x, email, row_text(row, "name"),
	    &reset->invitation_hash, &reset->sealed));
}
