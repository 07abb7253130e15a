#!/bin/bash
# The double of run.sh: starts the helper again for as long as that asks for it. Ends with 0 whatever happened, but for
# a deprecated version that was asked for, and for signals when it was told to trap them.
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

helper() {
  cp -f "$here/run-helper.sh.template" "$here/run-helper.sh"
  chmod +x "$here/run-helper.sh"
}

plain() {
  while :; do
    helper
    "$here/run-helper.sh" $*
    code=$?
    [ $code -eq 2 ] || break
    echo "Restarting runner..."
  done
  echo "Exiting runner..."
  if [ $code -eq 7 ] && [ "$ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE" = 1 ]; then exit 7; fi
  exit 0
}

# The helper is the leader of a group of its own; a signal here becomes Ctrl-C for that group.
stop() {
  trap '' INT TERM
  echo "Exiting runner..."
  kill -INT -- "-$child" 2>/dev/null
  wait "$child"
  exit "$1"
}

trapping() {
  trap 'stop 130' INT
  trap 'stop 143' TERM
  set -m
  while :; do
    helper
    "$here/run-helper.sh" $* &
    child=$!
    wait "$child"
    code=$?
    [ $code -eq 2 ] || exit $code
    echo "Restarting runner..."
  done
}

if [ -n "$RUNNER_MANUALLY_TRAP_SIG" ]; then trapping $*; else plain $*; fi
