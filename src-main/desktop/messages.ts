/** Between preload script and main process, on one channel each way. What comes from a page is parsed. */
import * as v from 'valibot';
import type { Link } from '../contract/desktop.ts';
import type { Problem } from '../contract/problem.ts';

export const channel = 'homerunner';

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const name = v.pipe(v.string(), v.maxLength(64));

export const RequestSchema = v.variant('do', [
  v.object({ do: v.literal('execute'), name, args: v.unknown() }),
  v.object({ do: v.literal('desktop'), name, args: v.unknown() }),
  v.object({ do: v.literal('subscribe') }),
  /** The last link has arrived: the next may come. */
  v.object({ do: v.literal('seen') }),
  v.object({ do: v.literal('stream'), id, name, args: v.unknown() }),
  /** The last items of a stream have arrived: more may come. */
  v.object({ do: v.literal('taken'), id }),
  v.object({ do: v.literal('cancel'), id }),
]);
export type Request = v.InferOutput<typeof RequestSchema>;

export type Push =
  | { readonly is: 'link'; readonly link: Link }
  | { readonly is: 'items'; readonly id: number; readonly items: readonly unknown[] }
  | { readonly is: 'end'; readonly id: number; readonly problem: Problem | null }
  | { readonly is: 'navigate'; readonly to: string };
