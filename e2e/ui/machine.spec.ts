/** The page of the machine, on one with several graphics cards: what they are, what is missing, and what they do now. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Machine, workstation } from '../support/ui-machines.ts';
import { noBrowser, UiSite } from '../support/ui-page.ts';

let site: UiSite;
let machine: Machine;

beforeAll(async () => {
  if (noBrowser !== null) return;
  site = await UiSite.open();
  machine = await Machine.of(workstation());
}, 60_000);
afterAll(async () => {
  if (noBrowser !== null) return;
  await machine.end();
  await site.close();
}, 60_000);

test.skipIf(noBrowser !== null)('cards, slices, what is missing with its command, and the load', async () => {
  const window = await site.window(machine.home, { hash: 'machine' });
  const { page } = window;
  await page.getByText('GeForce RTX 4090, A100-SXM4-80GB, Radeon RX 7900 XTX').waitFor();
  await page.getByText('cut into 2 × 3g.40gb, 1g.10gb').waitFor();
  await page.getByText('AMD Ryzen AI (XDNA 2)').waitFor();
  await page.getByText('4 runners', { exact: false }).first().waitFor();
  const copy = page.getByRole('button', { name: 'Copy: sudo usermod -aG kvm $USER' });
  await copy.click();
  await page.getByRole('button', { name: 'Copied: sudo usermod -aG kvm $USER' }).waitFor();
  await page.getByRole('img', { name: /^CPU over the last minutes, now \d+.%$/ }).waitFor();
  await page.getByRole('img', { name: /^GPU over the last minutes, now \d+.%$/ }).waitFor();
  await page.getByText(/17\.2 of 24/).waitFor();
  expect(await window.close()).toEqual([]);
});
