#!/usr/bin/env node
// The entry for plain Node: parses the command line and runs the command. Nothing is behind it yet.
process.stderr.write(`homerunner ${__VERSION__} has no commands yet\n`);
process.exitCode = 1;
