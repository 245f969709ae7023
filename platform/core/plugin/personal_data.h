/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What plugins declare of personal data, in words that people read. The
 * declaration says it in English for whoever keeps the record of processing;
 * the texts personal_data.<table>.what, .why and .keep say it to citizens.
 * A table that is declared again has personal_data.<table>-2, and so on.
 */
#ifndef CORE_PERSONAL_DATA_H
#define CORE_PERSONAL_DATA_H

#include "core/plugin/registry.h"

/* The text of `part` (what, why, keep) for the declaration `number` of the
 * plugin; NULL when it has none, not even in German. */
const char	*personal_data_text(struct arena *arena,
		    const struct loaded *loaded, size_t number,
		    const char *part, const char *language);

/*
 * The period of the declaration `number` in days, as it is declared or, with
 * .days_from, as the plugin's settings (NULL: none are at hand) say; 0: it has
 * none.
 */
int64_t		 personal_data_days(const struct plugin *plugin,
		    size_t number, const void *settings);

/* The text of `keep`, with the period for {days}. */
const char	*personal_data_keep(struct arena *arena,
		    const struct loaded *loaded, size_t number,
		    const void *settings, const char *language);

/* "erase lost-property.claim-2": what the audit log calls its erasing. */
const char	*personal_data_erased(struct arena *arena,
		    const struct plugin *plugin, size_t number);

/* Its key, for findings. */
const char	*personal_data_key(struct arena *arena,
		    const struct plugin *plugin, size_t number,
		    const char *part);

#endif
