import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWorkflow } from './parse.ts';

describe('the YAML of a workflow', () => {
  it('is read', async () => {
    const text = 'on: push\nx: &x { runs-on: linux }\njobs:\n  a: *x\n  1: { runs-on: [b, c] }';
    const read = await parseWorkflow(text);
    expect(read).toMatchObject({
      ok: true,
      workflow: { triggers: ['push'], jobs: [{ id: '1' }, { id: 'a' }] },
    });
  });

  it('names the line that is wrong', async () => {
    const read = await parseWorkflow('on: push\njobs:\n  a: ]\n');
    expect(read).toMatchObject({ ok: false, why: expect.stringContaining('(line 3)') as string });
  });

  const laughs = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`);
  it.each([
    ['lists in lists', `a: ${'['.repeat(100_000)}`],
    ['closed lists in lists', `a: ${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['keys that are maps', '? '.repeat(5_000)],
    ['block lists in block lists', '- '.repeat(50_000)],
    ['names of names', `l0: &l0 [x]\n${laughs.join('\n')}\njobs: *l9`],
    ['errors everywhere', 'a: ]\n'.repeat(20_000)],
  ])(
    'of %s is refused within seconds',
    async (_, text) => {
      const began = performance.now();
      expect((await parseWorkflow(text)).ok).toBe(false);
      expect(performance.now() - began).toBeLessThan(10_000);
    },
    20_000,
  );

  it('may hold itself', async () => {
    const read = await parseWorkflow(
      'on: push\njobs: &j\n  a: { runs-on: &r [*r], strategy: *j }\n  b: *j\n',
    );
    expect(read).toMatchObject({
      ok: true,
      workflow: { jobs: [{ id: 'a', runsOn: { kind: 'unknown' } }] },
    });
  });

  it('never throws', async () => {
    const bits = fc.constantFrom(
      'jobs:',
      'a:',
      ' ',
      '\n',
      '  ',
      '- ',
      '&x ',
      '*x',
      '{',
      '}',
      '[',
      ']',
      '"',
      '? ',
      '<<:',
      '!!map',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(bits, { maxLength: 30 }), async (parts) => {
        expect(await parseWorkflow(parts.join(''))).toHaveProperty('ok');
      }),
    );
  });
});
