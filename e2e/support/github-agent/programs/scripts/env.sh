#!/bin/bash
# The double of env.sh: a snapshot of the environment for later starts.
for name in LANG JAVA_HOME ANT_HOME M2_HOME ANDROID_HOME GRADLE_HOME NVM_BIN NVM_PATH LD_LIBRARY_PATH; do
  [ -n "${!name}" ] && echo "$name=${!name}"
done >.env
echo "$PATH" >.path
