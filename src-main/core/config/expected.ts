/** What a schema expects, in words: so that each wrong field or variable is answered in the same way. */

/** The parts of a valibot schema that are read here. */
export interface Shape {
  readonly type: string;
  readonly options?: unknown;
  readonly wrapped?: Shape;
  readonly item?: Shape;
  readonly pipe?: readonly unknown[];
}

interface Rule {
  readonly type?: unknown;
  readonly requirement?: unknown;
  readonly message?: unknown;
}

/** "a whole number from 0 to 19", "one of auto, manual", "text or null". */
export function expected(schema: Shape): string {
  const rules = (schema.pipe ?? []) as readonly Rule[];
  const own = rules.find((rule) => typeof rule.message === 'string')?.message;
  if (typeof own === 'string') return own;
  const { wrapped, item } = schema;
  if (schema.type === 'nullable' && wrapped !== undefined) return `${expected(wrapped)} or null`;
  if (wrapped !== undefined) return expected(wrapped);
  if (schema.type === 'array' && item !== undefined) return `a list; in it: ${expected(item)}`;
  if (schema.type === 'picklist' && Array.isArray(schema.options))
    return `one of ${schema.options.join(', ')}`;
  if (schema.type === 'number') return numberText(rules);
  return words[schema.type] ?? schema.type;
}

const words: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  string: 'text',
  object: 'an object with fields',
};

function numberText(rules: readonly Rule[]): string {
  const bound = (type: string): string | null => {
    const limit = rules.find((rule) => rule.type === type)?.requirement;
    return typeof limit === 'number' ? String(limit) : null;
  };
  const [least, most] = [bound('min_value'), bound('max_value')];
  const number = rules.some((rule) => rule.type === 'integer') ? 'a whole number' : 'a number';
  if (least !== null && most !== null) return `${number} from ${least} to ${most}`;
  return least === null ? number : `${number} of at least ${least}`;
}
