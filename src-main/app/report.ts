/** Gathers what goes with a bug report; the same with a supervisor and without one. */
import type { HostProfile } from '../contract/host.ts';
import type { Problem } from '../contract/problem.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { exportText } from '../core/config/transfer.ts';
import { reportText } from '../core/report.ts';
import type { ConfigPort, ReportSource } from './deps.ts';

/** As many as a person looks through. */
const logLines = 200;

export interface ReportDesk {
  readonly source: ReportSource;
  readonly config: ConfigPort;
  readonly now: number;
  readonly machine: HostProfile | null;
  /** Null while no supervisor runs. */
  readonly snapshot: Snapshot | null;
  /** Where no snapshot tells of any. */
  readonly problems: readonly Problem[];
}

/** Without secrets: the text may leave this machine. */
export function reportOf({ source, config, now, machine, snapshot, problems }: ReportDesk): { text: string } {
  const text = reportText({
    at: now,
    versions: source.versions,
    system: source.system,
    machine,
    configuration: exportText(config.read().config),
    snapshot,
    problems: snapshot?.problems ?? problems,
    log: source.logLines(logLines),
  });
  return { text: source.clean(text) };
}
