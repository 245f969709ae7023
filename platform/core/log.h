/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One line an event, logfmt on standard error: level=… what="…" key=value.
 * Never personal data, never a request's content, never a credential.
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

enum log_level { LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

/* Names the process in each line ("public", "office", "courier", "cli"). */
void	log_init(const char *process);

/* `fields` is printf(3)-formatted `key=value …` or "". Quote with %s only
 * what is known to hold no quote. */
void	log_event(enum log_level level, const char *what, const char *fields,
	    ...) __attribute__((format(printf, 3, 4)));

#endif
