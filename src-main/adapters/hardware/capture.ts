/** A capture: a recorded machine in one JSON file. What is not in it does not exist. */
import * as v from 'valibot';
import { architectures } from '../../contract/job.ts';
import { problem, type ProblemError } from '../../contract/problem.ts';
import { platforms } from './door.ts';

const MiB = v.pipe(v.number(), v.integer(), v.minValue(0));

const CaptureSchema = v.object({
  schema: v.literal(1, 'this version reads schema 1'),
  name: v.optional(v.string(), ''),
  source: v.optional(v.string(), ''),
  platform: v.picklist(platforms),
  arch: v.picklist(architectures),
  /** By argv joined with single spaces. A null code: it was ended by its time limit. */
  commands: v.optional(
    v.record(
      v.string(),
      v.object({
        stdout: v.optional(v.string(), ''),
        stderr: v.optional(v.string(), ''),
        code: v.nullable(v.pipe(v.number(), v.integer())),
      }),
    ),
    {},
  ),
  files: v.optional(v.record(v.string(), v.string()), {}),
  dirs: v.optional(v.record(v.string(), v.array(v.string())), {}),
  links: v.optional(v.record(v.string(), v.string()), {}),
  /** Free and total space of the volumes that hold Homerunner's files, by path. */
  volumes: v.optional(v.record(v.string(), v.object({ freeMiB: MiB, totalMiB: MiB })), {}),
  /** Files that are there and that the user may not read and write. */
  denied: v.optional(v.array(v.string()), []),
});

export type Capture = v.InferOutput<typeof CaptureSchema>;

/** Reads a capture; `file` is its name in sentences. Throws `capture-unreadable`, naming what is wrong. */
export function parseCapture(text: string, file: string): Capture {
  const result = v.safeParse(CaptureSchema, parseJson(text, file));
  if (result.success) return result.output;
  const issue = result.issues[0];
  const where = (issue.path ?? []).map((item) => String(item.key)).join(' → ');
  throw unreadable(file, where === '' ? issue.message : `${where}: ${issue.message}`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : 'it is not JSON');
  }
}

function unreadable(file: string, what: string): ProblemError {
  return problem(
    'capture-unreadable',
    `The capture ${file} cannot be read: ${what.replace(/\.$/, '')}.`,
    'Record it again with `homerunner detect --record FILE`.',
    { subject: file },
  );
}

/** The text of a capture file: keys in order, so that two captures can be compared line by line. */
export function captureText(capture: Capture): string {
  const sorted = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { commands, files, dirs, links, volumes, denied } = capture;
  const ordered = {
    ...capture,
    commands: sorted(commands),
    files: sorted(files),
    dirs: sorted(dirs),
    links: sorted(links),
    volumes: sorted(volumes),
    denied: [...denied].sort(),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}
