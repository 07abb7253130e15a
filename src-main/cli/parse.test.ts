import { describe, expect, test } from 'vitest';
import { ProblemError } from '../contract/problem.ts';
import { parse } from './parse.ts';
import type { CommandSpec } from './spec.ts';

const spec: CommandSpec = {
  name: 'pool bake',
  positionals: ['POOL', '[DIR]'],
  rest: 'CMD ARG…',
  summary: 'For the test.',
  options: [
    { name: 'label', value: 'L', many: true, help: 'A label.' },
    { name: 'arch', value: 'ARCH', help: 'The architecture.' },
    { name: 'min', value: 'N', help: 'The least.' },
    { name: 'follow', short: 'f', help: 'Go on.' },
    { name: 'in-place', help: 'Here.' },
  ],
  run: () => Promise.resolve(0),
};
const bare: CommandSpec = { ...spec, name: 'bare', positionals: [] };
delete (bare as { rest?: string }).rest;

function refused(argv: readonly string[], of = spec): string {
  try {
    parse(of, argv);
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError);
    const { code, message, hint } = (error as ProblemError).problem;
    expect(code).toBe('usage');
    expect(hint).toBe(`See \`homerunner ${of.name} --help\`.`);
    return message;
  }
  throw new Error('it was not refused');
}

test('options before, between and after positional arguments; the rest as it stands', () => {
  const args = parse(spec, [
    '--label',
    'a',
    'p1',
    '-f',
    '--label=b=c',
    'dir',
    '--min',
    '-1',
    '--',
    'make',
    '--label',
    '--',
    '',
  ]);
  expect(args.positionals).toEqual(['p1', 'dir']);
  expect(args.all('label')).toEqual(['a', 'b=c']);
  expect(args.get('min')).toBe('-1');
  expect(args.has('follow')).toBe(true);
  expect(args.has('in-place')).toBe(false);
  expect(args.get('arch')).toBeNull();
  expect(args.all('arch')).toEqual([]);
  expect(args.rest).toEqual(['make', '--label', '--', '']);
});

test('every command takes --json, --home and --help', () => {
  const args = parse(bare, ['--json', '--home', '/h', '-h']);
  expect([args.has('json'), args.get('home'), args.has('help')]).toEqual([true, '/h', true]);
});

test('--help needs nothing else', () => {
  expect(parse(spec, ['--help']).has('help')).toBe(true);
});

describe('what is wrong is said, with the way to the help', () => {
  test.each([
    [['p', '--in-plcae', '--', 'x'], 'pool bake has no option --in-plcae; did you mean --in-place?'],
    [['p', '--zzz', '--', 'x'], 'pool bake has no option --zzz.'],
    [['p', '-x', '--', 'x'], 'pool bake has no option -x.'],
    [['p', '--__proto__', '--', 'x'], 'pool bake has no option --__proto__.'],
    [['p', '--constructor=1', '--', 'x'], 'pool bake has no option --constructor.'],
    [['p', '--in-place=yes', '--', 'x'], 'The option --in-place takes no value.'],
    [['p', '--arch', '--', 'x'], 'The option --arch needs a value (ARCH).'],
    [['p', '--arch', '--label', 'x', '--', 'x'], 'The option --arch needs a value (ARCH).'],
    [['p', '--arch=', '--', 'x'], 'The option --arch needs a value (ARCH).'],
    [['p', '--arch', 'a', '--arch', 'b', '--', 'x'], 'The option --arch is given twice.'],
    [['--', 'x'], 'pool bake needs POOL.'],
    [['p'], 'pool bake needs a command after --.'],
    [['p', '--'], 'pool bake needs a command after --.'],
    [
      ['p', 'd', 'make', 'test'],
      'pool bake does not know what to do with "make"; the command to run comes after --.',
    ],
  ])('%j', (argv, message) => {
    expect(refused(argv)).toBe(message);
  });

  test('a command without a rest', () => {
    expect(refused(['x'], bare)).toBe('bare does not know what to do with "x".');
    expect(refused(['--', 'x'], bare)).toBe('bare takes no command after --.');
  });
});
