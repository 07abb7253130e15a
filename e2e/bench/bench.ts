/**
 * `npm run bench`: the budgets of the design, each figure beside its baseline of the same run. Ends with 1 when one is
 * over. `--short` takes a minute, `--json` prints one document, `--only NAME` measures one group.
 */
import { parseArgs } from 'node:util';
import { agentInstanceFigures } from './agent-instance.ts';
import { commandLineFigures } from './command-line.ts';
import { keeps, type Measured, table } from './figure.ts';
import { desktopFigures, longDesktop, shortDesktop } from './desktop.ts';
import { firstByteFigures } from './first-byte.ts';
import { idleFigures } from './idle.ts';
import { outputFigures } from './output.ts';
import { planFigures } from './plan.ts';
import { queuedJobFigures } from './queued-job.ts';
import { throughputFigures } from './throughput.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const { short } = values;

const groups: Readonly<Record<string, () => Promise<Measured[]> | Measured[]>> = {
  plan: () => planFigures(short ? 50 : 200),
  'command-line': () => commandLineFigures(short ? 5 : 15),
  'first-byte': () => firstByteFigures(short ? 15 : 50),
  throughput: () => throughputFigures(1500),
  output: () => outputFigures(short ? 3 : 10),
  agent: () => agentInstanceFigures(),
  'queued-job': () => queuedJobFigures(short ? 4 : 10),
  desktop: () => desktopFigures(short ? shortDesktop : longDesktop),
  idle: () => (short ? idleFigures(10_000, 20_000) : idleFigures(60_000, 120_000)),
};

async function main(): Promise<void> {
  const figures: Measured[] = [];
  for (const [name, measure] of Object.entries(groups)) {
    if (values.only !== undefined && values.only !== name) continue;
    if (!values.json) process.stderr.write(`measuring ${name} …\n`);
    figures.push(...(await measure()));
  }
  const over = figures.filter((figure) => !('skipped' in figure) && !keeps(figure));
  if (values.json) {
    const results = figures.map((f) => ('skipped' in f ? f : { ...f, ok: keeps(f) }));
    process.stdout.write(`${JSON.stringify({ figures: results, over: over.length })}\n`);
  } else {
    process.stdout.write(`${table(figures)}\n\n${over.length} over budget\n`);
  }
  process.exitCode = over.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
