#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# cppcheck finds nothing in src. What is left out, with reasons: cppcheck-suppressions.txt.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/configure.sh lint-gcc
mkdir -p build/cppcheck
cppcheck -q -j 2 --project=build/lint-gcc/compile_commands.json --file-filter='src/*' \
	--enable=warning,performance,portability --std=c11 --platform=unix64 \
	--suppressions-list=tools/lint/cppcheck-suppressions.txt \
	--cppcheck-build-dir=build/cppcheck --error-exitcode=1 \
	--template='{file}:{line}: {severity}: {message} [{id}]'
