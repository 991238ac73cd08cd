/* SPDX-License-Identifier: Apache-2.0 */
/* How the parts of an importer look at fields and say what became of them. */
#ifndef MANIFEST_IMPORT_INTERNAL_H
#define MANIFEST_IMPORT_INTERNAL_H

#include "manifest/import_sequent.h"
#include "json/read.h"

struct importing {
	struct arena *arena;
	struct error *err;
	const struct manifest_draft *base;
	struct sequent_election *election;
	struct import_entry **end;          /* where the next entry is hung */
	const struct import_entry *last;    /* the entry before that */
	const struct import_entry *repeats; /* not NULL: entries after this one are told once */
	bytes prefix;                       /* the place of a text that is JSON itself, or empty */
	bool failed;                        /* err says why; nothing is noted any more */
};

/* Which values of a field are harmless. EMPTY: null, false, 0, "", [], {} and "{}", as if it were
 * not there. READ: code of its own looks at it and notes it. */
enum import_values {
	VALUES_ANY,
	VALUES_EMPTY,
	VALUES_TRUE,
	VALUES_ONE,
	VALUES_READ,
	VALUES_NONE,
};
struct import_field {
	const char *key;
	enum import_values harmless;
	const char *because;   /* a harmless value is ignored */
	const char *otherwise; /* another one is unsupported */
};
struct import_fields {
	const struct import_field *list;
	size_t count;
};
#define IMPORT_FIELDS(array) ((struct import_fields){(array), sizeof(array) / sizeof((array)[0])})

/* Notes every member of the object but those to READ. WRONG and false when it is no object. */
bool import_walk(struct importing *im, const struct json_value *object,
                 struct import_fields fields);

void import_note(struct importing *im, const struct json_value *v, enum import_fate fate,
                 const char *because);
void import_note_detail(struct importing *im, const struct json_value *v, enum import_fate fate,
                        const char *because, const char *detail);
void import_note_missing(struct importing *im, const struct json_value *object, const char *key);
/* A WRONG entry from what a reader of the value said. */
void import_note_error(struct importing *im, const struct json_value *v, const struct error *why);

/* A member, or NULL: absent, null, or not in an object. */
const struct json_value *import_member(const struct json_value *object, const char *key);
bool import_is_empty(const struct json_value *v);
bool import_is_word(const struct json_value *v, const char *word); /* a text, or true as "true" */
/* The items of a member; 0 when it is absent. WRONG and false when it is no array. */
bool import_items(struct importing *im, const struct json_value **list, size_t *count,
                  const struct json_value *object, const char *key);

/* Texts are kept in the arena. Notes MAPPED because, or WRONG; absent: WRONG unless optional. */
enum import_text {
	IMPORT_LINE,
	IMPORT_LINES, /* tabs and line ends allowed, may be empty */
};
bool import_text(struct importing *im, bytes *out, const struct json_value *object, const char *key,
                 enum import_text kind, const char *because);
bool import_keep(struct importing *im, bytes *out, bytes text);

/* The parts of Sequent's format. */
void sequent_question(struct importing *im, struct manifest_draft_question *out,
                      const struct json_value *v);
/* Fills answers, their number and write_ins; false when they cannot be used. */
bool sequent_answers(struct importing *im, struct manifest_draft_question *out,
                     const struct json_value *question);
bool sequent_method(struct importing *im, bytes *rule, const struct json_value *question);
void sequent_pipes(struct importing *im, const struct json_value *object, const char *key);

#endif
