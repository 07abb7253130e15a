// Makes the images of resources/ from the drawings in resources/svg: run it after changing one, and commit both.
// It needs rsvg-convert (Debian: librsvg2-bin; macOS: brew install librsvg). `node resources/make-icons.mjs`
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const states = ['idle', 'working', 'paused', 'problem'];

/** One drawing as a PNG of `size` pixels, in `colour` where it is drawn in black. */
function png(file, size, colour = '#000') {
  const svg = readFileSync(join(here, 'svg', file), 'utf8').replaceAll('#000', colour);
  return execFileSync('rsvg-convert', ['--width', size, '--height', size], { input: svg });
}

/** The drawing made for the size nearest below `size`: each is fitted to its own grid. */
const drawing = (state, size) => `tray/${state}-${size >= 32 ? 32 : size >= 22 ? 22 : 16}.svg`;

/** Windows' container: PNGs of several sizes behind one directory. */
function ico(images) {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  images.forEach(({ size, data }, i) => {
    const at = 6 + 16 * i;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(data.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += data.length;
  });
  return Buffer.concat([head, ...images.map(({ data }) => data)]);
}

/** macOS' container: PNGs, each behind the four letters of its size. */
function icns(images) {
  const parts = images.map(({ type, data }) => {
    const head = Buffer.alloc(8);
    head.write(type, 'ascii');
    head.writeUInt32BE(data.length + 8, 4);
    return Buffer.concat([head, data]);
  });
  const head = Buffer.alloc(8);
  head.write('icns', 'ascii');
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 4);
  return Buffer.concat([head, ...parts]);
}

const write = (name, data) => writeFileSync(join(here, name), data);

for (const state of states) {
  // macOS paints a template itself; the file's name tells that it is one.
  write(`tray/${state}Template.png`, png(drawing(state, 16), 16));
  write(`tray/${state}Template@2x.png`, png(drawing(state, 32), 32));
  for (const [ground, colour] of [
    ['dark', '#ffffff'],
    ['light', '#1b1d21'],
  ]) {
    write(`tray/${state}-on-${ground}.png`, png(drawing(state, 22), 22, colour));
    write(`tray/${state}-on-${ground}@2x.png`, png(drawing(state, 44), 44, colour));
    const sizes = [16, 20, 24, 32, 48].map((size) => ({
      size,
      data: png(drawing(state, size), size, colour),
    }));
    write(`tray/${state}-on-${ground}.ico`, ico(sizes));
  }
}

write('icon.png', png('app.svg', 512));
// Of windows, questions and notifications: the large one would take longer to draw than the window itself.
write('icon-128.png', png('app.svg', 128));
write('icon.ico', ico([16, 24, 32, 48, 64, 256].map((size) => ({ size, data: png('app.svg', size) }))));
const apple = { ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64, ic13: 256, ic14: 512 };
write('icon.icns', icns(Object.entries(apple).map(([type, size]) => ({ type, data: png('app.svg', size) }))));
