/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What cairo 1.16 cannot say in a PDF, as an incremental update (ISO 32000-1, 7.5.6) behind its
 * bytes: the language of the text, and that a reader shows the title instead of the file's name.
 * It would also say a time of creation always; without one of the caller's that is taken out.
 *
 * Inputs: a PDF as cairo writes it, with a table of cross-references. BUG where it is another.
 * Memory: out is on the heap, the caller's to free.
 */
#ifndef REPORT_PDF_UPDATE_H
#define REPORT_PDF_UPDATE_H

#include "base/bytes.h"
#include "base/error.h"

struct pdf_update {
	const char *language; /* "en" */
	bool keep_date;
};

bool pdf_update(uint8_t **out, size_t *len, bytes pdf, const struct pdf_update *u,
                struct error *err) must_check;

#endif
