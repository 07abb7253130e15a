import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ProblemError } from '../contract/problem.ts';
import { onlineVariable, workflowSnippet } from './snippet.ts';

interface Parsed {
  jobs: {
    where: {
      'runs-on': string;
      steps: { env: { SEEN: string; HERE: string; HOSTED: string }; run: string }[];
    };
    build: { 'runs-on': string; needs: string };
  };
}

const wish = { variable: onlineVariable, repository: 'ann/app', labels: ['self-hosted', 'linux', 'x64'] };
const step = (labels = wish.labels) =>
  (parse(workflowSnippet({ ...wish, labels })) as Parsed).jobs.where.steps[0]!;

/** What the check says when the variable holds `seen`. */
function choice(seen: string, labels = wish.labels): unknown {
  const { env, run } = step(labels);
  const folder = mkdtempSync(join(tmpdir(), 'snippet-'));
  try {
    const output = join(folder, 'output');
    execFileSync('bash', ['--noprofile', '--norc', '-e', '-c', run], {
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], ...env, SEEN: seen, GITHUB_OUTPUT: output },
    });
    const text = readFileSync(output, 'utf8');
    expect(text).toMatch(/^runner=.*\n$/);
    return JSON.parse(text.slice('runner='.length)) as unknown;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ago = (seconds: number): string => String(Math.floor(Date.now() / 1000) - seconds);

describe.skipIf(process.platform === 'win32')('the check', () => {
  it.each([
    ['just now', ago(0), true],
    ['290 s ago', ago(290), true],
    ['310 s ago', ago(310), false],
    ['far ahead', ago(-4000), false],
    ['marked stale', '0', false],
    ['absent', '', false],
    ['with leading zeros', `0${ago(0)}`, true],
    ['text', 'a[$(touch x)]', false],
    ['too long', '9'.repeat(40), false],
  ])('that the variable is %s', (_, seen, here) => {
    expect(choice(seen)).toEqual(here ? wish.labels : 'ubuntu-latest');
  });

  it('gives labels as they are, whatever quotes they hold', () => {
    const labels = ["it's", 'a"b', '$(id)', '`id`', 'c\\d', '#x', '%s'];
    expect(choice(ago(0), labels)).toEqual(labels);
  });
});

describe('the workflow', () => {
  it('is valid YAML with the labels in it, for all labels that a pool may have', () => {
    const label = fc.stringMatching(/^[^\s,]{1,64}$/u).filter((text) => !/\$\{\{|\p{Cc}/u.test(text));
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 5 }), fc.string(), (labels, repository) => {
        const { jobs } = parse(workflowSnippet({ ...wish, labels, repository })) as Parsed;
        expect(JSON.parse(jobs.where.steps[0]!.env.HERE)).toEqual(labels);
        expect(jobs.where['runs-on']).toBe('ubuntu-latest');
      }),
    );
  });

  it('asks the variable, says what it costs, and runs the other job where the check says', () => {
    const text = workflowSnippet({ ...wish, variable: 'HERE_AT_HOME' });
    const { jobs } = parse(text) as Parsed;
    expect(jobs.where.steps[0]!.env.SEEN).toBe('${{ vars.HERE_AT_HOME }}');
    expect(jobs.build).toMatchObject({
      needs: 'where',
      'runs-on': '${{ fromJSON(needs.where.outputs.runner) }}',
    });
    expect(text).toContain('billed as one minute');
    expect(text).not.toContain('undefined');
  });

  it.each(['', '1A', 'A B', "A'", 'A}} ${{ secrets.X', 'GITHUB_X'])(
    'is refused for the variable %j',
    (variable) => {
      expect(() => workflowSnippet({ ...wish, variable })).toThrow(ProblemError);
    },
  );

  it.each([[[]], [['${{ x }}']], [['${{x}}']], [['a b']], [['a\n']]])(
    'is refused for the labels %j',
    (labels) => {
      expect(() => workflowSnippet({ ...wish, labels })).toThrow(ProblemError);
    },
  );
});
