/** The page begins here. */
import './styles.css';
import { mount } from 'svelte';
import App from './App.svelte';

/** What goes wrong in the page is written down where it can be read later, a few times at most. */
let left = 20;
const report = (message: string): void => {
  left -= 1;
  if (left >= 0) void window.homerunner.desktop('log.error', { message: message.slice(0, 4000) });
};
window.addEventListener('error', (event) => {
  const error: unknown = event.error;
  report(error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : event.message);
});
window.addEventListener('unhandledrejection', (event) => {
  report(`Unhandled: ${String(event.reason)}`);
});
window.addEventListener('securitypolicyviolation', (event) => {
  report(`Blocked by the content security policy: ${event.violatedDirective} ${event.blockedURI}`);
});

mount(App, { target: document.body });
