/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Arenas: blocks that are cut from the front. A new block is half as large
 * as all before it, so that thousands of small arenas stay small and a large
 * one needs few blocks.
 */

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stadtkern/arena.h>

#define ARENA_ALIGN		alignof(max_align_t)
#define ARENA_FIRST_DEFAULT	4096u
#define ARENA_BLOCK_MIN		256u
#define ARENA_BLOCK_MAX		65536u

/* The bytes of a block follow it. */
struct block {
	alignas(max_align_t) struct block	*next;
	size_t					 len;
	size_t					 used;
};

struct arena {
	struct block	*blocks;	/* the first one is cut from */
	size_t		 size;
};

static void
arena_die(size_t len)
{
	(void)fprintf(stderr, "out of memory: %zu bytes\n", len);
	abort();
}

static struct block *
block_new(struct arena *arena, size_t len)
{
	struct block	*block;

	if (len > SIZE_MAX / 2)
		arena_die(len);
	/* calloc() hands out zeroed pages: nothing is cleared twice. */
	if ((block = calloc(1, sizeof(*block) + len)) == NULL)
		arena_die(len);
	block->len = len;
	arena->size += sizeof(*block) + len;
	return (block);
}

static void *
block_bytes(struct block *block)
{
	return (block + 1);
}

struct arena *
arena_new(size_t first)
{
	struct arena	*arena;

	if ((arena = calloc(1, sizeof(*arena))) == NULL)
		arena_die(sizeof(*arena));
	arena->size = sizeof(*arena);
#ifndef ARENA_MALLOC
	arena->blocks = block_new(arena,
	    first == 0 ? ARENA_FIRST_DEFAULT - sizeof(struct block) : first);
#else
	(void)first;
#endif
	return (arena);
}

void
arena_free(struct arena *arena)
{
	struct block	*block;

	if (arena == NULL)
		return;
	while ((block = arena->blocks) != NULL) {
		arena->blocks = block->next;
		free(block);
	}
	free(arena);
}

size_t
arena_size(const struct arena *arena)
{
	return (arena->size);
}

#ifdef ARENA_MALLOC

void *
arena_alloc(struct arena *arena, size_t len)
{
	struct block	*block;

	block = block_new(arena, len);
	block->next = arena->blocks;
	arena->blocks = block;
	return (block_bytes(block));
}

#else

/* The length of the next block when `len` bytes did not fit. */
static size_t
block_len(const struct arena *arena, size_t len)
{
	size_t	 half;

	half = arena->size / 2;
	if (half < ARENA_BLOCK_MIN)
		half = ARENA_BLOCK_MIN;
	if (half > ARENA_BLOCK_MAX)
		half = ARENA_BLOCK_MAX;
	return (len > half ? len : half);
}

void *
arena_alloc(struct arena *arena, size_t len)
{
	struct block	*block, *head;
	size_t		 at, left;

	head = arena->blocks;
	at = (head->used + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
	left = at < head->len ? head->len - at : 0;
	if (len <= left) {
		head->used = at + len;
		return ((char *)block_bytes(head) + at);
	}
	block = block_new(arena, block_len(arena, len));
	block->used = len;
	/* Whoever has more room left is cut from next. */
	if (block->len - block->used < left) {
		block->next = head->next;
		head->next = block;
	} else {
		block->next = head;
		arena->blocks = block;
	}
	return (block_bytes(block));
}

#endif

void *
arena_copy(struct arena *arena, const void *from, size_t len)
{
	char	*copy;

	if (len == SIZE_MAX)
		arena_die(len);
	copy = arena_alloc(arena, len + 1);
	if (len != 0)
		(void)memcpy(copy, from, len);
	return (copy);
}

char *
arena_text(struct arena *arena, const char *text)
{
	if (text == NULL)
		return (NULL);
	return (arena_copy(arena, text, strlen(text)));
}

char *
arena_format(struct arena *arena, const char *fmt, ...)
{
	va_list	 args;
	char	*text;

	va_start(args, fmt);
	text = arena_vformat(arena, fmt, args);
	va_end(args);
	return (text);
}

char *
arena_vformat(struct arena *arena, const char *fmt, va_list args)
{
	va_list	 again;
	char	*text;
	int	 len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		arena_die(0);
	text = arena_alloc(arena, (size_t)len + 1);
	(void)vsnprintf(text, (size_t)len + 1, fmt, args);
	return (text);
}
