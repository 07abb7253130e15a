import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentVersion, migrate, migrations, type RawConfig, versionOf } from './migrate.ts';

const raw = fc.dictionary(fc.string(), fc.jsonValue());

describe('migrate', () => {
  it('reaches this version from each older one, in one go or step by step', () => {
    fc.assert(
      fc.property(raw, fc.nat({ max: migrations.length }), (file, from) => {
        const input: RawConfig = { ...file, version: from };
        const migrated = migrate(input, from);
        expect(migrated['version']).toBe(currentVersion);
        let stepped = input;
        for (let version = from; version < currentVersion; version += 1)
          stepped = migrate(stepped, version, migrations.slice(0, version + 1));
        expect(stepped).toEqual(migrated);
        expect(migrate(migrated, currentVersion)).toEqual(migrated);
      }),
    );
  });

  it('goes through every later step once, in order, and numbers what comes out', () => {
    const step = (name: string) => (file: RawConfig) => ({
      ...file,
      trail: [...(file['trail'] as string[]), name],
    });
    const steps = [step('0 to 1'), step('1 to 2'), step('2 to 3')];
    expect(migrate({ trail: [], version: 1 }, 1, steps)).toEqual({ trail: ['1 to 2', '2 to 3'], version: 3 });
    expect(migrate({ trail: [] }, 0, steps)).toEqual({ trail: ['0 to 1', '1 to 2', '2 to 3'], version: 3 });
  });

  it('leaves newer files as they are', () => {
    const file = { version: 99, a: 1 };
    expect(migrate(file, 99)).toEqual(file);
  });

  it('changes nothing of what it is given, and loses no field', () => {
    fc.assert(
      fc.property(raw, (file) => {
        const before = JSON.stringify(file);
        const { version: _, ...migrated } = migrate(file, 0);
        expect(JSON.stringify(file)).toBe(before);
        expect(migrated).toEqual(
          Object.fromEntries(Object.entries(file).filter(([key]) => key !== 'version')),
        );
      }),
    );
  });
});

describe('versionOf', () => {
  it('knows numbers, their absence, and nonsense', () => {
    expect(
      [{}, { version: 0 }, { version: 3 }, { version: '1' }, { version: -1 }, { version: 0.5 }].map(
        versionOf,
      ),
    ).toEqual([0, 0, 3, null, null, null]);
  });
});
