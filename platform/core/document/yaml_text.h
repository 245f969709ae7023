/* SPDX-License-Identifier: EUPL-1.2 */
/* What is looked at before libyaml sees a text. */
#ifndef CORE_YAML_TEXT_H
#define CORE_YAML_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <stadtkern/finding.h>

/*
 * Whether the text is short enough, valid UTF-8, and made of characters that
 * YAML 1.1 (5.1) allows. libyaml would say no as well, but not where.
 */
bool	 yaml_text_check(const char *file, const char *bytes, size_t len,
	    struct findings *findings);

#endif
