#!/bin/bash
# The double of config.sh: not for root, and for `remove` the listener's other command.
if [ "$(id -u)" -eq 0 ] && [ -z "$RUNNER_ALLOW_RUNASROOT" ]; then
  echo "Must not run with sudo"
  exit 1
fi
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
if [ "$1" = remove ]; then exec ./bin/Runner.Listener "$@"; fi
./env.sh
exec ./bin/Runner.Listener configure "$@"
