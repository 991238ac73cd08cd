/* SPDX-License-Identifier: Apache-2.0 */
/* Names of boards and witnesses, as the manifest allows them. */
#ifndef CLI_NOTE_NAME_H
#define CLI_NOTE_NAME_H

/* Why this is none, or NULL. C2SP signed notes want no blanks and no '+'. */
const char *note_name_refuse(const char *name);

#endif
