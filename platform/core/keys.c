/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The key files. One is written under a name of its own and then linked to
 * its place: nobody ever reads half a key, and of two processes that start
 * at once the second takes what the first one made.
 */

#include <sys/stat.h>
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "core/crypto.h"
#include "core/keys.h"
#include "core/log.h"

enum key_secrecy { KEY_PUBLIC, KEY_SECRET };

static enum status
key_failed(const char *what, const char *path)
{
	log_event(LOG_LEVEL_ERROR, what, "file=\"%s\" error=\"%s\"", path,
	    strerror(errno));
	return (STATUS_IO);
}

static enum status
key_path(char *path, const char *dir, const char *name)
{
	if (snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX)
		return (STATUS_OK);
	errno = ENAMETOOLONG;
	return (key_failed("key has too long a path", dir));
}

static enum status
key_put(int fd, const unsigned char *key)
{
	ssize_t	written;

	do {
		written = write(fd, key, CRYPTO_KEY_LEN);
	} while (written == -1 && errno == EINTR);
	if (written != -1 && written != CRYPTO_KEY_LEN)
		errno = ENOSPC;
	return (written == CRYPTO_KEY_LEN && fsync(fd) == 0 ? STATUS_OK :
	    STATUS_IO);
}

/* STATUS_OK also when another process was faster. */
static enum status
key_write(const char *path, const unsigned char *key)
{
	char		own[PATH_MAX + 32];
	enum status	status;
	int		fd;

	(void)snprintf(own, sizeof(own), "%s.%08x%08x", path,
	    randombytes_random(), randombytes_random());
	fd = open(own, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return (key_failed("key cannot be made", own));
	status = key_put(fd, key);
	if (close(fd) == -1)
		status = STATUS_IO;
	if (status == STATUS_OK && link(own, path) == -1 && errno != EEXIST)
		status = STATUS_IO;
	if (status != STATUS_OK)
		status = key_failed("key cannot be written", path);
	(void)unlink(own);
	return (status);
}

static bool
key_is_there(const char *path)
{
	struct stat	st;

	return (lstat(path, &st) == 0);
}

static enum status
key_create(const char *dir, const char *name)
{
	unsigned char	key[CRYPTO_KEY_LEN];
	char		path[PATH_MAX];
	enum status	status;

	if ((status = key_path(path, dir, name)) != STATUS_OK ||
	    key_is_there(path))
		return (status);
	randombytes_buf(key, sizeof(key));
	status = key_write(path, key);
	sodium_memzero(key, sizeof(key));
	return (status);
}

static enum status
key_read_fd(int fd, const char *path, enum key_secrecy secrecy,
    unsigned char *key)
{
	unsigned char	more;
	struct stat	st;
	ssize_t		got;

	if (fstat(fd, &st) == -1)
		return (key_failed("key cannot be read", path));
	if (secrecy == KEY_SECRET && (st.st_mode & S_IRWXO) != 0) {
		errno = EACCES;
		return (key_failed("key is open to everybody, chmod o= it",
		    path));
	}
	errno = 0;
	got = read(fd, key, CRYPTO_KEY_LEN);
	if (got != CRYPTO_KEY_LEN || read(fd, &more, 1) != 0) {
		if (errno == 0)
			errno = EINVAL;
		return (key_failed("key is not 32 bytes", path));
	}
	return (STATUS_OK);
}

static enum status
key_read(const char *dir, const char *name, enum key_secrecy secrecy,
    unsigned char *key)
{
	char		path[PATH_MAX];
	enum status	status;
	int		fd;

	if ((status = key_path(path, dir, name)) != STATUS_OK)
		return (status);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) == -1)
		return (key_failed("key cannot be opened", path));
	status = key_read_fd(fd, path, secrecy, key);
	(void)close(fd);
	return (status);
}

/*
 * The public half alone may be here, where the courier is on another
 * machine; it is made last, so that where it is nothing is missing.
 */
static enum status
courier_create(const char *dir)
{
	unsigned char	secret[CRYPTO_KEY_LEN], public[CRYPTO_KEY_LEN];
	char		path[PATH_MAX];
	enum status	status;

	if ((status = key_path(path, dir, "courier.pub")) != STATUS_OK ||
	    key_is_there(path))
		return (status);
	if ((status = key_create(dir, "courier.key")) != STATUS_OK ||
	    (status = key_read(dir, "courier.key", KEY_SECRET, secret)) !=
	    STATUS_OK)
		return (status);
	(void)crypto_scalarmult_base(public, secret);
	sodium_memzero(secret, sizeof(secret));
	return (key_write(path, public));
}

enum status
keys_audit_secret(const char *dir, unsigned char *secret_key)
{
	unsigned char	seed[CRYPTO_KEY_LEN], public[CRYPTO_KEY_LEN];
	enum status	status;

	crypto_ready();
	status = key_read(dir, "audit.key", KEY_SECRET, seed);
	if (status == STATUS_OK)
		(void)crypto_sign_seed_keypair(public, secret_key, seed);
	sodium_memzero(seed, sizeof(seed));
	return (status);
}

enum status
keys_audit_public(const char *dir, unsigned char *public_key)
{
	crypto_ready();
	return (key_read(dir, "audit.pub", KEY_PUBLIC, public_key));
}

/* As courier_create(). */
enum status
keys_audit_create(const char *dir)
{
	unsigned char	secret[crypto_sign_SECRETKEYBYTES];
	char		path[PATH_MAX];
	enum status	status;

	crypto_ready();
	if ((status = key_path(path, dir, "audit.pub")) != STATUS_OK ||
	    key_is_there(path))
		return (status);
	if ((status = key_create(dir, "audit.key")) != STATUS_OK ||
	    (status = keys_audit_secret(dir, secret)) != STATUS_OK)
		return (status);
	/* libsodium's secret key ends in the public one. */
	status = key_write(path, secret + crypto_sign_SEEDBYTES);
	sodium_memzero(secret, sizeof(secret));
	return (status);
}

static enum status
dir_sync(const char *dir)
{
	enum status	status;
	int		fd;

	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return (key_failed("folder of keys cannot be opened", dir));
	status = fsync(fd) == 0 ? STATUS_OK :
	    key_failed("folder of keys cannot be written", dir);
	(void)close(fd);
	return (status);
}

enum status
keys_create(const char *dir)
{
	enum status	status;

	crypto_ready();
	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		return (key_failed("folder of keys cannot be made", dir));
	if ((status = key_create(dir, "hash.key")) != STATUS_OK ||
	    (status = key_create(dir, "wrap.key")) != STATUS_OK ||
	    (status = courier_create(dir)) != STATUS_OK ||
	    (status = keys_audit_create(dir)) != STATUS_OK)
		return (status);
	return (dir_sync(dir));
}

enum status
keys_load(struct keys *keys, const char *dir, enum keys_role role)
{
	enum status	status;

	crypto_ready();
	memset(keys, 0, sizeof(*keys));
	keys->role = role;
	if ((status = key_read(dir, "hash.key", KEY_SECRET, keys->hash)) !=
	    STATUS_OK ||
	    (status = key_read(dir, "courier.pub", KEY_PUBLIC,
	    keys->courier_public)) != STATUS_OK)
		return (status);
	if (role == KEYS_OFFICE || role == KEYS_CLI)
		return (key_read(dir, "wrap.key", KEY_SECRET, keys->wrap));
	if (role == KEYS_COURIER)
		return (key_read(dir, "courier.key", KEY_SECRET,
		    keys->courier_secret));
	return (STATUS_OK);
}
