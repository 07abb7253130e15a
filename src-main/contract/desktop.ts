/** Between the window and the desktop application around it: what the preload script gives to the page, and no more. */
import * as v from 'valibot';
import type { StreamArgs, StreamItems, StreamName } from './api.ts';
import type { CommandArgs, CommandName, CommandResults } from './commands.ts';
import type { Submitted } from './job.ts';
import type { Answer, Problem } from './problem.ts';
import type { Snapshot } from './snapshot.ts';

export const themes = ['system', 'light', 'dark'] as const;
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** What belongs to the window alone; all else is the engine's configuration. */
export const PreferencesSchema = v.object({
  theme: v.picklist(themes),
  /** Null: the system's. */
  language: v.nullable(v.picklist(languages)),
  density: v.picklist(['normal', 'compact']),
  notifications: v.object({ needsYou: v.boolean(), jobFailed: v.boolean(), jobFinished: v.boolean() }),
  /** The owner has seen the first run and decided. */
  welcomed: v.boolean(),
  /** Notices that were answered, by key. */
  dismissed: v.array(v.pipe(v.string(), v.maxLength(64))),
});
export type Preferences = v.InferOutput<typeof PreferencesSchema>;

/** Pages outside that may be opened, by name: the window never names a URL of its own. */
export const links = ['website', 'licence', 'issues', 'tray-help'] as const;

const text = v.pipe(v.string(), v.maxLength(4 * 1024 * 1024));

/** What the window asks of the desktop; arguments are parsed in the main process. */
export const desktopSchemas = {
  state: v.object({}),
  'preferences.change': v.object({ change: v.partial(PreferencesSchema) }),
  'autostart.change': v.object({ on: v.boolean() }),
  /** Opens in the system's file manager. */
  'open.folder': v.object({ what: v.picklist(['home', 'logs']) }),
  'open.link': v.object({ link: v.picklist(links) }),
  /** The page of a job at its forge, by the job's own URL. */
  'open.job': v.object({ job: v.string() }),
  /** A page of a forge that an account is at, or of github.com: where a light, a problem or a sign-in leads. */
  'open.page': v.object({ url: v.pipe(v.string(), v.maxLength(2000)) }),
  'choose.folder': v.object({}),
  'save.text': v.object({ name: v.pipe(v.string(), v.regex(/^[\w.-]{1,100}$/)), text }),
  'save.log': v.object({ job: v.string() }),
  'open.text': v.object({}),
  copy: v.object({ text }),
  /** A small real job that shows what a job is here. */
  sample: v.object({ pool: v.nullable(v.string()) }),
  /** Starts the supervisor in this application, where the one that ran elsewhere has gone. */
  'supervisor.start': v.object({}),
  /** Keeps a secret for jobs in the system's keyring; a second one of that name replaces it. It never comes back out. */
  'secret.set': v.object({
    name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/)),
    value: v.pipe(v.string(), v.minLength(1), v.maxLength(64 * 1024)),
  }),
  'secret.remove': v.object({ name: v.string() }),
  'window.close': v.object({}),
  /** `ask`: with running jobs the owner is asked first. */
  quit: v.object({ how: v.picklist(['ask', 'drain', 'leave-running', 'now']) }),
  /** An error of the page, for the log. */
  'log.error': v.object({ message: v.pipe(v.string(), v.maxLength(4000)) }),
} as const;
export type DesktopName = keyof typeof desktopSchemas;
export type DesktopArgs<K extends DesktopName> = v.InferOutput<(typeof desktopSchemas)[K]>;

export interface DesktopState {
  readonly preferences: Preferences;
  /** The language in force. */
  readonly language: Language;
  /** Null: cannot be set here, with the reason; `on` is read back from the system. */
  readonly autostart: { readonly on: boolean; readonly reason: string | null };
  /** Is there a place for an icon? Null: not known. */
  readonly tray: boolean | null;
  /** Where secrets are kept; `problem` says why they cannot be kept. */
  readonly keyring: {
    readonly backend: string | null;
    readonly problem: Problem | null;
    /** The names of the secrets that are kept. */
    readonly secrets: readonly string[];
  };
  readonly home: string;
  readonly versions: Readonly<Record<'homerunner' | 'electron' | 'chromium' | 'node', string>>;
  readonly platform: 'linux' | 'macos' | 'windows';
  /** Name, version, licence and its text, of everything that is built in. */
  readonly licences: readonly { readonly name: string; readonly version: string; readonly licence: string }[];
}

export interface DesktopResults {
  state: DesktopState;
  'preferences.change': DesktopState;
  'autostart.change': DesktopState;
  'open.folder': null;
  'open.link': null;
  'open.job': null;
  'open.page': null;
  'choose.folder': { readonly dir: string | null };
  /** Null: the owner thought better of it. */
  'save.text': { readonly file: string | null };
  'save.log': { readonly file: string | null };
  'open.text': { readonly text: string | null };
  copy: null;
  sample: Submitted;
  'supervisor.start': null;
  'secret.set': DesktopState;
  'secret.remove': DesktopState;
  'window.close': null;
  quit: { readonly quitting: boolean };
  'log.error': null;
}

/** What the window knows of the supervisor; a snapshot that is not connected any more is old, and says its age. */
export interface Link {
  readonly snapshot: Snapshot | null;
  readonly connected: boolean;
  /** Why not, and what goes on about it. */
  readonly problem: Problem | null;
}

/** `window.homerunner`. Nothing of it throws: failures are answers. */
export interface Bridge {
  execute<K extends CommandName>(name: K, args: CommandArgs<K>): Promise<Answer<CommandResults[K]>>;
  desktop<K extends DesktopName>(name: K, args: DesktopArgs<K>): Promise<Answer<DesktopResults[K]>>;
  /** Calls `fn` with the present link and each later one, at most 10 a second; returns the end of it. */
  subscribe(fn: (link: Link) => void): () => void;
  /** Calls back with each item, then once with the end; returns what ends it early. */
  stream<K extends StreamName>(
    name: K,
    args: StreamArgs<K>,
    on: {
      readonly item: (item: StreamItems[K]) => void;
      readonly end: (problem: Problem | null) => void;
    },
  ): () => void;
  /** The tray asks for a view ("job:<id>", "overview"); returns the end of it. */
  onNavigate(fn: (to: string) => void): () => void;
}
