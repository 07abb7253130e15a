import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fitOf } from './fit.ts';
import { readWorkflow } from './read.ts';
import type { RunsOn, Workflow, WorkflowJob } from './types.ts';

function read(text: string): Workflow {
  const result = readWorkflow(parse(text));
  if (!result.ok) throw new Error(result.why);
  return result.workflow;
}

function jobs(text: string): readonly WorkflowJob[] {
  return read(`on: push\njobs:\n${text}`).jobs;
}

function runsOn(text: string): RunsOn {
  return jobs(text)[0]!.runsOn;
}

const labels = (found: RunsOn): unknown =>
  found.kind === 'known' ? found.wishes.map((wish) => wish.labels.join(' ')).sort() : found.kind;

describe('a workflow', () => {
  it.each([
    ['push', ['push']],
    ['[push, pull_request]', ['push', 'pull_request']],
    ['{ push: { branches: [main] }, pull_request_target: }', ['push', 'pull_request_target']],
  ])('is started by %s', (on, triggers) => {
    expect(read(`on: ${on}\njobs: {}`).triggers).toEqual(triggers);
  });

  it.each([[null], ['text'], [[]], [{}], [{ jobs: [] }], [7]])('is not %j, and says so', (value) => {
    expect(readWorkflow(value)).toMatchObject({ ok: false });
  });

  it('is read without a throw whatever it holds', () => {
    const job = fc.record(
      {
        'runs-on': fc.oneof(fc.anything(), fc.constant('${{ matrix.a }}'), fc.constant('x-${{ matrix.a }}')),
        strategy: fc.oneof(
          fc.anything(),
          fc.record({
            matrix: fc.dictionary(
              fc.constantFrom('a', 'b', 'include', 'exclude', '__proto__'),
              fc.anything(),
            ),
          }),
        ),
        steps: fc.anything(),
        container: fc.anything(),
        services: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const value = fc.record({ on: fc.anything(), jobs: fc.dictionary(fc.string(), job) });
    fc.assert(
      fc.property(value, (made) => {
        const result = readWorkflow(made);
        expect(result.ok).toBe(true);
        if (!result.ok) return;
        for (const each of result.workflow.jobs) {
          fitOf(each, { labels: ['self-hosted'], group: 'Default' }, { docker: false, hasTool: () => false });
          if (each.runsOn.kind !== 'known') continue;
          for (const wish of each.runsOn.wishes) {
            expect(wish.labels.length > 0 || wish.group !== null).toBe(true);
            expect(wish.labels.every((label) => typeof label === 'string' && label !== '')).toBe(true);
          }
        }
      }),
    );
  });
});

describe('runs-on', () => {
  it.each<[string, unknown]>([
    ['ubuntu-latest', ['ubuntu-latest']],
    ['[self-hosted, linux]', ['self-hosted linux']],
    ['{ labels: gpu }', ['gpu']],
    ['{ group: big, labels: [gpu, x64] }', ['gpu x64']],
    ['${{ inputs.runner }}', 'unknown'],
    ['${{ fromJSON(needs.where.outputs.runner) }}', 'unknown'],
    ['[self-hosted, "${{ github.ref }}"]', 'unknown'],
    ['""', 'unknown'],
    ['[]', 'unknown'],
  ])('%s', (written, expected) => {
    expect(
      labels(
        runsOn(
          `  a: { runs-on: ${written.includes('${{') && !written.startsWith('[') ? `"${written}"` : written} }`,
        ),
      ),
    ).toEqual(expected);
  });

  it('is elsewhere for a job that calls another workflow', () => {
    expect(runsOn('  a: { uses: ./.github/workflows/b.yml }')).toEqual({
      kind: 'elsewhere',
      workflow: './.github/workflows/b.yml',
    });
  });

  it('keeps the group', () => {
    expect(runsOn('  a: { runs-on: { group: big } }')).toEqual({
      kind: 'known',
      wishes: [{ labels: [], group: 'big' }],
    });
  });

  const matrix = (written: string, of: string): unknown =>
    labels(runsOn(`  a:\n    runs-on: ${written}\n    strategy: { matrix: ${of} }`));

  it.each<[string, string, unknown]>([
    ['${{ matrix.os }}', '{ os: [a, b], node: [1, 2] }', ['a', 'b']],
    ['${{ matrix.os }}-${{ matrix.v }}', '{ os: [a, b], v: [1, 2] }', ['a-1', 'a-2', 'b-1', 'b-2']],
    ['${{ matrix.os }}', '{ os: [[self-hosted, gpu], b] }', ['b', 'self-hosted gpu']],
    ['${{ matrix.host.name }}', '{ host: [{ name: a }, { name: b }] }', ['a', 'b']],
    ['[self-hosted, "${{ matrix.os }}"]', '{ os: [a, b] }', ['self-hosted a', 'self-hosted b']],
    [
      '${{ matrix.os }}-${{ matrix.v }}',
      '{ os: [a, b], v: [1, 2], exclude: [{ os: a, v: 2 }] }',
      ['a-1', 'b-1', 'b-2'],
    ],
    ['${{ matrix.os }}', '{ include: [{ os: a }, { os: b }] }', ['a', 'b']],
    ['${{ matrix.on }}', '{ v: [1, 2], include: [{ on: x }, { v: 2, on: y }] }', ['x', 'y']],
    ['${{ matrix.os }}', '{ os: [a], include: [{ os: b, extra: 1 }] }', ['a', 'b']],
    ['${{ matrix.os }}', '{ os: [a], node: "${{ fromJSON(inputs.nodes) }}" }', ['a']],
    ['${{ matrix.os }}', '{ os: "${{ fromJSON(inputs.os) }}" }', 'unknown'],
    ['${{ matrix.os }}', '"${{ fromJSON(inputs.all) }}"', 'unknown'],
    ['${{ matrix.os }}', '{ os: [a, "${{ inputs.os }}"] }', 'unknown'],
    ['${{ matrix.other }}', '{ os: [a] }', 'unknown'],
  ])('%s over %s', (written, of, expected) => {
    expect(matrix(written, of)).toEqual(expected);
  });

  it('does not multiply out more than GitHub starts', () => {
    const many = JSON.stringify(Array.from({ length: 100 }, (_, i) => i));
    expect(matrix('${{ matrix.a }}', `{ a: ${many}, b: ${many}, c: ${many} }`)).toBe('unknown');
  });
});

describe('what a job gets here', () => {
  const pool = { labels: ['self-hosted', 'linux', 'x64'], group: 'Default' };
  const bare = { docker: false, hasTool: () => false };
  const rich = { docker: true, hasTool: () => true };
  const fit = (text: string, host = bare): ReturnType<typeof fitOf> => fitOf(jobs(text)[0]!, pool, host);

  it.each([
    ['[self-hosted, Linux, X64]', 'taken', null],
    ['ubuntu-24.04', 'hosted', 'ubuntu-24.04'],
    ['windows-latest', 'hosted', 'windows-latest'],
    ['[self-hosted, windows]', 'other', 'self-hosted, windows'],
    ['{ group: big, labels: [linux] }', 'other', 'group big, linux'],
    ['{ group: default, labels: [linux] }', 'taken', null],
    ['"${{ inputs.x }}"', 'unknown', '${{ inputs.x }}'],
  ])('by runs-on: %s', (written, verdict, asks) => {
    expect(fit(`  a: { runs-on: ${written} }`)).toMatchObject({ verdict, asks });
  });

  it('comes in part where a matrix asks for other machines too', () => {
    const text = '  a:\n    runs-on: ${{ matrix.os }}\n    strategy: { matrix: { os: [linux, macos-14] } }';
    expect(fit(text)).toMatchObject({ verdict: 'taken', asks: 'macos-14' });
  });

  it.each([
    ['container: alpine', ['a job container']],
    ['container: { image: alpine }', ['a job container']],
    ['services: { db: { image: postgres } }', ['service containers']],
    ['steps: [{ uses: "docker://alpine:3" }]', ['the action docker://alpine:3']],
    ['steps: [{ uses: docker/build-push-action@v6 }]', ['the action docker/build-push-action@v6']],
    ['steps: [{ run: "make; docker build ." }]', ['the docker command']],
    ['steps: [{ uses: actions/checkout@v4 }, { run: "echo docker" }]', []],
  ])('needs an engine for %s', (more, engine) => {
    expect(fit(`  a: { runs-on: linux, ${more} }`).engine).toEqual(engine);
    expect(fit(`  a: { runs-on: linux, ${more} }`, rich).engine).toEqual([]);
    expect(fit(`  a: { runs-on: ubuntu-latest, ${more} }`).engine).toEqual([]);
  });

  it.each([
    ['[{ run: "npm ci && npm test" }]', ['npm']],
    ['[{ uses: actions/setup-node@v4 }, { run: "npm ci" }]', []],
    ['[{ uses: dtolnay/rust-toolchain@stable }, { run: "cargo test" }]', []],
    ['[{ run: "X=1 cmake .. | jq ." }]', ['cmake', 'jq']],
    ['[{ run: "echo npm" }]', []],
    ['[{ run: "constructor" }]', []],
  ])('calls what is not here: %s', (steps, tools) => {
    expect(fit(`  a: { runs-on: linux, steps: ${steps} }`).tools).toEqual(tools);
    expect(fit(`  a: { runs-on: linux, steps: ${steps} }`, rich).tools).toEqual([]);
  });

  it.each([
    ['sudo apt-get install -y jq', true],
    ['apt-get update', true],
    ['cd x && sudo make install', true],
    ['echo pseudo code', false],
  ])('asks for rights: %s', (script, rights) => {
    expect(fit(`  a: { runs-on: linux, steps: [{ run: ${JSON.stringify(script)} }] }`).rights).toBe(rights);
  });
});
