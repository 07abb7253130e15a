/** What the items of the tray's menu do. */
import type { CommandArgs, CommandName } from '../contract/commands.ts';
import type { Answer } from '../contract/problem.ts';
import { pauseEnd } from './pause-lengths.ts';

export interface ChoiceWish {
  readonly execute: <K extends CommandName>(name: K, args: CommandArgs<K>) => Promise<Answer<unknown>>;
  /** Opens the window, at a view where one is named. */
  readonly open: (to: string | null) => void;
  readonly start: () => void;
  readonly quit: () => void;
  /** Takes what a command answered: of a failure the owner is told. */
  readonly answered: (answer: Answer<unknown>) => void;
  readonly now: () => number;
  readonly offsetAt: (at: number) => number;
}

/** Carries out the item `id` of `core/tray.ts`: words with what they are about behind colons. */
export async function choose(id: string, wish: ChoiceWish): Promise<void> {
  const [what = '', about = null, pool = null] = id.split(':');
  switch (what) {
    case 'pause': {
      const end = pauseEnd(about ?? '', wish.now(), wish.offsetAt);
      if (end !== null) wish.answered(await wish.execute('pause', { pool, reason: null, end }));
      return;
    }
    case 'resume':
      wish.answered(await wish.execute('resume', { pool: about }));
      return;
    case 'log':
      wish.open(`job:${about ?? ''}`);
      return;
    case 'open':
      wish.open(about);
      return;
    case 'start':
      wish.start();
      return;
    case 'quit':
      wish.quit();
      return;
    default:
      return;
  }
}
