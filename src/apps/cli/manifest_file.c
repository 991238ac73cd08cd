/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/manifest_file.h"

#include "cli/election.h"
#include "cli/output.h"

#include <sys/stat.h>

/* The record is public, so its folder is as open as the operator's umask lets it be. */
bool manifest_file_write(const char *path, bytes exact, struct arena *arena, struct error *err)
{
	struct folder *record;
	struct manifest *m;
	if (!manifest_read(&m, exact, arena, err) || !manifest_dry_run(m, arena, err))
		return false;
	mkdir(path, 0777);
	if (!election_folder_open(&record, path, DISK_MAKE, err))
		return false;
	bool good = folder_write(record, "manifest.json", false, exact, err);
	disk_folder_close(record);
	return good;
}

static bool report_json(const char *command, const char *record, bytes exact, struct error *err)
{
	struct json_writer w;
	digest d = manifest_digest(exact);
	output_json_begin(&w, command);
	json_put_key(&w, "ok");
	json_put_flag(&w, true);
	json_put_key(&w, "record");
	json_put_text(&w, record);
	json_put_key(&w, "digest");
	json_put_hex(&w, BYTES_OF(d.b));
	return output_json_end(&w, err);
}

bool manifest_file_report(const char *command, const struct common_options *o, const char *record,
                          bytes exact, struct error *err)
{
	if (o->json)
		return report_json(command, record, exact, err);
	output_remark(o,
	              "%s/manifest.json is written. Next: everybody reads it (urna manifest check "
	              "%s/manifest.json), then every authority runs urna ceremony --home HOME --record "
	              "%s",
	              record, record, record);
	return true;
}
