/* SPDX-License-Identifier: Apache-2.0 */
#include "host/random.h"

#include "base/ct.h"
#include "hash/chacha20.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

/*
 * The state lies alone in its pages, which the kernel hands to a forked child as zeros: `seeded` is
 * false there, and the child seeds itself. Where the kernel does not know that advice the process
 * number has to tell: at the price of a system call per call, and blind for a grandchild that got
 * its grandfather's number.
 */
struct state {
	struct chacha_rng generator;
	size_t given; /* since it was seeded */
	pid_t pid;
	bool seeded;
};

struct host_rng {
	struct rng rng; /* first member; outside those pages, so that a child can still call it */
	struct state *state;
	bool kernel_wipes;
};

static bool kernel_bytes(uint8_t *out, size_t len, struct error *err)
{
	while (len > 0) {
		ssize_t n = getrandom(out, len, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail_detail(err, ERROR_IO, "random: the kernel gives no randomness",
			                   ERROR_NOWHERE, strerror(errno));
		out += n;
		len -= (size_t)n;
	}
	return true;
}

/* The new key comes from the kernel and, if there is one, from the old state: both would have to
 * be known to know the next bytes. */
static bool seed(struct state *s, bool mix_old, struct error *err)
{
	uint8_t fresh[32], old[32] = {0};
	if (!kernel_bytes(fresh, sizeof fresh, err))
		return false;
	bool ok = !mix_old || rng_fill(&s->generator.rng, old, sizeof old, err);
	for (size_t i = 0; i < sizeof fresh; i++)
		fresh[i] ^= old[i];
	if (ok) {
		chacha_rng_init(&s->generator, fresh);
		s->given = 0;
		s->pid = getpid();
		s->seeded = true;
	}
	wipe(fresh, sizeof fresh);
	wipe(old, sizeof old);
	return ok;
}

static bool fill(struct rng *rng, uint8_t *out, size_t len, struct error *err)
{
	struct host_rng *r = (struct host_rng *)rng;
	struct state *s = r->state;
	bool ours = s->seeded && (r->kernel_wipes || s->pid == getpid());
	if (!ours || s->given >= HOST_RNG_RESEED_BYTES)
		if (!seed(s, ours, err))
			return false;
	s->given = len > SIZE_MAX - s->given ? SIZE_MAX : s->given + len;
	return rng_fill(&s->generator.rng, out, len, err);
}

static size_t state_bytes(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	return (sizeof(struct state) + page - 1) / page * page;
}

bool host_rng_new(struct rng **out, struct error *err)
{
	*out = NULL;
	struct host_rng *r = malloc(sizeof *r);
	struct state *s =
		mmap(NULL, state_bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!r || s == MAP_FAILED) {
		free(r);
		if (s != MAP_FAILED)
			munmap(s, state_bytes());
		return fail(err, ERROR_IO, "random: out of memory", ERROR_NOWHERE);
	}
	/* Each of these makes it better where it works; none is needed for the bytes to be good. */
	bool kernel_wipes = madvise(s, state_bytes(), MADV_WIPEONFORK) == 0;
	madvise(s, state_bytes(), MADV_DONTDUMP);
	mlock(s, state_bytes());
	*r = (struct host_rng){{fill}, s, kernel_wipes};
	if (!seed(s, false, err)) {
		host_rng_free(&r->rng);
		return false;
	}
	*out = &r->rng;
	return true;
}

void host_rng_free(struct rng *rng)
{
	if (!rng)
		return;
	struct host_rng *r = (struct host_rng *)rng;
	wipe(r->state, sizeof *r->state);
	munmap(r->state, state_bytes());
	free(r);
}
