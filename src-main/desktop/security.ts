/** What no page may do, whatever it has become: ask for rights, reach the network, go elsewhere, open windows. */
import { app, type Session, type WebContents } from 'electron';
import type { Log } from '../core/ports.ts';
import { crashPage, homePage, origin } from './protocol.ts';

/** Closes a session off: of all requests only those for our own files are answered. */
export function closeOff(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log.warn('The window asked for a right and was refused.', { permission });
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, answer) => {
    const ours = isOurs(details.url);
    if (!ours)
      log.warn('The window asked for something that is not its own and was refused.', {
        url: details.url.slice(0, 200),
      });
    answer({ cancel: !ours });
  });
  session.on('will-download', (event) => {
    event.preventDefault();
  });
}

function isOurs(url: string): boolean {
  return url.startsWith(`${origin}/`) || url.startsWith('data:image/') || url.startsWith('devtools://');
}

/** Every page of the application; `reopen` is called where the crash page asks for the window's own again. */
export function holdPages(log: Log, reopen: () => void): void {
  app.on('web-contents-created', (_event, contents) => {
    hold(contents, log, reopen);
  });
}

function hold(contents: WebContents, log: Log, reopen: () => void): void {
  const refuse = (event: { preventDefault: () => void; readonly url: string }): void => {
    event.preventDefault();
    if (contents.getURL() === crashPage && event.url === homePage) reopen();
    else log.warn('The window tried to go elsewhere.', { url: event.url.slice(0, 200) });
  };
  contents.on('will-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) refuse(event);
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  // A page could else send packets by WebRTC, which asks no one.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
