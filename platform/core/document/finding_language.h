/* SPDX-License-Identifier: EUPL-1.2 */
/* The languages that findings are said in, in the order of their tables. */
#ifndef CORE_FINDING_LANGUAGE_H
#define CORE_FINDING_LANGUAGE_H

enum finding_language {
	FINDING_DE,
	FINDING_EN,
	FINDING_TR,
	FINDING_UK,
	FINDING_SIMPLE,
	FINDING_LANGUAGES
};

/* English where it is none of them. */
enum finding_language	 finding_language(const char *language);

#endif
