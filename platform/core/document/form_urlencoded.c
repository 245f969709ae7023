/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * application/x-www-form-urlencoded (URL Standard, 5.1) into nodes: queries
 * and forms.
 */

#include <string.h>

#include "core/document/form.h"
#include "core/document/percent.h"
#include "core/document/pointer.h"

/* Undoes "+" and %-escapes; NULL, and a finding, when that fails. */
static const char *
form_decode(struct form *form, const char *from, size_t len,
    const char *pointer)
{
	char	*text, *to;
	size_t	 i;
	int	 byte;

	to = text = arena_alloc(form->arena, len + 1);
	for (i = 0; i < len; i++) {
		if (from[i] != '%') {
			*to++ = from[i] == '+' ? ' ' : from[i];
			continue;
		}
		if ((byte = percent_read(from + i, len - i)) == -1) {
			form_fail(form, pointer, FINDING_SYNTAX,
			    "a broken %-escape");
			return (NULL);
		}
		*to++ = (char)byte;
		i += PERCENT_LEN - 1;
	}
	*to = '\0';
	if (!form_text_fits(form, pointer, text, (size_t)(to - text)))
		return (NULL);
	return (text);
}

static void
form_parameter(struct form *form, const char *from, size_t len)
{
	const char	*equals, *name, *text;
	struct node	*value;
	size_t		 name_len;

	equals = memchr(from, '=', len);
	name_len = equals == NULL ? len : (size_t)(equals - from);
	name = form_decode(form, from, name_len, "");
	if (name == NULL || equals == NULL)
		return;
	text = form_decode(form, equals + 1, len - name_len - 1,
	    pointer_member(form->arena, "", name));
	if (text == NULL || *text == '\0')
		return;
	value = node_new(form->arena, NODE_SCALAR);
	value->text = text;
	form_add(form, name, value);
}

enum status
node_from_form(struct arena *arena, const char *bytes, size_t len,
    struct node **node, struct findings *findings)
{
	struct form	 form;
	const char	*and, *at, *end;

	form_init(&form, arena, findings);
	end = bytes + len;
	for (at = bytes; at < end; at = and + 1) {
		and = memchr(at, '&', (size_t)(end - at));
		if (and == NULL)
			and = end;
		if (and == at)
			continue;
		if (!form_count(&form))
			break;
		form_parameter(&form, at, (size_t)(and - at));
	}
	return (form_finish(&form, node));
}
