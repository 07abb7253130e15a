import type { Bridge } from '../src-main/contract/desktop.ts';

declare global {
  interface Window {
    /** Given to the page by the application around it. */
    readonly homerunner: Bridge;
  }
}
