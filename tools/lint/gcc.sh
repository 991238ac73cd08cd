#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Everything compiles with gcc, release flags, without a warning.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
tools/configure.sh lint-gcc || exit
ninja -k 0 -C build/lint-gcc | grep -vE '^(\[[0-9]+/[0-9]+\] |ninja: (Entering|no work))'
exit "${PIPESTATUS[0]}"
