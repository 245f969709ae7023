/* SPDX-License-Identifier: EUPL-1.2 */
/* A city's mailbox: its section of the file. */

#include <string.h>

#include "core/document/node_util.h"
#include "core/tenant/tenant_mailbox.h"

#define LOCAL_MAX	40	/* RFC 5321, 4.5.3.1.1: 64 with the token */

static const char *const	securities[] = {
	"tls", "starttls", "none", NULL
};

const struct field mailbox_fields[] = {
	FIELD_TEXT(struct mailbox_rules, host, .format = FIELD_FORMAT_HOST,
	    .says = "the IMAP server"),
	FIELD_INT(struct mailbox_rules, port, .min = 1, .max = 65535,
	    .says = "its port; otherwise 993, or 143 without tls"),
	FIELD_CHOICE(struct mailbox_rules, security, .choices = securities,
	    .otherwise = "tls", .says = "none only to 127.0.0.1, for tests"),
	FIELD_TEXT(struct mailbox_rules, user, .format = FIELD_FORMAT_LINE,
	    .says = "who signs in"),
	FIELD_TEXT(struct mailbox_rules, password_file,
	    .format = FIELD_FORMAT_PATH,
	    .says = "file in <var>/secrets/<slug>/ with the password"),
	FIELD_TEXT(struct mailbox_rules, ca_file, .format = FIELD_FORMAT_PATH,
	    .says = "file in <var>/secrets/<slug>/ with the certificates that "
	    "are trusted; otherwise the system's"),
	FIELD_TEXT(struct mailbox_rules, folder, .format = FIELD_FORMAT_LINE,
	    .max = 100, .otherwise = "INBOX", .says = "the folder to read"),
	FIELD_TEXT(struct mailbox_rules, processed,
	    .format = FIELD_FORMAT_LINE, .max = 100,
	    .says = "the folder for what was taken; otherwise it stays and is "
	    "marked as seen"),
	FIELD_TEXT(struct mailbox_rules, address,
	    .format = FIELD_FORMAT_EMAIL, .max = 200,
	    .says = "its address; name+token@ has to arrive there as well"),
	FIELD_END
};

static bool
host_is_here(const char *host)
{
	return (strcmp(host, "127.0.0.1") == 0 ||
	    strcmp(host, "localhost") == 0);
}

/* What an IMAP quoted string (RFC 3501, 4.3) takes without escapes. */
static bool
folder_fits(const char *name)
{
	if (name == NULL)
		return (true);
	for (; *name != '\0'; name++) {
		if (*name < ' ' || *name == 0x7f || strchr("\"\\%*&", *name))
			return (false);
	}
	return (true);
}

static void
mailbox_finding(const struct node *section, const char *member,
    enum finding_code code, const char *says, struct findings *findings)
{
	const struct node	*node;
	char			 pointer[64] = "/mailbox";

	node = node_get(section, member);
	(void)strncat(pointer, "/", 2);
	(void)strncat(pointer, member, 32);
	node_finding(findings, node != NULL ? node : section,
	    *member == '\0' ? "/mailbox" : pointer, code, says);
}

const struct loaded *
tenant_mailbox_plugin(const struct tenant *tenant,
    const struct registry *registry)
{
	size_t	 i;

	for (i = 1; i < registry->count; i++) {
		if ((tenant->plugins >> i & 1) != 0 &&
		    registry->plugins[i].plugin->inbox != NULL)
			return (&registry->plugins[i]);
	}
	return (NULL);
}

static size_t
takers(const struct tenant *tenant, const struct registry *registry)
{
	size_t	 i, count;

	count = 0;
	for (i = 1; i < registry->count; i++)
		count += (tenant->plugins >> i & 1) != 0 &&
		    registry->plugins[i].plugin->inbox != NULL;
	return (count);
}

void
tenant_mailbox_check(const struct tenant *tenant,
    const struct registry *registry, const struct node *node,
    struct findings *findings)
{
	const struct mailbox_rules	*mailbox = &tenant->file.mailbox;
	const struct node		*section;
	const struct {
		const char	*name;
		const char	*value;
	} wanted[] = {
		{ "host", mailbox->host }, { "user", mailbox->user },
		{ "password_file", mailbox->password_file },
		{ "address", mailbox->address },
	};
	size_t				 i;

	section = node_get(node, "mailbox");
	if (section == NULL || section->kind != NODE_MAP)
		return;
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (wanted[i].value == NULL &&
		    node_get(section, wanted[i].name) == NULL)
			mailbox_finding(section, wanted[i].name,
			    FINDING_REQUIRED, NULL, findings);
	}
	if (mailbox->host != NULL && mailbox->security != NULL &&
	    strcmp(mailbox->security, "none") == 0 &&
	    !host_is_here(mailbox->host))
		mailbox_finding(section, "security", FINDING_CONFLICT,
		    "none is for 127.0.0.1 only", findings);
	if (!folder_fits(mailbox->folder))
		mailbox_finding(section, "folder", FINDING_FORMAT,
		    "ASCII without \" \\ % * &", findings);
	if (!folder_fits(mailbox->processed))
		mailbox_finding(section, "processed", FINDING_FORMAT,
		    "ASCII without \" \\ % * &", findings);
	if (mailbox->address != NULL &&
	    strcspn(mailbox->address, "@") > LOCAL_MAX)
		mailbox_finding(section, "address", FINDING_TOO_LONG,
		    "40 characters before the @", findings);
	if (takers(tenant, registry) != 1)
		mailbox_finding(section, "", FINDING_CONFLICT,
		    "exactly one of the city's plugins has to take mail",
		    findings);
}
