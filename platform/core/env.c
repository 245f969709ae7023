/* SPDX-License-Identifier: EUPL-1.2 */
/* The environment, checked like any other input. */

#include <string.h>
#include <unistd.h>

#include "core/env.h"

#define ENV_PREFIX	"STADTKERN_"
#define ENV_FILE	"environment"
#define ENV_TEXT_MAX	1000

const struct field env_fields[] = {
	FIELD_TEXT(struct env, home, .max = ENV_TEXT_MAX, .otherwise = ".",
	    .says = "folder with tenants/, themes/, plugins/, migrations/"),
	FIELD_TEXT(struct env, objects, .max = ENV_TEXT_MAX,
	    .otherwise = "build/plugins",
	    .says = "folder with the built plugins, <name>.so"),
	FIELD_TEXT(struct env, app, .max = ENV_TEXT_MAX,
	    .says = "folder with the built citizens' app, files.json and what "
	    "it names; otherwise ../app beside the built plugins"),
	FIELD_TEXT(struct env, office_app, .max = ENV_TEXT_MAX,
	    .says = "the same of the office; otherwise ../office"),
	FIELD_TEXT(struct env, var, .max = ENV_TEXT_MAX, .otherwise = "var",
	    .says = "folder for keys/ and mail/"),
	FIELD_TEXT(struct env, tiles, .max = ENV_TEXT_MAX,
	    .says = "folder with archives of map tiles, <set>.pmtiles; "
	    "otherwise platform/geo/tiles of the home folder"),
	FIELD_TEXT(struct env, database, .max = ENV_TEXT_MAX,
	    .otherwise = "dbname=stadtkern",
	    .says = "libpq connection string, without the user"),
	FIELD_TEXT(struct env, address, .max = 100, .otherwise = "127.0.0.1",
	    .says = "address that the server listens on"),
	FIELD_INT(struct env, port, .min = 1, .max = 65535,
	    .otherwise = "8080", .says = "port of the public server"),
	FIELD_INT(struct env, office_port, .min = 1, .max = 65535,
	    .otherwise = "8081", .says = "port of the office server"),
	FIELD_TEXT(struct env, url, .max = 200, .otherwise =
	    "'https://{host}'", .says = "how a tenant is reached from "
	    "outside, for links; {host} is its first host"),
	FIELD_TEXT(struct env, host, .format = FIELD_FORMAT_HOST,
	    .says = "a host of the platform's own, where requests of some "
	    "standards name the tenant by a parameter"),
	FIELD_INT(struct env, workers, .min = 0, .max = 255, .otherwise = "0",
	    .says = "worker processes; 0 is one for each core"),
	FIELD_TEXT(struct env, proxies, .max = ENV_TEXT_MAX,
	    .otherwise = "'127.0.0.1,::1'",
	    .says = "addresses whose X-Forwarded-For is believed, "
	    "comma-separated"),
	FIELD_TEXT(struct env, smtp_url, .max = ENV_TEXT_MAX,
	    .says = "smtp://host:port or smtps://host:port of the mail relay; "
	    "without it mail is written to mail/ as .eml files"),
	FIELD_TEXT(struct env, smtp_user, .max = ENV_TEXT_MAX,
	    .says = "user at the mail relay"),
	FIELD_TEXT(struct env, smtp_password_file, .max = ENV_TEXT_MAX,
	    .says = "file that holds the password at the mail relay"),
	FIELD_TEXT(struct env, mail_from, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .says = "envelope sender of all mail; needed with "
	    "a mail relay"),
	FIELD_INT(struct env, basemap_loopback, .min = 0, .max = 1,
	    .otherwise = "0", .says = "1: the courier fetches base maps from "
	    "http://127.0.0.1, too, a server on the same machine"),
	FIELD_INT(struct env, cache_mib, .min = 0, .max = 65536,
	    .otherwise = "64", .says = "MiB of answers that a worker keeps; "
	    "0 keeps none"),
	FIELD_INT(struct env, header_seconds, .min = 1, .max = 3600,
	    .otherwise = "10", .says = "time for a request's head to arrive"),
	FIELD_INT(struct env, body_seconds, .min = 1, .max = 3600,
	    .otherwise = "300", .says = "time for a whole request to arrive; "
	    "a photo over a slow network takes minutes"),
	FIELD_INT(struct env, drain_seconds, .min = 1, .max = 3600,
	    .otherwise = "30", .says = "time that a stopping server has to "
	    "answer what was begun"),
	FIELD_INT(struct env, audit_seconds, .min = 1, .max = 3600,
	    .otherwise = "300", .says = "time between two signed checkpoints "
	    "of the audit log"),
	FIELD_INT(struct env, limits, .min = 0, .max = 100000,
	    .otherwise = "100", .says = "percent of the routes' rate limits; "
	    "0 takes them away, for load tests"),
	FIELD_END
};

/* The same table under the names that people write and findings name. */
static const struct field *
env_named(struct arena *arena)
{
	struct field	*fields;
	char		*name, *at;
	size_t		 i;

	fields = arena_copy(arena, env_fields, sizeof(env_fields));
	for (i = 0; fields[i].type != FIELD_TYPE_END; i++) {
		name = arena_format(arena, ENV_PREFIX "%s", fields[i].name);
		for (at = name; *at != '\0'; at++) {
			if (*at >= 'a' && *at <= 'z')
				*at = (char)(*at - 'a' + 'A');
		}
		fields[i].name = name;
	}
	return (fields);
}

/* An empty variable counts as one that is not set. */
static struct node *
env_map(struct arena *arena)
{
	struct node	*map, *value;
	const char	*text;
	size_t		 i;

	map = node_new(arena, NODE_MAP);
	map->file = ENV_FILE;
	for (i = 0; environ != NULL && environ[i] != NULL; i++) {
		if (strncmp(environ[i], ENV_PREFIX,
		    sizeof(ENV_PREFIX) - 1) != 0 ||
		    (text = strchr(environ[i], '=')) == NULL ||
		    text[1] == '\0')
			continue;
		value = node_new(arena, NODE_SCALAR);
		value->file = ENV_FILE;
		value->text = arena_text(arena, text + 1);
		node_append(arena, map, arena_copy(arena, environ[i],
		    (size_t)(text - environ[i])), value);
	}
	return (map);
}

static bool
begins(const char *text, const char *with)
{
	return (strncmp(text, with, strlen(with)) == 0);
}

/* An address without a path, in which {host} stands for any host. */
static bool
url_fits(struct arena *arena, const char *url)
{
	static const char	 mark[] = "{host}";
	const char		*at, *scheme;

	if ((at = strstr(url, mark)) != NULL)
		url = arena_format(arena, "%.*shost%s", (int)(at - url), url,
		    at + sizeof(mark) - 1);
	scheme = strstr(url, "://");
	return (field_format_fits(FIELD_FORMAT_URL, url) && scheme != NULL &&
	    strpbrk(scheme + 3, "/?#") == NULL);
}

/* What no table can say. */
static enum status
env_check(struct arena *arena, const struct env *env,
    struct findings *findings)
{
	size_t	before;

	before = findings->count;
	if (!url_fits(arena, env->url))
		finding_add(findings, "/" ENV_PREFIX "URL", ENV_FILE, 0, 0,
		    FINDING_FORMAT, "https://{host}, without a path");
	if (env->smtp_url == NULL)
		return (findings->count == before ? STATUS_OK :
		    STATUS_INVALID);
	if (!begins(env->smtp_url, "smtp://") &&
	    !begins(env->smtp_url, "smtps://"))
		finding_add(findings, "/" ENV_PREFIX "SMTP_URL", ENV_FILE, 0,
		    0, FINDING_FORMAT, "smtp://host:port or smtps://host:port");
	if (env->mail_from == NULL)
		finding_add(findings, "/" ENV_PREFIX "MAIL_FROM", ENV_FILE, 0,
		    0, FINDING_REQUIRED, NULL);
	return (findings->count == before ? STATUS_OK : STATUS_INVALID);
}

enum status
env_read(struct arena *arena, struct env *env, struct findings *findings)
{
	struct field_context	 ctx = { .arena = arena, .findings = findings };
	struct values		 values;
	enum status		 status;

	status = field_check(&ctx, env_named(arena), env_map(arena), "",
	    &values);
	if (status != STATUS_OK)
		return (status);
	*env = *(const struct env *)values.data;
	if (env->app == NULL)
		env->app = arena_format(arena, "%s/../app", env->objects);
	if (env->office_app == NULL)
		env->office_app = arena_format(arena, "%s/../office",
		    env->objects);
	return (env_check(arena, env, findings));
}
