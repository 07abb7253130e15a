#!/bin/bash
# The double needs nothing but Node; the real one wants root first.
if [ "$(id -u)" -ne 0 ]; then
  echo "Need to run with sudo privilege"
  exit 1
fi
exit 0
