/** The one way in for the window: who asks is checked, what is asked is parsed, and every answer is an Answer. */
import { type BrowserWindow, ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import * as v from 'valibot';
import { isCommandName, parseCommandArgs } from '../contract/commands.ts';
import type { Link } from '../contract/desktop.ts';
import { type Answer, problem, ProblemError, problemOf } from '../contract/problem.ts';
import type { Log } from '../core/ports.ts';
import { channel, type Push, type Request, RequestSchema } from './messages.ts';
import { LatestOutflow } from './outflow.ts';
import { PageStreams } from './page-streams.ts';
import { origin } from './protocol.ts';
import { isBounded } from './size.ts';
import type { Supervision } from './supervision.ts';

/** Requests of a page that are answered at the same time. */
const mostAtOnce = 256;
/** Snapshots are pushed at most this often. */
const linkMs = 100;

export interface IpcWish {
  readonly supervision: Supervision;
  /** Answers what is asked of the desktop itself. */
  readonly desktop: (name: string, args: unknown) => Promise<unknown>;
  readonly log: Log;
}

/** What belongs to the page that is loaded now; a new one begins with nothing. */
interface Page {
  readonly contents: WebContents;
  readonly links: LatestOutflow<Link>;
  readonly streams: PageStreams;
  unsubscribe: (() => void) | null;
  atOnce: number;
}

export class Ipc {
  readonly #wish: IpcWish;
  #page: Page | null = null;
  #refusals = 0;

  constructor(wish: IpcWish) {
    this.#wish = wish;
    ipcMain.handle(channel, (event, message: unknown) => this.#answer(event, message));
  }

  /** From now on the pages of this window are answered, and only they. */
  serve({ webContents }: BrowserWindow): void {
    this.#turnTo(webContents);
    webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#turnTo(webContents);
    });
    webContents.on('destroyed', () => {
      if (this.#page?.contents === webContents) this.#drop();
    });
  }

  #turnTo(contents: WebContents): void {
    this.#drop();
    const push = (message: Push): void => {
      if (!contents.isDestroyed()) contents.send(channel, message);
    };
    this.#page = {
      contents,
      links: new LatestOutflow({ now: () => performance.now(), everyMs: linkMs }, (link) => {
        push({ is: 'link', link });
      }),
      streams: new PageStreams(this.#wish.supervision, push),
      unsubscribe: null,
      atOnce: 0,
    };
  }

  #drop(): void {
    this.#page?.unsubscribe?.();
    this.#page?.links.close();
    this.#page?.streams.close();
    this.#page = null;
  }

  async #answer(event: IpcMainInvokeEvent, message: unknown): Promise<Answer<unknown>> {
    const page = this.#page;
    try {
      if (page === null || !isOurPage(event, page.contents))
        throw problem(
          'forbidden',
          'This page may not ask for anything.',
          'Use the window of the application.',
        );
      return { ok: true, value: await this.#take(page, message) };
    } catch (thrown) {
      const found = problemOf(thrown);
      this.#note(found.code, found.message);
      return { ok: false, problem: found };
    }
  }

  async #take(page: Page, message: unknown): Promise<unknown> {
    if (page.atOnce >= mostAtOnce)
      throw problem('rate-limited', 'The window asks for too much at once.', 'Wait a moment.');
    if (!isBounded(message)) throw problem('usage', 'The request is too large.', 'Ask for less at once.');
    const request = v.safeParse(RequestSchema, message);
    if (!request.success) throw problem('usage', 'The request could not be understood.', 'See the contract.');
    page.atOnce += 1;
    try {
      return await this.#carryOut(page, request.output);
    } finally {
      page.atOnce -= 1;
    }
  }

  async #carryOut(page: Page, request: Request): Promise<unknown> {
    switch (request.do) {
      case 'execute':
        return this.#execute(request.name, request.args);
      case 'desktop':
        return this.#wish.desktop(request.name, request.args);
      case 'subscribe':
        page.unsubscribe ??= this.#wish.supervision.subscribe((link) => {
          page.links.push(link);
        });
        return null;
      case 'seen':
        page.links.taken();
        return null;
      case 'stream':
        page.streams.begin(request.id, request.name, request.args);
        return null;
      case 'taken':
        page.streams.taken(request.id);
        return null;
      case 'cancel':
        page.streams.cancel(request.id);
        return null;
    }
  }

  async #execute(name: string, args: unknown): Promise<unknown> {
    if (!isCommandName(name)) throw problem('usage', 'There is no such command.', 'See the contract.');
    const answer = await this.#wish.supervision.execute(name, parseCommandArgs(name, args));
    if (answer.ok) return answer.value;
    throw new ProblemError(answer.problem);
  }

  /** Refusals of the boundary are noted; a page that does nothing else fills no disk. */
  #note(code: string, message: string): void {
    if (code !== 'usage' && code !== 'forbidden' && code !== 'unexpected') return;
    this.#refusals += 1;
    if (this.#refusals <= 100) this.#wish.log.warn('A request of the window was refused.', { code, message });
  }
}

/** Only the page itself: not a frame in it, not another window, not another origin. */
function isOurPage({ sender, senderFrame }: IpcMainInvokeEvent, contents: WebContents): boolean {
  return (
    sender === contents &&
    senderFrame !== null &&
    senderFrame === contents.mainFrame &&
    senderFrame.url.startsWith(`${origin}/`)
  );
}
