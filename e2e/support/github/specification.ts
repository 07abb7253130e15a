/** Validates requests and answers with GitHub's own OpenAPI description. */
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import description from './openapi.json';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: unknown;
}

interface Operation {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, unknown>>;
  };
  readonly responses: Readonly<Record<string, unknown>>;
}

const document = description as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** OpenAPI 3.0 writes "or null" as a keyword; JSON Schema as a type. */
function withNull(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withNull(item));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'nullable');
  const schema = Object.fromEntries(entries.map(([key, item]) => [key, withNull(item)]));
  return 'nullable' in value && value['nullable'] === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

const ajv = new Ajv({ strict: false, logger: false, allErrors: false, coerceTypes: false });
formats(ajv);
const coercing = new Ajv({ strict: false, logger: false, coerceTypes: true });
formats(coercing);
const schemas = withNull(description) as object;
ajv.addSchema(schemas, 'github');
coercing.addSchema(schemas, 'github');

const compiled = new Map<string, ValidateFunction>();

function check(engine: Ajv, pointer: string, value: unknown): string | null {
  const key = `${engine === coercing ? '~' : ''}${pointer}`;
  const validate = compiled.get(key) ?? engine.compile({ $ref: `github#${pointer}` });
  compiled.set(key, validate);
  return validate(value) ? null : ajv.errorsText(validate.errors, { dataVar: 'it' });
}

const escape = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
const operationAt = (method: string, path: string): string =>
  `/paths/${escape(path)}/${method.toLowerCase()}`;

const operationOf = (method: string, path: string): Operation | undefined =>
  document.paths[path]?.[method.toLowerCase()];

export interface Asked {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** null: no body was sent. */
  readonly body: unknown;
}

function checkParameters(operation: Operation, at: string, asked: Asked): string[] {
  const faults: string[] = [];
  const known = new Set<string>();
  (operation.parameters ?? []).forEach((entry, index) => {
    const name = '$ref' in entry ? (entry.$ref.split('/')[3] ?? '') : null;
    const parameter = name === null ? entry : document.components['parameters']?.[name];
    const pointer = name === null ? `${at}/parameters/${index}` : `/components/parameters/${escape(name)}`;
    const { name: called, in: where, required } = parameter as Parameter;
    known.add(called);
    const value = where === 'query' ? asked.query.get(called) : (asked.params[called] ?? null);
    if (value === null && required) faults.push(`${called} is missing`);
    const fault = value === null ? null : check(coercing, `${pointer}/schema`, value);
    if (fault) faults.push(`${called}: ${fault}`);
  });
  for (const called of asked.query.keys())
    if (!known.has(called)) faults.push(`there is no parameter ${called}`);
  return faults;
}

function checkBody(operation: Operation, at: string, body: unknown): string[] {
  const { requestBody } = operation;
  const empty = body === null || (typeof body === 'object' && Object.keys(body).length === 0);
  if (!requestBody) return empty ? [] : ['it takes no body'];
  if (body === null) return requestBody.required ? ['the body is missing'] : [];
  const pointer = `${at}/requestBody/content/${escape('application/json')}/schema`;
  const fault = check(ajv, pointer, body);
  const media = requestBody.content['application/json'] as { schema?: { properties?: object } } | undefined;
  const properties = media?.schema?.properties;
  const unknown =
    properties && typeof body === 'object' ? Object.keys(body).filter((key) => !(key in properties)) : [];
  return [...(fault ? [fault] : []), ...unknown.map((key) => `the body has no ${key}`)];
}

/** What of a request breaks the description, in words; empty: nothing. */
export function checkRequest(method: string, path: string, asked: Asked): string[] {
  const operation = operationOf(method, path);
  if (!operation) return ['no such operation'];
  const at = operationAt(method, path);
  return [...checkParameters(operation, at, asked), ...checkBody(operation, at, asked.body)];
}

/** What of a described answer breaks its description; null: nothing, or its status is not described. */
export function checkAnswer(method: string, path: string, status: number, body: unknown): string | null {
  const response = operationOf(method, path)?.responses[String(status)] as
    { readonly $ref?: string; readonly content?: object } | undefined;
  if (response === undefined) return null;
  const name = response.$ref?.split('/')[3];
  const media = name === undefined ? response : document.components['responses']?.[name];
  if (!(media as { content?: object }).content || body === undefined) return null;
  const at =
    name === undefined
      ? `${operationAt(method, path)}/responses/${status}`
      : `/components/responses/${escape(name)}`;
  return check(ajv, `${at}/content/${escape('application/json')}/schema`, body);
}

interface Shape {
  readonly $ref?: string;
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly format?: string;
}

function blank(name: string, written: Shape, url: string): unknown {
  const target = written.$ref?.split('/')[3];
  const shape = target === undefined ? written : (document.components['schemas']?.[target] as Shape);
  if (shape.nullable) return null;
  if (name.endsWith('url')) return `${url}/${name.replace(/_?url$/, '')}`;
  if (shape.enum) return shape.enum[0];
  if (shape.format === 'date-time') return '2026-01-01T00:00:00Z';
  if (shape.type === 'integer' || shape.type === 'number') return 0;
  if (shape.type === 'boolean') return false;
  if (shape.type === 'array') return [];
  return shape.type === 'object' ? {} : '';
}

/**
 * An object as a schema of the description demands it: what `known` says, and for every other required property a
 * blank of its type; addresses begin with `url`.
 */
export function filled(schema: string, known: Readonly<Record<string, unknown>>, url: string): object {
  const { required = [], properties = {} } = (document.components['schemas']?.[schema] ?? {}) as {
    readonly required?: readonly string[];
    readonly properties?: Readonly<Record<string, Shape>>;
  };
  const rest = required.filter((name) => !(name in known));
  return {
    ...Object.fromEntries(rest.map((name) => [name, blank(name, properties[name] ?? {}, url)])),
    ...known,
  };
}
