/* SPDX-License-Identifier: EUPL-1.2 */
/* A message through the sandbox, and what came out of it. */

#include <string.h>

#include "courier/message.h"
#include "courier/sandbox_pipe.h"

#define FILE_NAME_MAX	120

static const char *const	kinds[] = {
	"message", "generated", "automatic", "bounce", NULL
};

static const struct field file_fields[] = {
	FIELD_TEXT(struct message_file, name, .format = FIELD_FORMAT_LINE,
	    .min = 1, .max = FILE_NAME_MAX, .required = true),
	FIELD_TEXT(struct message_file, media_type,
	    .format = FIELD_FORMAT_LINE, .min = 3, .max = 100,
	    .required = true),
	FIELD_INT(struct message_file, size, .min = 1,
	    .max = MESSAGE_FILES_BYTES, .required = true),
	FIELD_END
};

const struct field message_fields[] = {
	FIELD_CHOICE(struct message, kind, .choices = kinds,
	    .required = true),
	FIELD_TEXT(struct message, message_id, .format = FIELD_FORMAT_LINE,
	    .max = MESSAGE_LINE_MAX),
	FIELD_LIST(struct message, answers, .format = FIELD_FORMAT_LINE,
	    .max = 20),
	FIELD_TEXT(struct message, from, .format = FIELD_FORMAT_LINE,
	    .max = MESSAGE_LINE_MAX),
	FIELD_TEXT(struct message, from_name, .format = FIELD_FORMAT_LINE,
	    .max = MESSAGE_LINE_MAX),
	FIELD_LIST(struct message, to, .format = FIELD_FORMAT_LINE,
	    .max = MESSAGE_ADDRESSES_MAX),
	FIELD_TEXT(struct message, subject, .format = FIELD_FORMAT_LINE,
	    .max = MESSAGE_LINE_MAX),
	FIELD_TEXT(struct message, sent_at, .format = FIELD_FORMAT_TIME,
	    .max = 40),
	FIELD_TEXT(struct message, text, .max = MESSAGE_TEXT_MAX,
	    .multiline = true),
	FIELD_TEXT(struct message, shown, .max = MESSAGE_TEXT_MAX,
	    .multiline = true),
	FIELD_BOOL(struct message, cut),
	FIELD_TEXT(struct message, status, .format = FIELD_FORMAT_LINE,
	    .max = 11),
	FIELD_INT(struct message, dropped, .min = 0, .max = 1000000),
	FIELD_LIST(struct message, files, .fields = file_fields,
	    .max = MESSAGE_FILES_MAX),
	FIELD_END
};

/* The files lie behind the JSON, one after the other and nothing else. */
static enum status
files_cut(struct message *message, struct bytes rest)
{
	struct message_file	*file;
	size_t			 i;

	for (i = 0; i < message->files.count; i++) {
		file = &message->files.items[i];
		if ((uint64_t)file->size > rest.len)
			return (STATUS_REFUSED);
		file->content = (struct bytes){ rest.at, (size_t)file->size };
		rest.at += file->size;
		rest.len -= (size_t)file->size;
	}
	return (rest.len == 0 ? STATUS_OK : STATUS_REFUSED);
}

enum status
message_answer_read(struct arena *arena, struct bytes answer,
    struct message *message)
{
	struct findings		 findings;
	struct field_context	 context = { .arena = arena,
				    .findings = &findings };
	struct message_head	 head;
	struct values		 values;
	struct node		*node;
	const unsigned char	*json;

	if (answer.len < sizeof(head))
		return (STATUS_REFUSED);
	memcpy(&head, answer.at, sizeof(head));
	if (head.verdict != SANDBOX_DONE ||
	    head.json_len > answer.len - sizeof(head))
		return (STATUS_REFUSED);
	json = answer.at + sizeof(head);
	findings_init(&findings, arena);
	if (node_from_json(arena, (const char *)json, head.json_len, &node,
	    &findings) != STATUS_OK || node->kind != NODE_MAP ||
	    field_check(&context, message_fields, node, "", &values) !=
	    STATUS_OK)
		return (STATUS_REFUSED);
	*message = *(const struct message *)values.data;
	return (files_cut(message, (struct bytes){ json + head.json_len,
	    answer.len - sizeof(head) - head.json_len }));
}

enum status
message_open(struct arena *arena, struct bytes raw, struct message *message)
{
	const struct sandbox_request	 request = { .task = SANDBOX_MESSAGE };
	struct bytes			 answer;
	const char			*reason;
	enum status			 status;

	status = sandbox_run(arena, &request, raw, NULL, &answer, &reason);
	if (status == STATUS_OK)
		status = message_answer_read(arena, answer, message);
	return (status);
}
