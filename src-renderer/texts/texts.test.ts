import { parse } from 'svelte/compiler';
import { describe, expect, test } from 'vitest';
import { de } from './de.ts';
import { en, type Message } from './en.ts';
import { speechOf } from './speech.ts';

const forms = (message: Message): readonly string[] =>
  typeof message === 'string' ? [message] : [message.one, message.other];
const blanks = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
const keys = Object.keys(en) as (keyof typeof en)[];

describe('German', () => {
  test('has the same blanks in every text', () => {
    for (const key of keys) {
      const english = [...new Set(forms(en[key]).flatMap(blanks))].sort();
      const german = [...new Set(forms(de[key]).flatMap(blanks))].sort();
      expect(german, key).toEqual(english);
    }
  });
  test('is another text than English, but for names', () => {
    const same = keys.filter((key) => JSON.stringify(en[key]) === JSON.stringify(de[key]));
    const names =
      /^(unit|place\.forge\.github$|cap\.(cpu|gpu|training)|forge|nav\.(jobs|pools)|pool\.(title|name|count)|mode\.auto|form\.(name|size\.(standard|each))|jobs\.(title|of|forge)|job\.col\.job|machine\.(labels|threads|system|size|containers|kvm)|run\.cpuName|runtime\.container|tier\.standard|set\.theme\.system|set\.language\.system|jobs\.pool|jobs\.nowCpu|set\.nice\.own|about\.(version|homerunner|engine|website)|side\.|ledger\.total|cap\.short\.(container|training))/;
    expect(same.filter((key) => !names.test(key))).toEqual([]);
  });
});

test('plurals are chosen by the rules of the language, numbers written in its way', () => {
  expect(speechOf('en').t('side.jobs', { n: 1 })).toBe('1 job running');
  expect(speechOf('en').t('side.jobs', { n: 0 })).toBe('0 jobs running');
  expect(speechOf('de').t('ledger.total', { n: 1284 })).toBe('1.284 Jobs');
});

test('what is filled in is never read as a blank again', () => {
  expect(speechOf('en').t('do.more', { name: '{name} $& $1' })).toBe('More for {name} $& $1');
});

test('no quantity and unit are torn apart, no exclamation marks, no "job(s)"', () => {
  for (const message of [...Object.values<Message>(en), ...Object.values<Message>(de)])
    for (const text of forms(message)) {
      expect(text).not.toMatch(/\{n\} (GiB|MiB|min|s|h|%)(?![a-zäöü])/);
      expect(text).not.toMatch(/!|\(s\)|\(n\)/);
    }
});

const sources = import.meta.glob<string>(['../**/*.svelte', '!../components/Sprite.svelte'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
/** Names that are the same in every language. */
const names = new Set(['Homerunner', 'Electron', 'Chromium', 'Node.js', 'MMMMMMMMMMMMMMMMMMMM', 'pid']);
const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'aria-roledescription']);

interface Node {
  readonly type?: string;
  readonly name?: string;
  readonly data?: string;
  readonly value?: unknown;
}

/** Words that stand in the markup itself, and inline styles, which the policy of the page would refuse. */
function faultsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(faultsOf);
  if (typeof node !== 'object' || node === null) return [];
  const { type, name = '', data = '', value } = node as Node;
  if (type === 'Script' || type === 'StyleSheet' || type === 'Comment' || type === 'StyleDirective')
    return [];
  const words = (text: string): string[] =>
    (text.match(/\p{L}[\p{L}.]+/gu) ?? []).filter((word) => !names.has(word));
  if (type === 'Text') return words(data);
  if (type === 'Attribute') {
    if (name === 'style') return ['style='];
    if (!spoken.has(name))
      return Array.isArray(value)
        ? value.filter((part) => (part as Node).type !== 'Text').flatMap(faultsOf)
        : faultsOf(value);
  }
  return Object.entries(node).flatMap(([key, child]) => (key === 'expression' ? [] : faultsOf(child)));
}

test.each(Object.entries(sources))('%s says nothing but by key, and has no inline style', (_, source) => {
  expect(faultsOf(parse(source, { modern: true }).fragment)).toEqual([]);
});
