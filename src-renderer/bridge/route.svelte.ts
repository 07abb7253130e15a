/** The page that is shown, from the part of the address after #. */
import { hashFromTray, hashOf, type Route, routeOf, type View } from '../model/route.ts';

let current = $state.raw<Route>(routeOf(location.hash));

export const route = {
  get view(): View {
    return current.view;
  },
  get part(): string | null {
    return current.part;
  },
};

/** Goes to a page; the way back leads here again. */
export function go(view: View, part: string | null = null): void {
  location.hash = hashOf(view, part);
}

/** Follows the address and the tray; returns the end of it. */
export function followRoute(): () => void {
  const follow = (): void => {
    current = routeOf(location.hash);
  };
  window.addEventListener('hashchange', follow);
  const stop = window.homerunner.onNavigate((to) => {
    location.hash = hashFromTray(to);
  });
  return () => {
    window.removeEventListener('hashchange', follow);
    stop();
  };
}
