#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# clang-format 14 changes nothing. To repair: clang-format -i FILE.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/lint/files.sh
tool=$(command -v clang-format-14 || command -v clang-format)
our_files '*.c' '*.h' | xargs -r -P 2 -n 40 "$tool" --dry-run -Werror
