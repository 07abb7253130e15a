/** The terminal as commands see it: where text, JSON and problems go. A closed pipe ends quietly. */
import { createInterface } from 'node:readline/promises';
import type { Problem } from '../contract/problem.ts';

export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A person sits at it: it may be asked and coloured. */
  readonly interactive: boolean;
  readonly columns: number;
  print(text: string): void;
  /** Raw bytes of a job's output; settles when they may be followed by more. */
  write(data: Uint8Array): Promise<void>;
  /** A JSON document, or one line of a JSON stream. */
  json(value: unknown): void;
  /** A sentence beside the result, on stderr. */
  note(sentence: string): void;
  ask(question: string): Promise<string>;
  now(): number;
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin } = process;
  // Somebody closed the pipe (`| head`): there is nothing left to do, and nothing wrong.
  stdout.on('error', () => process.exit(0));
  stderr.on('error', () => undefined);
  return {
    cwd: process.cwd(),
    env: process.env,
    interactive: stdin.isTTY && stdout.isTTY,
    columns: stdout.columns || 100,
    print: (text) => stdout.write(`${text}\n`),
    write: (data) =>
      new Promise((resolve) => (stdout.write(data) ? resolve() : stdout.once('drain', resolve))),
    json: (value) => stdout.write(`${JSON.stringify(value)}\n`),
    note: (sentence) => stderr.write(`${sentence}\n`),
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
    now: Date.now,
  };
}

/** Says what is wrong and what to do next: as a sentence, or with --json as the one document. */
export function tell(problem: Problem, json: boolean, terminal: Terminal): void {
  if (json) terminal.json({ problem });
  else
    terminal.note(
      `homerunner: ${problem.message} ${problem.hint}${problem.link === undefined ? '' : ` ${problem.link}`}`,
    );
}
