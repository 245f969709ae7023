/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The courier's part of a sign-in at a city's own system: where the browser
 * has to go, and what the code it brings back is worth. Nothing is tried
 * again: somebody waits, and a code is good once. Whatever goes wrong ends
 * that sign-in with a code; its person begins anew.
 */

#include <string.h>
#include <time.h>

#include <sodium.h>

#include "core/document/percent.h"
#include "core/log.h"
#include "courier/fetch.h"
#include "courier/id_token.h"
#include "courier/job.h"
#include "db/bytea.h"
#include "db/sync.h"

#define ROLES_MAX	65536

struct oidc {
	struct worker		*worker;
	struct job		*job;
	const char		*phase;
	const char		*slug;
	const char		*issuer;
	const char		*client_id;
	const char		*secret_file;
	const char		*roles_claim;
	const struct node	*roles;		/* NULL: the city's own affair */
	const struct node	*secrets;	/* state, nonce, verifier, … */
	const struct node	*provider;	/* its metadata */
	bool			 allow_loopback;
};

static const char *
text_of(const struct node *map, const char *name)
{
	const struct node	*node;

	node = node_get(map, name);
	return (node == NULL || node->kind != NODE_TEXT ? NULL : node->text);
}

static const struct node *
json_map(struct arena *arena, const char *text)
{
	struct findings	 findings;
	struct node	*node;

	findings_init(&findings, arena);
	if (text == NULL || node_from_json(arena, text, strlen(text), &node,
	    &findings) != STATUS_OK || node->kind != NODE_MAP)
		return (NULL);
	return (node);
}

static const struct node *
box_open(const struct oidc *o, struct bytes box)
{
	struct worker	*worker;
	struct bytes	 text;

	worker = o->worker;
	if (box.at == NULL || crypto_open(worker->arena,
	    worker->keys->courier_public, worker->keys->courier_secret, box,
	    &text) != STATUS_OK)
		return (NULL);
	return (json_map(worker->arena, (const char *)text.at));
}

static struct node *
oidc_arguments(const struct oidc *o)
{
	struct node	*map;

	map = node_new(o->worker->arena, NODE_MAP);
	argument_text(o->worker->arena, map, "state",
	    job_text(o->job, "state"));
	return (map);
}

static const char *
column(const struct oidc *o, const PGresult *result, const char *name)
{
	return (arena_text(o->worker->arena, result_text(result, name)));
}

/* The sign-in and the city's rules; false: it is over, or none any more. */
static enum status
oidc_find(struct oidc *o, bool *found)
{
	struct part	*part;
	PGresult	*result;
	const char	*text;

	part = o->worker->part;
	*found = false;
	if (sync_begin(part->db, o->job->tenant) != STATUS_OK)
		return (STATUS_DATABASE);
	result = part_query(part, o->worker->arena,
	    part_statement(part, "oidc_find"), oidc_arguments(o));
	if (result == NULL)
		return (STATUS_DATABASE);
	if (PQntuples(result) == 1) {
		o->phase = column(o, result, "phase");
		o->slug = column(o, result, "slug");
		o->issuer = column(o, result, "issuer");
		o->client_id = column(o, result, "client_id");
		o->secret_file = column(o, result, "secret_file");
		o->roles_claim = column(o, result, "roles_claim");
		o->roles = json_map(o->worker->arena,
		    result_text(result, "roles"));
		text = result_text(result, "allow_loopback");
		o->allow_loopback = text != NULL && *text == 't';
		o->secrets = box_open(o, bytea_read(o->worker->arena,
		    result_text(result, "secrets")));
		*found = o->issuer != NULL && o->client_id != NULL &&
		    o->secret_file != NULL;
	}
	PQclear(result);
	return (sync_commit(part->db));
}

static const char *
ask(const struct oidc *o, const char *url, const char *form,
    const char *user, const char *password)
{
	struct fetch	 fetch = { .url = url, .form = form, .user = user,
			    .password = password,
			    .allow_loopback = o->allow_loopback };
	char		*answer;

	if (fetch_text(o->worker->arena, &fetch, &answer) != STATUS_OK)
		return (NULL);
	return (answer);
}

/* OpenID Connect Discovery 1.0, 4.3: it has to call itself what we call it. */
static const char *
provider_ask(struct oidc *o)
{
	const char	*slash;
	size_t		 len;

	len = strlen(o->issuer);
	slash = len > 0 && o->issuer[len - 1] == '/' ? "" : "/";
	o->provider = json_map(o->worker->arena, ask(o,
	    arena_format(o->worker->arena,
	    "%s%s.well-known/openid-configuration", o->issuer, slash), NULL,
	    NULL, NULL));
	if (o->provider == NULL)
		return ("provider-unreachable");
	if (text_of(o->provider, "issuer") == NULL ||
	    strcmp(text_of(o->provider, "issuer"), o->issuer) != 0)
		return ("provider-issuer");
	if (!fetch_allowed(text_of(o->provider, "authorization_endpoint"),
	    o->allow_loopback) ||
	    !fetch_allowed(text_of(o->provider, "token_endpoint"),
	    o->allow_loopback) ||
	    !fetch_allowed(text_of(o->provider, "jwks_uri"),
	    o->allow_loopback))
		return ("provider-addresses");
	return (NULL);
}

/* Where the browser goes (OpenID Connect Core 3.1.2.1, RFC 7636, 4.3). */
static const char *
location(const struct oidc *o)
{
	unsigned char	 hash[crypto_hash_sha256_BYTES];
	struct arena	*arena;
	const char	*to, *verifier;

	arena = o->worker->arena;
	to = text_of(o->provider, "authorization_endpoint");
	verifier = text_of(o->secrets, "verifier");
	(void)crypto_hash_sha256(hash, (const unsigned char *)verifier,
	    strlen(verifier));
	return (arena_format(arena, "%s%sresponse_type=code&scope=%s"
	    "&client_id=%s&redirect_uri=%s&state=%s&nonce=%s"
	    "&code_challenge_method=S256&code_challenge=%s", to,
	    strchr(to, '?') == NULL ? "?" : "&", "openid%20email%20profile",
	    percent_write(arena, o->client_id),
	    percent_write(arena, text_of(o->secrets, "redirect")),
	    text_of(o->secrets, "state"), text_of(o->secrets, "nonce"),
	    crypto_base64(arena, hash, sizeof(hash))));
}

/* RFC 6749, 4.1.3 and 2.3.1: name and secret are encoded, then Basic. */
static const char *
exchange_code(const struct oidc *o, const struct node *given,
    const struct node **tokens)
{
	struct arena	*arena;
	const char	*form, *secret;

	arena = o->worker->arena;
	if (text_of(given, "code") == NULL)
		return ("box-closed");
	if (text_of(given, "iss") != NULL &&
	    strcmp(text_of(given, "iss"), o->issuer) != 0)
		return ("answer-issuer");	/* RFC 9207, 2.4 */
	if ((secret = part_secret(o->worker->part, o->worker->arena,
	    o->slug, o->secret_file)) == NULL) {
		log_event(LOG_LEVEL_ERROR, "the secret for the city's own "
		    "sign-in cannot be read, or is open to everybody",
		    "tenant=%s", o->slug);
		return ("secret-file");
	}
	form = arena_format(arena, "grant_type=authorization_code&code=%s"
	    "&redirect_uri=%s&code_verifier=%s",
	    percent_write(arena, text_of(given, "code")),
	    percent_write(arena, text_of(o->secrets, "redirect")),
	    text_of(o->secrets, "verifier"));
	*tokens = json_map(arena, ask(o, text_of(o->provider,
	    "token_endpoint"), form, percent_write(arena, o->client_id),
	    percent_write(arena, secret)));
	if (*tokens == NULL || text_of(*tokens, "id_token") == NULL)
		return ("code-refused");
	return (NULL);
}

/* "realm_access.roles" descends; a claim of that very name comes first. */
static const struct node *
claim_find(struct arena *arena, const struct node *claims, const char *path)
{
	const struct node	*node;
	size_t			 len;

	if ((node = node_get(claims, path)) != NULL)
		return (node);
	for (node = claims; node != NULL; path += len + 1) {
		len = strcspn(path, ".");
		node = node_get(node, arena_copy(arena, path, len));
		if (path[len] == '\0')
			break;
	}
	return (node);
}

static void
role_add(const struct oidc *o, struct json *json, const struct node *value)
{
	const char	*role;

	if (value->kind == NODE_TEXT &&
	    (role = text_of(o->roles, value->text)) != NULL)
		json_text(json, NULL, role);
}

/* What the claim's values stand for here, as JSON; NULL: not its affair. */
static const char *
roles_of(const struct oidc *o, const struct node *claims)
{
	const struct node	*claim, *value;
	struct json		 json;

	if (o->roles == NULL)
		return (NULL);
	json_init(&json, o->worker->arena, ROLES_MAX);
	json_open_array(&json, NULL);
	claim = claim_find(o->worker->arena, claims, o->roles_claim);
	if (claim != NULL && claim->kind == NODE_TEXT)
		role_add(o, &json, claim);
	for (value = claim != NULL && claim->kind == NODE_LIST ?
	    claim->first : NULL; value != NULL; value = value->next)
		role_add(o, &json, value);
	json_close(&json);
	return (json_finish(&json, NULL));
}

static void
person_arguments(const struct oidc *o, const struct node *claims,
    struct node *arguments)
{
	const struct node	*verified;
	struct arena		*arena;
	const char		*email, *name;

	arena = o->worker->arena;
	email = text_of(claims, "email");
	verified = node_get(claims, "email_verified");
	if (email != NULL && (strlen(email) > 254 ||
	    !field_format_fits(FIELD_FORMAT_EMAIL, email) ||
	    verified == NULL || verified->kind != NODE_BOOL ||
	    !verified->boolean))
		email = NULL;
	name = text_of(claims, "name");
	if (name != NULL && (strlen(name) > 200 ||
	    !field_format_fits(FIELD_FORMAT_LINE, name)))
		name = NULL;
	argument_text(arena, arguments, "subject", arena_format(arena,
	    "%s %s", o->issuer, text_of(claims, "sub")));
	argument_text(arena, arguments, "email", email);
	argument_text(arena, arguments, "name", name);
	argument_text(arena, arguments, "roles", roles_of(o, claims));
}

/* The statement that says what came of it, and its arguments. */
static const char *
oidc_work(struct oidc *o, const char **statement, struct node *arguments)
{
	struct id_token_expect	 expect;
	const struct node	*tokens, *claims;
	const char		*problem, *jwks;

	if (o->secrets == NULL)
		return ("box-closed");
	if ((problem = provider_ask(o)) != NULL)
		return (problem);
	if (strcmp(o->phase, "asked") == 0) {
		*statement = "oidc_ready";
		argument_text(o->worker->arena, arguments, "location",
		    location(o));
		return (NULL);
	}
	if ((problem = exchange_code(o, box_open(o, o->job->sealed),
	    &tokens)) != NULL)
		return (problem);
	jwks = ask(o, text_of(o->provider, "jwks_uri"), NULL, NULL, NULL);
	if (jwks == NULL)
		return ("provider-keys");
	expect.issuer = o->issuer;
	expect.client_id = o->client_id;
	expect.nonce = text_of(o->secrets, "nonce");
	expect.access_token = text_of(tokens, "access_token");
	expect.now = (int64_t)time(NULL);
	if (id_token_verify(o->worker->arena, text_of(tokens, "id_token"),
	    jwks, &expect, &claims, &problem) != STATUS_OK)
		return (problem);
	*statement = "oidc_right";
	person_arguments(o, claims, arguments);
	return (NULL);
}

static enum status
oidc_fail(struct oidc *o, const char *reason)
{
	struct node	*arguments;
	PGresult	*result;

	log_event(LOG_LEVEL_WARN, "sign-in at the city's own system failed",
	    "job=%s tenant=%d reason=%s", o->job->id, o->job->tenant, reason);
	arguments = oidc_arguments(o);
	argument_text(o->worker->arena, arguments, "reason", reason);
	result = part_query(o->worker->part, o->worker->arena,
	    part_statement(o->worker->part, "oidc_failed"), arguments);
	PQclear(result);
	return (result == NULL ? STATUS_DATABASE : STATUS_OK);
}

static enum status
oidc_effect(struct oidc *o, const char *statement, struct node *arguments)
{
	PGresult	*result;
	const char	*reason;

	result = part_query(o->worker->part, o->worker->arena,
	    part_statement(o->worker->part, statement), arguments);
	if (result == NULL)
		return (STATUS_DATABASE);
	reason = column(o, result, "reason");
	PQclear(result);
	return (reason == NULL ? STATUS_OK : oidc_fail(o, reason));
}

enum status
job_oidc(struct worker *worker, struct job *job)
{
	struct oidc	 oidc = { .worker = worker, .job = job };
	struct node	*arguments;
	const char	*statement, *problem;
	enum status	 status;
	bool		 found;

	if ((status = oidc_find(&oidc, &found)) != STATUS_OK)
		return (status);
	arguments = oidc_arguments(&oidc);
	statement = NULL;
	problem = found ? oidc_work(&oidc, &statement, arguments) : NULL;
	if (sync_begin(worker->part->db, job->tenant) != STATUS_OK)
		return (STATUS_DATABASE);
	if (problem != NULL)
		status = oidc_fail(&oidc, problem);
	else if (found)
		status = oidc_effect(&oidc, statement, arguments);
	if (status == STATUS_OK)
		status = job_finish(worker, job);
	return (status == STATUS_OK ? sync_commit(worker->part->db) : status);
}
