/** The README's table of phases is made of the rules themselves, so that it cannot tell another story. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { phaseRules } from './phase.ts';

const marks = /(<!-- phases:[^\n]*-->\n)[\s\S]*?(<!-- \/phases -->)/;

function table(): string {
  const rows = phaseRules.map((rule) => `| \`${rule.phase}\` | ${rule.when} |`);
  return [
    '',
    '| phase | when |',
    '| --- | --- |',
    ...rows,
    '| `gone` | nothing of it is left |',
    '',
    '',
  ].join('\n');
}

test('the README shows the rules as they are', () => {
  const text = readFileSync('README.md', 'utf8');
  const made = text.replace(marks, (_all, begin: string, end: string) => `${begin}${table()}${end}`);
  if (process.env['UPDATE_README'] === '1') writeFileSync('README.md', made);
  else expect(text).toBe(made);
});
