/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What staff read of a plugin's routes, rights and subjects, from its messages.
 * Keys follow from what is declared; conformance.c refuses what has no text.
 */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include "core/plugin/registry.h"

/* "action.POST /tickets/{id}/take" */
const char	*words_action_key(struct arena *arena,
		    const struct route *route);

/* What the route does; NULL: no text. */
const char	*words_action(struct arena *arena, const struct loaded *loaded,
		    const struct route *route, const char *language);

/* What personal data it shows, else NULL: the plugin's text or the platform's
 * ("contact"). */
const char	*words_reads(struct arena *arena,
		    const struct registry *registry,
		    const struct loaded *loaded, const struct route *route,
		    const char *language);

/* Of "<plugin>.<right>" the right's text, of "<plugin>.*" the plugin's title;
 * NULL: there is none. */
const char	*words_right(struct arena *arena,
		    const struct registry *registry, const char *right,
		    const char *language);

/* What a path of the plugin is about, or NULL. */
const struct subject *words_subject(const struct plugin *plugin,
		    const char *path);
const char	*words_subject_key(struct arena *arena,
		    const struct subject *subject);

#endif
