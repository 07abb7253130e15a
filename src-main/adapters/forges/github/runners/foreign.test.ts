import { describe, expect, it } from 'vitest';
import { codeOf, eachScene, name, place, type Scene } from './runners.test-kit.ts';

let scene: Scene;
eachScene((made) => (scene = made));

describe('runners of others', () => {
  it('are shown while they are offline, and removed by the name that is shown', async () => {
    scene.github.plant('acme/site', 'hr-ffffff-p-aaaaaa');
    scene.github.plant('acme/site', 'old', { os: 'unknown' });
    scene.github.plant('acme/site', 'at-work', { status: 'online' });
    scene.github.plant('acme/site', name);
    scene.github.plant('acme/shop', 'old');
    await scene.listed([place, { account: 'me', scope: 'acme/shop' }]);
    scene.passed += 7_200_000;
    expect(scene.runners.foreign().map((one) => one.name)).toEqual([
      'hr-ffffff-p-aaaaaa',
      'old',
      'acme/shop:old',
    ]);
    expect(scene.runners.foreign()[0]).toMatchObject({ kind: 'registration', suspicious: false });
    expect(scene.runners.foreign()[0]?.description).toContain('another installation of Homerunner');
    expect(scene.runners.foreign()[1]?.description).toMatch(
      /old at acme\/site has been offline for at least 2 h/,
    );
    await scene.runners.removeForeign('acme/shop:old');
    expect(scene.github.names('acme/shop')).toEqual([]);
    expect(scene.github.names('acme/site')).toHaveLength(4);
    await codeOf(scene.runners.removeForeign('nobody'), 'not-found');
  });

  it('are left alone when they have come back', async () => {
    const runner = scene.github.plant('acme/site', 'old');
    await scene.listed();
    runner.status = 'online';
    await codeOf(scene.runners.removeForeign('old'), 'usage');
    runner.status = 'offline';
    runner.busy = true;
    await codeOf(scene.runners.removeForeign('old'), 'usage');
    expect(scene.github.names('acme/site')).toEqual(['old']);
    scene.github.runners.clear();
    await scene.runners.removeForeign('old');
  });
});
