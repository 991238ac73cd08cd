/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include "base/limits.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum {
	KEY_JSON = 0x100,
	KEY_THREADS,
	KEY_MEMORY,
	KEY_PROGRESS,
	KEY_PARENT,
};

static const struct argp_option options[] = {
	{"json", KEY_JSON, NULL, 0, "Print one JSON object on standard output instead of text", 0},
	{"quiet", 'q', NULL, 0, "No progress and no remarks; results and errors only", 0},
	{"threads", KEY_THREADS, "N", 0, "Use N threads (default: every CPU)", 0},
	{"memory-limit", KEY_MEMORY, "SIZE", 0,
     "Never use more than SIZE, such as 500M or 8G (default 64G of address space, of which only "
     "what the work needs is touched)",
     0},
	{"progress", KEY_PROGRESS, "HOW", 0,
     "auto (default: bars on a terminal), plain (a line for every ten percent) or none", 0},
	{"parent", KEY_PARENT, "PID", OPTION_HIDDEN, "End when the process PID does", 0},
	{0},
};

static uint64_t parse_size(struct argp_state *state, const char *text)
{
	char *end;
	errno = 0;
	unsigned long long v = strtoull(text, &end, 10);
	unsigned shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : *end == 'T' ? 40 : 0;
	bool good = errno == 0 && isdigit((unsigned char)*text) && end[shift ? 1 : 0] == '\0';
	if (!good || v == 0 || v > (UINT64_C(1) << 46) >> shift)
		argp_error(state, "--memory-limit: '%s' is not a size such as 500M or 8G", text);
	return (uint64_t)v << shift;
}

static enum progress_mode parse_progress(struct argp_state *state, const char *text)
{
	static const struct {
		const char *name;
		enum progress_mode mode;
	} known[] = {{"auto", PROGRESS_AUTO}, {"plain", PROGRESS_PLAIN}, {"none", PROGRESS_QUIET}};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(text, known[i].name) == 0)
			return known[i].mode;
	argp_error(state, "--progress: '%s' is none of auto, plain, none", text);
	return PROGRESS_AUTO;
}

/* A child of urna run must not go on alone, however its parent ended. */
static void end_with_parent(struct argp_state *state, const char *text)
{
	uint64_t pid = options_number(state, "--parent", text, 1, INT32_MAX);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) != 0 || (uint64_t)getppid() != pid)
		argp_error(state, "--parent: %s is not the parent any more", text);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct common_options *o = state->input;
	switch (key) {
	case KEY_JSON:
		o->json = true;
		return 0;
	case 'q':
		o->quiet = true;
		o->progress = PROGRESS_QUIET;
		return 0;
	case KEY_THREADS:
		o->threads = (unsigned)options_number(state, "--threads", arg, 1, LIMIT_WORKERS);
		return 0;
	case KEY_MEMORY:
		o->memory_limit = parse_size(state, arg);
		return 0;
	case KEY_PROGRESS:
		o->progress = parse_progress(state, arg);
		return 0;
	case KEY_PARENT:
		end_with_parent(state, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp common = {.options = options, .parser = parse};
const struct argp_child options_common[] = {{&common, 0, "Every command understands:", 10}, {0}};

void options_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	error_t code = argp_parse(argp, argc, argv, 0, NULL, input);
	if (code != 0) { /* argp ends the program by itself for everything but a lack of memory */
		fprintf(stderr, "%s: %s\n", argv[0], strerror(code));
		exit(argp_err_exit_status);
	}
}

uint64_t options_number(struct argp_state *state, const char *option, const char *text,
                        uint64_t min, uint64_t max)
{
	char *end;
	errno = 0;
	unsigned long long v = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end || errno != 0)
		argp_error(state, "%s: '%s' is not a number", option, text);
	else if (v < min || v > max)
		argp_error(state, "%s: %llu is not in %llu ... %llu", option, v, (unsigned long long)min,
		           (unsigned long long)max);
	return v;
}

uint64_t options_seconds(struct argp_state *state, const char *option, const char *text)
{
	char *end;
	errno = 0;
	double v = strtod(text, &end);
	if (!isdigit((unsigned char)*text) || *end || errno != 0 || !(v >= 0.001 && v <= 1e8))
		argp_error(state, "%s: '%s' is not a number of seconds", option, text);
	return (uint64_t)(v * 1000);
}

unsigned options_order(struct argp_state *state, const char *option, const char *text,
                       uint16_t *out, unsigned most)
{
	unsigned count = 0;
	for (const char *p = text;;) {
		char *end;
		errno = 0;
		unsigned long long v = strtoull(p, &end, 10);
		if (!isdigit((unsigned char)*p) || errno != 0 || (*end && *end != ','))
			argp_error(state, "%s: '%s' is not a list such as 2,1,3", option, text);
		if (v < 1 || v > most)
			argp_error(state, "%s: %llu is not in 1 ... %u", option, v, most);
		for (unsigned i = 0; i < count; i++)
			if (out[i] == v - 1)
				argp_error(state, "%s: %llu stands there twice", option, v);
		out[count++] = (uint16_t)(v - 1);
		if (!*end)
			return count;
		p = end + 1;
	}
}

void options_need(struct argp_state *state, const char *option, const void *value)
{
	if (!value)
		argp_error(state, "%s is missing", option);
}
