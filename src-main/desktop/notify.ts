/** Shows notices: those that the owner wants, each once, none while the window is looked at, not many at a time. */
import { Notification } from 'electron';
import type { Preferences } from '../contract/desktop.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { type Notice, noticesOf } from './notices.ts';

export interface NotifyWish {
  readonly preferences: () => Preferences['notifications'];
  readonly seen: () => boolean;
  readonly open: (to: string) => void;
  readonly icon: string;
}

/** What comes within this time is one notification. */
const gatherMs = 3000;
/** Keys that are remembered as told. */
const mostTold = 500;

export class Notifier {
  readonly #wish: NotifyWish;
  readonly #told = new Set<string>();
  #before: Snapshot | null = null;
  #waiting: Notice[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** The one on the screen; kept, or its click could be lost. */
  #shown: Notification | null = null;

  constructor(wish: NotifyWish) {
    this.#wish = wish;
  }

  take(snapshot: Snapshot): void {
    const found = noticesOf(this.#before, snapshot);
    this.#before = snapshot;
    for (const notice of found) this.tell(notice);
  }

  tell(notice: Notice): void {
    if (!this.#wish.preferences()[notice.category] || this.#told.has(notice.key)) return;
    this.#told.add(notice.key);
    for (const old of this.#told) if (this.#told.size > mostTold) this.#told.delete(old);
    if (this.#wish.seen()) return;
    this.#waiting.push(notice);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#show(this.#waiting.splice(0));
    }, gatherMs);
  }

  #show(notices: readonly Notice[]): void {
    const first = notices.find(({ category }) => category === 'needsYou') ?? notices[0];
    if (first === undefined || this.#wish.seen() || !Notification.isSupported()) return;
    const others = notices.length - 1;
    const more = others === 0 ? '' : `\nand ${others} more`;
    this.#shown?.close();
    this.#shown = new Notification({
      title: first.title,
      body: `${first.body.slice(0, 300)}${more}`,
      icon: this.#wish.icon,
    });
    this.#shown.on('click', () => {
      this.#wish.open(others === 0 ? first.to : 'overview');
    });
    this.#shown.show();
  }
}
