/** All commands, in the order of the help; and the words that are answered by a sentence. */
import { problem } from '../../contract/problem.ts';
import { refuseSecrets } from '../secret-input.ts';
import type { CommandSpec } from '../spec.ts';
import { accountAdd, accountList, accountRemove } from './account.ts';
import { configExport, configImport, configImportEnv, configPath, configSet, configShow } from './config.ts';
import {
  jobAgain,
  jobCancel,
  jobGet,
  jobList,
  jobLogs,
  jobShow,
  runnerAdopt,
  runnerList,
  runnerLogs,
  runnerRemove,
  runnerRestart,
} from './job.ts';
import { laterPoolOptions, refuseLater } from './pool-options.ts';
import { poolAdd, poolCheck, poolEdit, poolList, poolRemove, poolShow } from './pool.ts';
import { run } from './run.ts';
import { completion, detect, pause, report, resume, status, stop, why } from './simple.ts';
import { snippet } from './snippet.ts';
import { submit } from './submit.ts';

export const commands: readonly CommandSpec[] = [
  detect,
  run,
  status,
  pause,
  resume,
  stop,
  submit,
  jobList,
  jobShow,
  jobLogs,
  jobGet,
  jobAgain,
  jobCancel,
  why,
  poolAdd,
  poolList,
  poolShow,
  poolEdit,
  poolRemove,
  poolCheck,
  accountAdd,
  accountList,
  accountRemove,
  snippet,
  runnerList,
  runnerLogs,
  runnerRestart,
  runnerRemove,
  runnerAdopt,
  configShow,
  configSet,
  configPath,
  configExport,
  configImport,
  configImportEnv,
  report,
  completion(() => commands),
];

/** The predecessor's commands, and what does their work now. */
const formerly: Readonly<Record<string, string>> = {
  register: 'Runners are registered by pools now: `homerunner pool add`.',
  start: 'The supervisor is started with `homerunner run`.',
  monitor: 'See `homerunner status`, and `homerunner runner logs NAME -f`.',
};

const later: readonly string[] = ['doctor', 'setup'];

/** Answers words and options that this version has no command for; returns when there is nothing to say. */
export function refuse(argv: readonly string[]): void {
  const [first = '', second = ''] = argv;
  if (first === 'account' || first === 'pool') refuseSecrets(argv);
  const now = formerly[first];
  if (now !== undefined) throw problem('usage', `There is no command ${first} any more.`, now);
  if (later.includes(first)) {
    throw problem(
      'usage',
      `The command ${first} is not part of this version yet.`,
      'See `homerunner --help` for what is.',
    );
  }
  if (first === 'submit') refuseLater(argv, ['gpus', 'vram']);
  if (first === 'pool' && (second === 'add' || second === 'edit')) refuseLater(argv, laterPoolOptions);
}
