/** The messages of the control socket: one JSON object a line, a hello first from both sides. */
import * as v from 'valibot';
import type { Problem } from './problem.ts';
import type { Snapshot } from './snapshot.ts';

/** Raised when a message changes its meaning; both sides must speak the same. */
export const protocolVersion = 1;

/** The longest line that is read, in bytes. */
export const longestLine = 1024 * 1024;

export const HelloSchema = v.object({
  hello: v.literal('homerunner'),
  protocol: v.number(),
  version: v.string(),
  pid: v.number(),
  /** Windows only: proof that the client can read the owner's files. */
  secret: v.optional(v.string()),
});

export type Hello = v.InferOutput<typeof HelloSchema>;

const id = v.pipe(v.number(), v.integer(), v.minValue(0));

export const RequestSchema = v.variant('do', [
  v.object({ id, do: v.literal('execute'), name: v.string(), args: v.unknown() }),
  v.object({ id, do: v.literal('snapshot') }),
  v.object({ id, do: v.literal('subscribe') }),
  v.object({ id, do: v.literal('stream'), name: v.string(), args: v.unknown() }),
  /** Ends a subscription or a stream. */
  v.object({ id, do: v.literal('cancel') }),
]);
export type Request = v.InferOutput<typeof RequestSchema>;

/** What the server sends; `id` is the request's, null where a line could not be understood. */
export type Response =
  | { readonly id: number | null; readonly problem: Problem }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly snapshot: Snapshot }
  | { readonly id: number; readonly item: unknown }
  | { readonly id: number; readonly end: true };
