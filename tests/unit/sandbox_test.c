/* SPDX-License-Identifier: EUPL-1.2 */
/* Pictures through the whole sandbox, and what it does to an attacker. */

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "courier/picture.h"
#include "courier/sandbox.h"

#include "fixture.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

#define RED	0xff0000u
#define GREEN	0x00ff00u
#define BLUE	0x0000ffu
#define YELLOW	0xffff00u
#define WHITE	0xffffffu
#define DARK	0x555555u
#define LIGHT	0xaaaaaau

static enum status
open_fixture(struct arena *arena, const char *file,
    struct sandbox_picture *picture, const char **reason)
{
	struct bytes	 bytes;
	enum status	 status;
	char		 name[128];

	(void)snprintf(name, sizeof(name), "images/%s", file);
	bytes = fixture_read(name);
	if (bytes.at == NULL)
		fail_msg("no fixture \"%s\"", file);
	*reason = "";
	status = sandbox_open(arena, bytes, NULL, NULL, picture, reason);
	fixture_free(bytes);
	return (status);
}

static void
assert_colour(const char *file, const struct picture *picture,
    unsigned int x, unsigned int y, unsigned int wanted)
{
	const unsigned char	*at;
	int			 i, is, should;

	at = picture->rgb + (y * picture->width + x) * 3;
	for (i = 0; i < 3; i++) {
		is = at[i];
		should = (int)(wanted >> (16 - 8 * i)) & 0xff;
		if (abs(is - should) > 24)
			fail_msg("%s: (%u, %u) is %02x%02x%02x, not %06x",
			    file, x, y, at[0], at[1], at[2], wanted);
	}
}

/* The middles of the four quarters. */
static void
assert_quarters(const char *file, struct bytes jpeg,
    const unsigned int *colours)
{
	struct picture	 picture;
	unsigned int	 orientation;

	assert_int_equal(picture_decode_jpeg(jpeg.at, jpeg.len, &picture,
	    &orientation), STATUS_OK);
	assert_int_equal(orientation, 1);
	if (picture.width != 64 || picture.height != 48)
		fail_msg("%s: %u x %u", file, picture.width, picture.height);
	assert_colour(file, &picture, 16, 12, colours[0]);
	assert_colour(file, &picture, 48, 12, colours[1]);
	assert_colour(file, &picture, 16, 36, colours[2]);
	assert_colour(file, &picture, 48, 36, colours[3]);
	picture_fini(&picture);
}

static void
each_kind_of_picture_comes_out_upright_and_in_its_colours(void **state)
{
	static const struct {
		const char	*file;
		unsigned int	 colours[4];
	} table[] = {
		{ "orientation-1.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "orientation-2.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "orientation-3.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "orientation-4.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "orientation-5.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "orientation-6.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "orientation-7.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "orientation-8.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "progressive.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "grey.jpg", { DARK, DARK, DARK, LIGHT } },
		{ "ink.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "ink-adobe.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "ink-ycck.jpg", { RED, GREEN, BLUE, YELLOW } },
		{ "rgb.png", { RED, GREEN, BLUE, YELLOW } },
		{ "rgb16.png", { RED, GREEN, BLUE, YELLOW } },
		{ "interlaced.png", { RED, GREEN, BLUE, YELLOW } },
		{ "animated.png", { RED, GREEN, BLUE, YELLOW } },
		{ "alpha.png", { WHITE, GREEN, BLUE, YELLOW } },
		{ "palette-alpha.png", { WHITE, GREEN, BLUE, YELLOW } },
		{ "upside-down.png", { YELLOW, BLUE, GREEN, RED } },
		{ "lossy.webp", { RED, GREEN, BLUE, YELLOW } },
		{ "lossless.webp", { RED, GREEN, BLUE, YELLOW } },
		{ "alpha.webp", { WHITE, GREEN, BLUE, YELLOW } },
		{ "animated.webp", { RED, GREEN, BLUE, YELLOW } },
		{ "turned.webp", { RED, GREEN, BLUE, YELLOW } },
	};
	struct sandbox_picture	 picture;
	const char		*reason;
	struct arena		*arena;
	size_t			 i;

	(void)state;
	for (i = 0; i < COUNT(table); i++) {
		arena = arena_new(0);
		if (open_fixture(arena, table[i].file, &picture, &reason) !=
		    STATUS_OK)
			fail_msg("%s: \"%s\"", table[i].file, reason);
		assert_int_equal(picture.width, 64);
		assert_int_equal(picture.height, 48);
		assert_quarters(table[i].file, picture.full,
		    table[i].colours);
		assert_quarters(table[i].file, picture.thumbnail,
		    table[i].colours);
		arena_free(arena);
	}
}

/* Walks the segments up to the scan: JFIF and what decoding needs. */
static void
assert_no_metadata(const char *file, struct bytes jpeg)
{
	size_t		 pos;
	unsigned int	 marker;

	assert_null(memmem(jpeg.at, jpeg.len, "secret", 6));
	assert_null(memmem(jpeg.at, jpeg.len, "Exif", 4));
	for (pos = 2; pos + 4 < jpeg.len;) {
		assert_int_equal(jpeg.at[pos], 0xff);
		marker = jpeg.at[pos + 1];
		if (marker == 0xda)
			break;
		if (marker == 0xfe || (marker >= 0xe1 && marker <= 0xef))
			fail_msg("%s: marker %02x", file, marker);
		pos += 2 + (jpeg.at[pos + 2] << 8 | jpeg.at[pos + 3]);
	}
}

static void
no_byte_of_metadata_is_left(void **state)
{
	static const char *const	 files[] = {
		"orientation-1.jpg", "orientation-8.jpg", "upside-down.png",
		"turned.webp", "ink-adobe.jpg", "multi-picture.jpg",
		"film-behind.jpg", "samsung-behind.jpg",
	};
	struct sandbox_picture		 picture;
	struct bytes			 original;
	const char			*reason;
	struct arena			*arena;
	size_t				 i;

	(void)state;
	arena = arena_new(0);
	original = fixture_read("images/orientation-1.jpg");
	assert_non_null(memmem(original.at, original.len, "secret", 6));
	fixture_free(original);
	for (i = 0; i < COUNT(files); i++) {
		assert_int_equal(open_fixture(arena, files[i], &picture,
		    &reason), STATUS_OK);
		assert_no_metadata(files[i], picture.full);
		assert_no_metadata(files[i], picture.thumbnail);
	}
	arena_free(arena);
}

static void
large_pictures_are_reduced_to_their_edges(void **state)
{
	static const struct {
		const char	*file;
		unsigned int	 width, height, small_width, small_height;
	} table[] = {
		{ "large.jpg", 2048, 1024, 400, 200 },
		{ "black-39-megapixels.png", 2048, 2048, 400, 400 },
	};
	struct sandbox_picture	 picture;
	struct image_header	 header;
	const char		*reason;
	struct arena		*arena;
	size_t			 i;

	(void)state;
	arena = arena_new(0);
	for (i = 0; i < COUNT(table); i++) {
		if (open_fixture(arena, table[i].file, &picture, &reason) !=
		    STATUS_OK)
			fail_msg("%s: \"%s\"", table[i].file, reason);
		assert_int_equal(picture.width, table[i].width);
		assert_int_equal(picture.height, table[i].height);
		assert_int_equal(image_header_read(picture.full.at,
		    picture.full.len, &header), IMAGE_OK);
		assert_int_equal(header.width, table[i].width);
		assert_int_equal(header.height, table[i].height);
		assert_int_equal(image_header_read(picture.thumbnail.at,
		    picture.thumbnail.len, &header), IMAGE_OK);
		assert_int_equal(header.width, table[i].small_width);
		assert_int_equal(header.height, table[i].small_height);
	}
	arena_free(arena);
}

static void
scaling_takes_the_mean_of_what_it_covers(void **state)
{
	struct picture	 from, to;
	unsigned int	 i;

	(void)state;
	assert_int_equal(picture_init(&from, 300, 100), STATUS_OK);
	for (i = 0; i < 300 * 100; i++)
		memset(from.rgb + i * 3, i % 3 == 0 ? 255 : 0, 3);
	assert_int_equal(picture_scale(&from, 100, &to), STATUS_OK);
	assert_int_equal(to.width, 100);
	assert_int_equal(to.height, 33);
	for (i = 0; i < to.width * to.height * 3; i++)
		assert_in_range(to.rgb[i], 84, 86);
	picture_fini(&to);
	/* Not a whole number of pixels: the shares still sum up to one. */
	memset(from.rgb, 200, 300 * 100 * 3);
	assert_int_equal(picture_scale(&from, 77, &to), STATUS_OK);
	for (i = 0; i < to.width * to.height * 3; i++)
		assert_int_equal(to.rgb[i], 200);
	picture_fini(&to);
	picture_fini(&from);
}

static void
what_is_no_good_picture_is_refused_with_its_reason(void **state)
{
	static const struct {
		const char	*file;
		const char	*reason;
	} table[] = {
		{ "bomb.png", "too-many-pixels" },
		{ "bomb.jpg", "too-many-pixels" },
		{ "bomb.webp", "too-many-pixels" },
		{ "truncated.jpg", "truncated" },
		{ "truncated.png", "truncated" },
		{ "truncated.webp", "truncated" },
		{ "scan-short.jpg", "damaged" },
		{ "no-data.png", "damaged" },
		{ "checksum.png", "damaged" },
		{ "zip-behind.jpg", "trailing-data" },
		{ "page-in-comment.jpg", "trailing-data" },
		{ "page.jpg", "not-an-image" },
		{ "small.gif", "not-an-image" },
		{ "empty.png", "not-an-image" },
	};
	struct sandbox_picture	 picture;
	const char		*reason;
	struct arena		*arena;
	size_t			 i;

	(void)state;
	arena = arena_new(0);
	for (i = 0; i < COUNT(table); i++) {
		assert_int_equal(open_fixture(arena, table[i].file, &picture,
		    &reason), STATUS_REFUSED);
		if (strcmp(reason, table[i].reason) != 0)
			fail_msg("%s: \"%s\", expected \"%s\"", table[i].file,
			    reason, table[i].reason);
	}
	arena_free(arena);
}

static void
a_picture_that_takes_too_long_is_given_up(void **state)
{
	const struct sandbox_limits	 limits = { .cpu = 15, .wall = 0 };
	struct sandbox_picture		 picture;
	const char			*reason;
	struct arena			*arena;
	struct bytes			 bytes;

	(void)state;
	arena = arena_new(0);
	bytes = fixture_read("images/plain.jpg");
	assert_int_equal(sandbox_open(arena, bytes, NULL, &limits,
	    &picture, &reason), STATUS_REFUSED);
	assert_string_equal(reason, "too-expensive");
	/* No child is left behind. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	fixture_free(bytes);
	arena_free(arena);
}

/* What an attacker who took the decoder over would do next. */
static void
open_socket(void)
{
	(void)socket(AF_INET, SOCK_STREAM, 0);
}

static void
open_file(void)
{
	(void)open("/etc/hostname", O_RDONLY);
}

static void
run_program(void)
{
	char		 path[] = "/bin/true";
	char *const	 argv[] = { path, NULL };

	(void)execv(path, argv);
}

static void
fork_once(void)
{
	(void)fork();
}

static void
kill_parent(void)
{
	(void)kill(getppid(), SIGTERM);
}

static void
map_code(void)
{
	(void)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void
compute_forever(void)
{
	volatile unsigned int	 turns;

	for (turns = 0;; turns++)
		continue;
}

/* How waitpid() says that it ended. */
static int
end_of(void (*attack)(void))
{
	pid_t	 pid;
	int	 how;

	if ((pid = fork()) == 0) {
		if (sandbox_enter(1) != STATUS_OK)
			_exit(100);
		attack();
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &how, 0), pid);
	return (how);
}

static int
signal_of(void (*attack)(void))
{
	int	 how;

	how = end_of(attack);
	if (WIFEXITED(how))
		fail_msg("it went on and exited with %d", WEXITSTATUS(how));
	return (WTERMSIG(how));
}

static void
code_in_the_sandbox_is_killed_for_reaching_outside(void **state)
{
	static const struct {
		const char	*what;
		void		(*attack)(void);
	} table[] = {
		{ "socket", open_socket }, { "file", open_file },
		{ "exec", run_program }, { "fork", fork_once },
		{ "kill", kill_parent }, { "executable memory", map_code },
	};
	size_t	 i;

	(void)state;
	for (i = 0; i < COUNT(table); i++) {
		if (signal_of(table[i].attack) != SIGSYS)
			fail_msg("%s was not what killed it", table[i].what);
	}
}

static void
code_in_the_sandbox_gets_no_more_than_its_time(void **state)
{
	int	 signal_number;

	(void)state;
	signal_number = signal_of(compute_forever);
	assert_true(signal_number == SIGXCPU || signal_number == SIGKILL);
}

#if !defined(__SANITIZE_ADDRESS__)
static void
take_all_memory(void)
{
	volatile char	*at;
	size_t		 taken;

	for (taken = 0; taken <= 2 * SANDBOX_MEMORY; taken += 1 << 20) {
		if ((at = malloc(1 << 20)) == NULL)
			break;
		at[0] = 1;
	}
	_exit(taken <= SANDBOX_MEMORY ? 7 : 8);
}

static void
code_in_the_sandbox_gets_no_more_than_its_memory(void **state)
{
	int	 how;

	(void)state;
	how = end_of(take_all_memory);
	assert_true(WIFEXITED(how));
	assert_int_equal(WEXITSTATUS(how), 7);
}
#endif

int
main(int argc, char **argv)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(
		    each_kind_of_picture_comes_out_upright_and_in_its_colours),
		cmocka_unit_test(no_byte_of_metadata_is_left),
		cmocka_unit_test(large_pictures_are_reduced_to_their_edges),
		cmocka_unit_test(scaling_takes_the_mean_of_what_it_covers),
		cmocka_unit_test(
		    what_is_no_good_picture_is_refused_with_its_reason),
		cmocka_unit_test(a_picture_that_takes_too_long_is_given_up),
		cmocka_unit_test(
		    code_in_the_sandbox_is_killed_for_reaching_outside),
		cmocka_unit_test(
		    code_in_the_sandbox_gets_no_more_than_its_time),
#if !defined(__SANITIZE_ADDRESS__)
		cmocka_unit_test(
		    code_in_the_sandbox_gets_no_more_than_its_memory),
#endif
	};

	if (sandbox_wanted(argc, argv))
		return (sandbox_child());
	(void)signal(SIGPIPE, SIG_IGN);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
