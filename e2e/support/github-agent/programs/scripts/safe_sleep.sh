#!/bin/bash
# Sleeps for so many seconds.
exec sleep "$1"
