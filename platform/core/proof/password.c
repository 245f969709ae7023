/* SPDX-License-Identifier: EUPL-1.2 */
/* What is no password. */

#include <ctype.h>
#include <string.h>

#include "core/proof/password.h"

#define DIFFERENT_MIN	5	/* characters */
#define OWN_MIN		6	/* left beside a word that is guessed first */
#define NAME_MIN	3	/* a shorter name says nothing */

/* Taken by many, in Germany; lower case. A run counts backwards as well. */
static const char *const words[] = {
	"passwort", "password", "kennwort", "geheim", "willkommen", "welcome",
	"hallo", "letmein", "schalke", "borussia", "dortmund", "iloveyou",
	"ichliebedich", "sommer", "winter", "fruehling", "herbst", "admin",
	"verwaltung", "rathaus", "buergermeister", "stadt", "master",
	"dragon", "monkey", "football", "fussball", "sonnenschein",
	"schatz", "changeme", "default", "stadtkern",
};

static const char *const runs[] = {
	"01234567890123456789", "abcdefghijklmnopqrstuvwxyz",
	"qwertzuiopasdfghjklyxcvbnm", "qwertyuiopasdfghjklzxcvbnm",
};

static void
password_fold(char *to, const char *from, size_t size)
{
	size_t	i;

	for (i = 0; from[i] != '\0' && i + 1 < size; i++)
		to[i] = (char)tolower((unsigned char)from[i]);
	to[i] = '\0';
}

/* How many characters at `at` go along a row, or back; 0: fewer than four. */
static size_t
run_length(const char *at, const char *run)
{
	const char	*from;
	size_t		 forth, back;

	if (*at == '\0' || (from = strchr(run, *at)) == NULL)
		return (0);
	for (forth = 0; at[forth] != '\0' && at[forth] == from[forth]; forth++)
		continue;
	/* Backwards the digits need the second ten. */
	if (strrchr(run, *at) != NULL)
		from = strrchr(run, *at);
	for (back = 0; at[back] != '\0' && from - run >= (long)back &&
	    at[back] == *(from - back); back++)
		continue;
	if (back > forth)
		forth = back;
	return (forth < 4 ? 0 : forth);
}

/* How many characters at `at` are none of one's own. */
static size_t
common_length(const char *at, const char *name)
{
	size_t	i, len, longest;

	longest = 0;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		len = strlen(words[i]);
		if (len > longest && strncmp(at, words[i], len) == 0)
			longest = len;
	}
	for (i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		if ((len = run_length(at, runs[i])) > longest)
			longest = len;
	len = strlen(name);
	if (len >= NAME_MIN && len > longest && strncmp(at, name, len) == 0)
		longest = len;
	return (longest);
}

bool
password_is_weak(const char *password, const char *email)
{
	char		 text[PASSWORD_MAX * 4 + 1], name[256];
	bool		 seen[256] = { false };
	size_t		 i, len, own, different;

	password_fold(text, password, sizeof(text));
	password_fold(name, email, sizeof(name));
	name[strcspn(name, "@")] = '\0';
	own = different = 0;
	for (i = 0; text[i] != '\0'; i++) {
		if (!seen[(unsigned char)text[i]])
			different++;
		seen[(unsigned char)text[i]] = true;
	}
	for (i = 0; text[i] != '\0'; i += len == 0 ? 1 : len) {
		len = common_length(text + i, name);
		if (len == 0)
			own++;
	}
	explicit_bzero(text, sizeof(text));
	return (different < DIFFERENT_MIN || own < OWN_MIN);
}
