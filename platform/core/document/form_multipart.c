/* SPDX-License-Identifier: EUPL-1.2 */
/* multipart/form-data (RFC 7578; RFC 2046, 5.1.1) into nodes. */

#include <string.h>

#include "core/document/form.h"
#include "core/document/multipart_head.h"
#include "core/document/pointer.h"

struct multipart {
	struct form	 form;
	const char	*at;
	const char	*end;
	const char	*delimiter;	/* CR LF "--" boundary */
	size_t		 delimiter_len;
};

enum boundary { BOUNDARY_PART, BOUNDARY_LAST, BOUNDARY_BROKEN };

static void
multipart_fail(struct multipart *multipart, const char *argument)
{
	form_fail(&multipart->form, "", FINDING_SYNTAX, argument);
}

/*
 * The next delimiter, or NULL. A delimiter has a CR in front and no other, so
 * what was compared in vain is never compared again: time is linear.
 */
static const char *
delimiter_find(const struct multipart *multipart)
{
	const char	*at;

	at = multipart->at;
	while ((at = memchr(at, '\r', (size_t)(multipart->end - at))) !=
	    NULL) {
		if ((size_t)(multipart->end - at) < multipart->delimiter_len)
			return (NULL);
		if (memcmp(at, multipart->delimiter,
		    multipart->delimiter_len) == 0)
			return (at);
		at++;
	}
	return (NULL);
}

/* Goes behind the first boundary. What stands before it is not for us. */
static bool
multipart_begin(struct multipart *multipart)
{
	const char	*at;
	size_t		 len;

	len = multipart->delimiter_len - 2;
	if ((size_t)(multipart->end - multipart->at) >= len &&
	    memcmp(multipart->at, multipart->delimiter + 2, len) == 0) {
		multipart->at += len;
		return (true);
	}
	if ((at = delimiter_find(multipart)) == NULL)
		return (false);
	multipart->at = at + multipart->delimiter_len;
	return (true);
}

/*
 * Reads the rest of a boundary's line. Whatever follows the last one is not
 * for us either.
 */
static enum boundary
boundary_read(struct multipart *multipart)
{
	const char	*at, *end;
	bool		 last;

	at = multipart->at;
	end = multipart->end;
	if ((last = end - at >= 2 && memcmp(at, "--", 2) == 0))
		at += 2;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at == end && last)
		return (BOUNDARY_LAST);
	if (end - at < 2) {
		multipart_fail(multipart, "it ends too early");
		return (BOUNDARY_BROKEN);
	}
	if (memcmp(at, "\r\n", 2) != 0) {
		multipart_fail(multipart, "something follows a boundary");
		return (BOUNDARY_BROKEN);
	}
	multipart->at = at + 2;
	return (last ? BOUNDARY_LAST : BOUNDARY_PART);
}

static void
part_add(struct multipart *multipart, const struct multipart_head *head,
    const char *pointer, const char *content, size_t len)
{
	struct form	*form;
	struct node	*value;

	form = &multipart->form;
	if (!head->file && head->charset) {
		form_fail(form, pointer, FINDING_ENCODING,
		    "another charset is declared");
		return;
	}
	if (len == 0)
		return;
	if (head->file) {
		value = node_new(form->arena, NODE_BYTES);
		value->bytes.at = (const unsigned char *)content;
		value->bytes.len = len;
	} else {
		if (!form_text_fits(form, pointer, content, len))
			return;
		value = node_new(form->arena, NODE_SCALAR);
		value->text = arena_copy(form->arena, content, len);
	}
	form_add(form, head->name, value);
}

static void
part_read(struct multipart *multipart, const char *from, size_t len)
{
	struct multipart_head	 head;
	struct form		*form;
	const char		*pointer, *wrong;

	form = &multipart->form;
	pointer = "";
	wrong = multipart_head_read(form->arena, from, len, &head);
	if (head.name != NULL) {
		if (!form_text_fits(form, "", head.name, strlen(head.name)))
			return;
		pointer = pointer_member(form->arena, "", head.name);
	}
	if (wrong != NULL)
		form_fail(form, pointer, FINDING_SYNTAX, wrong);
	else
		part_add(multipart, &head, pointer, from + head.len,
		    len - head.len);
}

static void
multipart_read(struct multipart *multipart)
{
	const char	*end, *from;

	if (!multipart_begin(multipart)) {
		multipart_fail(multipart, "its boundary does not occur");
		return;
	}
	while (boundary_read(multipart) == BOUNDARY_PART) {
		from = multipart->at;
		if ((end = delimiter_find(multipart)) == NULL) {
			multipart_fail(multipart, "it ends too early");
			return;
		}
		if (!form_count(&multipart->form))
			return;
		part_read(multipart, from, (size_t)(end - from));
		multipart->at = end + multipart->delimiter_len;
	}
}

enum status
node_from_multipart(struct arena *arena, const char *content_type,
    const char *bytes, size_t len, struct node **node,
    struct findings *findings)
{
	struct multipart	 multipart;
	const char		*boundary;

	(void)memset(&multipart, 0, sizeof(multipart));
	form_init(&multipart.form, arena, findings);
	multipart.at = bytes;
	multipart.end = bytes + len;
	if ((boundary = multipart_boundary(arena, content_type)) == NULL)
		multipart_fail(&multipart, "the Content-Type has no boundary");
	else {
		multipart.delimiter = arena_format(arena, "\r\n--%s",
		    boundary);
		multipart.delimiter_len = strlen(multipart.delimiter);
		multipart_read(&multipart);
	}
	return (form_finish(&multipart.form, node));
}
