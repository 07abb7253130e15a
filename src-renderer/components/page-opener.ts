/** What opens a page of a forge in the browser, given to all components by the one that knows the bridge. */
import { createContext } from 'svelte';
import type { Problem } from '../../src-main/contract/problem.ts';

/** Answers why the page was not opened; null: it was. */
export type PageOpener = (url: string) => Promise<Problem | null>;

export const [getPageOpener, setPageOpener] = createContext<PageOpener>();
