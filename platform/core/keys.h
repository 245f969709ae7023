/* SPDX-License-Identifier: EUPL-1.2 */
/* Shared by crypto.c and keys.c alone. */
#ifndef CORE_KEYS_H
#define CORE_KEYS_H

/* Starts libsodium; cheap when it runs already, safe from any thread. */
void	crypto_ready(void);

#endif
