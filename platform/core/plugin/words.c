/* SPDX-License-Identifier: EUPL-1.2 */
/* Words for what is declared. */

#include <string.h>

#include "core/plugin/mount.h"
#include "core/plugin/words.h"

const char *
words_action_key(struct arena *arena, const struct route *route)
{
	return (arena_format(arena, "action.%s %s", method_text(route->method),
	    route->path));
}

const char *
words_action(struct arena *arena, const struct loaded *loaded,
    const struct route *route, const char *language)
{
	return (message_get(loaded->messages, language,
	    words_action_key(arena, route)));
}

const char *
words_reads(struct arena *arena, const struct registry *registry,
    const struct loaded *loaded, const struct route *route,
    const char *language)
{
	return (route->reads == NULL ? NULL : registry_message(registry, loaded,
	    language, arena_format(arena, "reads.%s", route->reads)));
}

const char *
words_right(struct arena *arena, const struct registry *registry,
    const char *right, const char *language)
{
	const struct loaded	*loaded;
	const char		*name;
	size_t			 i, len;

	for (i = 0; i < registry->count; i++) {
		loaded = &registry->plugins[i];
		name = RIGHTS_OF(loaded->plugin->name);
		len = strlen(name);
		if (strncmp(right, name, len) != 0 || right[len] != '.')
			continue;
		right += len + 1;
		return (message_get(loaded->messages, language,
		    strcmp(right, "*") == 0 ? "title" :
		    arena_format(arena, "right.%s", right)));
	}
	return (NULL);
}

const struct subject *
words_subject(const struct plugin *plugin, const char *path)
{
	const struct subject	*subject;
	size_t			 len;

	for (subject = plugin->subjects; subject != NULL &&
	    subject->path != NULL; subject++) {
		len = strlen(subject->path);
		if (strncmp(path, subject->path, len) == 0 &&
		    (path[len] == '\0' || path[len] == '/'))
			return (subject);
	}
	return (NULL);
}

const char *
words_subject_key(struct arena *arena, const struct subject *subject)
{
	return (arena_format(arena, "subject.%s", subject->text));
}
