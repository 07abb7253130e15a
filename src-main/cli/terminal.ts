/** The terminal as commands see it: where text, JSON and problems go. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Problem } from '../contract/problem.ts';
import { printable } from './format.ts';

export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A person sits at it and may be asked. */
  readonly interactive: boolean;
  /** How wide a table may be; without end where nobody looks at it directly. */
  readonly columns: number;
  print(text: string): void;
  /** Raw bytes of a job's output; settles when they may be followed by more. Waits while a question is open. */
  write(data: Uint8Array): Promise<void>;
  /** A JSON document, or one line of a JSON stream. */
  json(value: unknown): void;
  /** A sentence beside the result, on stderr. */
  note(sentence: string): void;
  /** The answer; null when the person ends the question with Ctrl-C or Ctrl-D, or `withdrawn` ends it. */
  ask(question: string, withdrawn?: AbortSignal): Promise<string | null>;
  /** All of standard input; a person at it is asked `question`, and what is typed does not show. Null: it was ended. */
  secret(question: string): Promise<string | null>;
  /** What happens when whoever read our output has gone (`| head`); by default the program ends, and nothing is wrong. */
  onClosed(fn: () => void): void;
  now(): number;
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin } = process;
  let closed = (): void => process.exit(0);
  let asked: Promise<unknown> = Promise.resolve();
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') closed();
    else {
      stderr.write(`homerunner: The output cannot be written (${error.code ?? error.message}).\n`);
      process.exit(1);
    }
  });
  stderr.on('error', () => undefined);
  return {
    cwd: process.cwd(),
    env: process.env,
    interactive: stdin.isTTY && stdout.isTTY,
    columns: stdout.isTTY ? stdout.columns || 80 : Infinity,
    print: (text) => stdout.write(`${text}\n`),
    async write(data) {
      await asked;
      if (!stdout.write(data) && !stdout.destroyed)
        await new Promise((resolve) => stdout.once('drain', resolve).once('close', resolve));
    },
    json: (value) => stdout.write(`${JSON.stringify(value)}\n`),
    note: (sentence) => stderr.write(`${sentence.split('\n').map(printable).join('\n')}\n`),
    ask(question, withdrawn) {
      const answer = askOnce(question, withdrawn);
      asked = answer;
      return answer;
    },
    secret: (question) => (stdin.isTTY ? hidden(question) : wholeInput()),
    onClosed: (fn) => (closed = fn),
    now: Date.now,
  };
}

async function wholeInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

async function hidden(question: string): Promise<string | null> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_data, _encoding, done) => done() });
  const answer = await askOnce('', undefined, nowhere);
  if (answer !== null) process.stderr.write('\n');
  return answer;
}

async function askOnce(
  question: string,
  withdrawn?: AbortSignal,
  output: Writable = process.stderr,
): Promise<string | null> {
  const lines = createInterface({
    input: process.stdin,
    output,
    terminal: output === process.stderr ? undefined : true,
  });
  try {
    return await new Promise((resolve, reject) => {
      const settled = (answer: string | null): void => {
        lines.off('close', unanswered);
        withdrawn?.removeEventListener('abort', unanswered);
        resolve(answer);
      };
      const unanswered = (): void => {
        process.stderr.write('\n');
        settled(null);
      };
      lines.once('SIGINT', unanswered).once('close', unanswered);
      withdrawn?.addEventListener('abort', unanswered);
      lines.question(question).then(settled, reject);
    });
  } finally {
    lines.close();
  }
}

/** Says what is wrong and what to do next: as a sentence, or with --json as the one document. */
export function tell(problem: Problem, json: boolean, terminal: Terminal): void {
  if (json) {
    terminal.json({ problem });
    return;
  }
  const link = problem.link === undefined ? '' : ` ${problem.link}`;
  terminal.note(`homerunner: ${problem.message} ${problem.hint}${link}`);
}
