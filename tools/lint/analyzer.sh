#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# gcc's -fanalyzer on the layers that handle files, memory and processes: platform and services.
# Left out: analyzer-malloc-leak takes "*out = &s->source", our way to hand out an object by its
# first member, for a leak; real ones are found by LeakSanitizer in `make test`.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/lint/files.sh
our_files 'src/platform/*.c' 'src/services/*.c' | xargs -r -P 2 -n 1 gcc -std=gnu17 -O1 \
	-D_GNU_SOURCE -Isrc/core -Isrc/protocol -Isrc/platform -Isrc/services \
	-include tools/lint/analyzer_model.h -fanalyzer -Wno-analyzer-malloc-leak -Werror \
	-c -o /dev/null
