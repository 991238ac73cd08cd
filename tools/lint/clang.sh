#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Everything compiles with clang, release flags, without a warning.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
tools/configure.sh lint-clang || exit
ninja -k 0 -C build/lint-clang | grep -vE '^(\[[0-9]+/[0-9]+\] |ninja: (Entering|no work))'
exit "${PIPESTATUS[0]}"
