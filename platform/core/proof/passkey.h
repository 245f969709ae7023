/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Passkeys (WebAuthn Level 2), the server's half, by libfido2. We ask for no
 * attestation, as any maker's key will do, so that what comes back of a new
 * one is its authenticator data alone (getAuthenticatorData()).
 */
#ifndef CORE_PROOF_PASSKEY_H
#define CORE_PROOF_PASSKEY_H

#include <stdint.h>

#include <stadtkern/field.h>
#include <stadtkern/status.h>

#define PASSKEY_CHALLENGE_LEN	32

struct passkey {
	struct bytes	 credential;	/* its id */
	int		 algorithm;	/* COSE: -7, -8, -257 */
	struct bytes	 public_key;	/* as libfido2 has it */
	int64_t		 counter;
};

/* What the server asked, and on which of its names. */
struct passkey_question {
	const char	*host;		/* Host header; a port is part of it */
	struct bytes	 challenge;
};

/* What a browser gave. */
struct passkey_answer {
	struct bytes	 client_data;	/* clientDataJSON */
	struct bytes	 data;		/* authenticatorData */
	struct bytes	 signature;
};

/* The host's name without a port, lower case: the relying party's id. */
const char	*passkey_host(struct arena *arena, const char *host);

/* Whether it is localhost or a name below it, where browsers want no TLS. */
bool		 host_is_local(struct arena *arena, const char *host);

/*
 * A new passkey (7.1): type, challenge, origin and relying party are the
 * question's, the user was present and verified. `made` points into `arena`.
 * STATUS_REFUSED otherwise, and for what cannot be read.
 */
enum status	 passkey_made(struct arena *arena,
		    const struct passkey_question *question,
		    const struct passkey_answer *answer, struct passkey *made);

/*
 * A passkey used (7.2): as above, and the signature is `passkey`'s. `counter`
 * is what it says now; whether that may be is the caller's to decide.
 */
enum status	 passkey_used(struct arena *arena,
		    const struct passkey_question *question,
		    const struct passkey_answer *answer,
		    const struct passkey *passkey, int64_t *counter);

/* The check of clientDataJSON alone (5.8.1); `type` is webauthn.create or
 * webauthn.get. */
enum status	 passkey_client_data(struct arena *arena,
		    const struct passkey_question *question,
		    struct bytes client_data, const char *type);

#endif
