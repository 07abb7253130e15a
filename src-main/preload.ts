/** Gives the page `window.homerunner`, and no more: the Bridge of contract/desktop.ts. */
import { contextBridge, ipcRenderer } from 'electron';
import type { StreamItems, StreamName } from './contract/api.ts';
import type { Bridge, Link } from './contract/desktop.ts';
import type { Answer, Problem } from './contract/problem.ts';
import type { Push, Request } from './desktop/messages.ts';

// Of messages.ts only types may be used here: a sandboxed script loads nothing but electron.
const channel = 'homerunner';

interface Listening {
  readonly item: (item: StreamItems[StreamName]) => void;
  readonly end: (problem: Problem | null) => void;
}

const links = new Set<(link: Link) => void>();
const views = new Set<(to: string) => void>();
const streams = new Map<number, Listening>();
let lastLink: Link | null = null;
/** A view that was asked for before the page listened. */
let wantedView: string | null = null;
let subscribed = false;
let nextId = 1;

/** Never throws: what cannot be sent, or is not answered, is an answer too. */
async function ask(request: Request): Promise<Answer<never>> {
  try {
    return (await ipcRenderer.invoke(channel, request)) as Answer<never>;
  } catch {
    const message = 'The request could not be sent.';
    return { ok: false, problem: { code: 'unexpected', message, hint: 'Try it again.' } };
  }
}

/** A listener of the page that fails takes no other with it. */
function each<T>(listeners: Iterable<(value: T) => void>, value: T): void {
  for (const listener of [...listeners]) call(listener, value);
}

function call<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch (error) {
    console.error(error);
  }
}

ipcRenderer.on(channel, (_event, push: Push) => {
  switch (push.is) {
    case 'link':
      lastLink = push.link;
      each(links, push.link);
      void ask({ do: 'seen' });
      return;
    case 'items': {
      const on = streams.get(push.id);
      if (on === undefined) return;
      for (const item of push.items) call(on.item, item as StreamItems[StreamName]);
      void ask({ do: 'taken', id: push.id });
      return;
    }
    case 'end': {
      const on = streams.get(push.id);
      streams.delete(push.id);
      if (on !== undefined) call(on.end, push.problem);
      return;
    }
    case 'navigate':
      if (views.size === 0) wantedView = push.to;
      each(views, push.to);
  }
});

const bridge: Bridge = {
  execute: (name, args) => ask({ do: 'execute', name, args }),
  desktop: (name, args) => ask({ do: 'desktop', name, args }),
  subscribe(fn) {
    links.add(fn);
    if (lastLink !== null) call(fn, lastLink);
    if (!subscribed) void ask({ do: 'subscribe' });
    subscribed = true;
    return () => links.delete(fn);
  },
  stream(name, args, on) {
    const id = nextId++;
    streams.set(id, on as Listening);
    void ask({ do: 'stream', id, name, args }).then((answer) => {
      if (answer.ok || !streams.delete(id)) return;
      call(on.end, answer.problem);
    });
    return () => {
      if (streams.delete(id)) void ask({ do: 'cancel', id });
    };
  },
  onNavigate(fn) {
    views.add(fn);
    if (wantedView !== null) call(fn, wantedView);
    wantedView = null;
    return () => views.delete(fn);
  },
};

contextBridge.exposeInMainWorld('homerunner', bridge);
