import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commands } from './commands/index.ts';
import { completionScript, shells } from './completion.ts';

const bashAnswers = (words: readonly string[]): readonly string[] => {
  const program = `${completionScript('bash', commands)}
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _homerunner; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const done = spawnSync('bash', ['-c', program, 'bash', ...words], { encoding: 'utf8' });
  expect(done.stderr).toBe('');
  return done.stdout.split('\n').filter((line) => line !== '');
};
const noBash = spawnSync('bash', ['-c', 'true']).status !== 0;

test.skipIf(noBash)('bash completes commands, their second words and their options', () => {
  expect(bashAnswers(['homerunner', 'pa'])).toEqual(['pause']);
  expect(bashAnswers(['homerunner', 'pool', ''])).toEqual(['add', 'list', 'show', 'edit', 'remove', 'check']);
  expect(bashAnswers(['homerunner', 'submit', '--in'])).toEqual(['--in-place']);
  expect(bashAnswers(['homerunner', 'pool', 'add', '--mi'])).toEqual(['--min']);
  expect(bashAnswers(['homerunner', 'job', 'logs', 'x', '--fo'])).toEqual(['--follow']);
});

test('every command and option is in every script', () => {
  for (const shell of shells) {
    const script = completionScript(shell, commands);
    for (const spec of commands) {
      for (const word of spec.name.split(' ')) expect(script).toContain(word);
      for (const option of spec.options)
        expect(script).toMatch(new RegExp(`-l ${option.name}\\b|--${option.name}\\b`));
    }
  }
});

test('fish: quotes cannot end early', () => {
  const odd = [{ ...commands[0]!, name: 'odd', summary: "it's a \\ trap" }];
  expect(completionScript('fish', odd)).toContain(String.raw`-d 'it\'s a \\ trap'`);
});
