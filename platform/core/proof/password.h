/* SPDX-License-Identifier: EUPL-1.2 */
/* What is no password: too short, guessed first, or the person's address. */
#ifndef CORE_PROOF_PASSWORD_H
#define CORE_PROOF_PASSWORD_H

#include <stdbool.h>

#define PASSWORD_MIN	12	/* characters; NIST SP 800-63B asks for 8 */
#define PASSWORD_MAX	200

/*
 * Whether `password`, whose length was checked, is one that is guessed early:
 * few different characters, a run along the alphabet, the digits or the
 * keyboard, a word that everybody takes with whatever around it, or what
 * stands before the @ of `email`. (SP 800-63B, 5.1.1.2; no other rules, as
 * they make passwords worse.)
 */
bool	password_is_weak(const char *password, const char *email);

#endif
