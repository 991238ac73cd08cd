/* SPDX-License-Identifier: Apache-2.0 */
#include "host/memory.h"

#include "base/ct.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* Whole pages; 0 when that overflows or is nothing. */
static size_t round_to_pages(size_t size)
{
	size_t page = page_bytes();
	return size > SIZE_MAX - 4 * page ? 0 : (size + page - 1) / page * page;
}

/* Usable pages between two that cannot be touched. NULL on failure. */
static uint8_t *map_guarded(size_t usable)
{
	size_t page = page_bytes();
	uint8_t *p = mmap(NULL, usable + 2 * page, PROT_NONE,
	                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	if (mprotect(p + page, usable, PROT_READ | PROT_WRITE) != 0) {
		munmap(p, usable + 2 * page);
		return NULL;
	}
	return p + page;
}

static void unmap_guarded(uint8_t *p, size_t usable)
{
	size_t page = page_bytes();
	munmap(p - page, usable + 2 * page);
}

bool host_arena_new(struct arena *out, size_t size, struct error *err)
{
	memset(out, 0, sizeof *out);
	size_t usable = round_to_pages(size);
	uint8_t *p = usable ? map_guarded(usable) : NULL;
	if (!p) {
		fail_detail(err, ERROR_LIMIT, "memory: no room for an arena", size,
		            usable ? strerror(errno) : "impossible size");
		return fail_within_index(err, "bytes", size);
	}
	/* The whole pages, so that the guard lies directly behind the last byte. */
	arena_init(out, p, usable);
	return true;
}

void host_arena_free(struct arena *a)
{
	if (!a || !a->base)
		return;
	unmap_guarded(a->base, a->size);
	memset(a, 0, sizeof *a);
}

void host_arena_trim(struct arena *a)
{
	size_t from = round_to_pages(a->used);
	if (a->base && from < a->size)
		madvise(a->base + from, a->size - from, MADV_DONTNEED);
}

bool host_secret_new(struct host_secret *out, size_t len, struct error *err)
{
	memset(out, 0, sizeof *out);
	size_t usable = round_to_pages(len);
	uint8_t *p = usable ? map_guarded(usable) : NULL;
	if (!p)
		return fail_detail(err, ERROR_LIMIT, "memory: no room for a secret", len,
		                   usable ? strerror(errno) : "impossible size");
	if (mlock(p, usable) != 0) {
		fail_detail(err, ERROR_LIMIT, "memory: a secret cannot be locked", len, strerror(errno));
		fail_within(err, "raise the limit of locked memory (ulimit -l, LimitMEMLOCK=)");
		unmap_guarded(p, usable);
		return false;
	}
	/* Kernels without these leave the page in dumps and children, which are forbidden anyway. */
	madvise(p, usable, MADV_DONTDUMP);
	madvise(p, usable, MADV_DONTFORK);
	out->p = p;
	out->len = len;
	return true;
}

void host_secret_free(struct host_secret *s)
{
	if (!s || !s->p)
		return;
	size_t usable = round_to_pages(s->len);
	wipe(s->p, usable);
	unmap_guarded(s->p, usable);
	s->p = NULL;
	s->len = 0;
}
