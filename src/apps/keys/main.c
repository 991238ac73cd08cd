/* SPDX-License-Identifier: Apache-2.0 */
/* urna-keys: the process that holds an authority's keys. `urna` starts it. */
#include "group/point.h"
#include "host/jail.h"
#include "host/process.h"
#include "keys/report.h"
#include "keys/work.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static bool protect(struct error *err)
{
	host_report_require();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return fail(err, ERROR_IO, "keys: it cannot be made to end with urna", ERROR_NOWHERE);
	return host_forbid_core_dumps(err) && host_watch_stop(err) && identity_ready(err) &&
	       group_init(NULL, err);
}

static void say_unguarded(void)
{
	struct error e;
	error_clear(&e);
	fail(&e, ERROR_UNAVAILABLE,
	     "keys: this kernel has no Landlock; the key process could open files outside its folders",
	     ERROR_NOWHERE);
	report_notice(&e);
}

/* Files before threads, which inherit it; calls after them, for the jail makes none. */
static bool enter(struct work *w, struct error *err)
{
	const struct jail_folder folders[] = {{WIRE_RECORD, work_writes_record(w)}, {WIRE_HOME, true}};
	bool guarded = true;
	if (w->request.without_jail)
		return work_open(w, err);
	if (!host_jail_folders(&guarded, folders, 2, err) || !work_open(w, err) ||
	    !host_jail_close(err))
		return false;
	if (!guarded)
		say_unguarded();
	return true;
}

int main(int argc, char **argv)
{
	static struct work w;
	struct error err;
	(void)argv;
	error_clear(&err);
	if (argc != 1) {
		fputs("urna-keys holds an authority's keys while urna works for it, and is started by "
		      "urna.\nurna help says what there is.\n",
		      stderr);
		return 2;
	}
	if (!protect(&err) || !wire_read_request(&w.request, WIRE_FROM, &err)) {
		fprintf(stderr, "urna-keys: %s: %s\n", error_kind_name(err.kind), err.what ? err.what : "");
		return 3;
	}
	bool good = enter(&w, &err) && work_do(&w, &err);
	int code = good ? report_done(w.authority.index, &w.key.eid, bytes_of(w.data, w.data_len))
	                : report_failed(&err, w.wrong_usage);
	work_close(&w);
	return code;
}
