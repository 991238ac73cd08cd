#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Nothing is found in any script by shellcheck. Left out, for reasons:
#   SC1091  a file that a script reads is checked by itself
#   SC2317  what a trap calls is not unreachable
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/lint/files.sh
our_scripts | xargs -r shellcheck -e SC1091,SC2317
