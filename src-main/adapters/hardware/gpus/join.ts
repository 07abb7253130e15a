/** Puts together what several sources say of the same cards: by address, by uuid, else by what does not contradict. */
import { productName } from '../../../core/gpu-names.ts';
import type { Sighting } from './sighting.ts';

/** The lists in order of trust: what the first says counts. Cards that only a later list has are added at the end. */
export function joinSightings(lists: readonly (readonly Sighting[])[]): readonly Sighting[] {
  return lists.reduce<readonly Sighting[]>(joinTwo, []);
}

function joinTwo(known: readonly Sighting[], more: readonly Sighting[]): readonly Sighting[] {
  const partners = new Map<Sighting, Sighting>();
  const free = (list: readonly Sighting[], of: Iterable<Sighting>): readonly Sighting[] => {
    const taken = new Set(of);
    return list.filter((card) => !taken.has(card));
  };
  for (const same of [sameForSure, maybeSame]) {
    for (const card of free(more, partners.values())) {
      const partner = free(known, partners.keys()).find((one) => same(one, card));
      if (partner !== undefined) partners.set(partner, card);
    }
  }
  // Some tools leave the domain out of an address: as many cards of a vendor here as there are the same cards.
  for (const vendor of new Set(more.map((card) => card.vendor))) {
    const left = free(known, partners.keys()).filter((card) => card.vendor === vendor);
    const right = free(more, partners.values()).filter((card) => card.vendor === vendor);
    if (left.length !== right.length || !left.every((card, i) => fits(card.pciId, right[i]?.pciId ?? null)))
      continue;
    left.forEach((card, i) => {
      const partner = right[i];
      if (partner !== undefined) partners.set(card, partner);
    });
  }
  return [
    ...known.map((card) => {
      const partner = partners.get(card);
      return partner === undefined ? card : both(card, partner);
    }),
    ...free(more, partners.values()),
  ];
}

function sameForSure(a: Sighting, b: Sighting): boolean {
  if (a.vendor !== b.vendor) return false;
  return (a.address !== null && a.address === b.address) || (a.uuid !== null && a.uuid === b.uuid);
}

function maybeSame(a: Sighting, b: Sighting): boolean {
  return (
    a.vendor === b.vendor &&
    fits(a.pciId, b.pciId) &&
    fits(a.uuid, b.uuid) &&
    fits(a.address, b.address) &&
    // Two sources that name no place and no id tell apart by name.
    (a.pciId !== null || b.pciId !== null || fits(a.name, b.name))
  );
}

function fits(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b;
}

/** Placeholders, and what the driver of boards calls all of them: "Orin (nvgpu)". */
function saysLittle(name: string | null): boolean {
  return productName(name) === null || name?.endsWith('(nvgpu)') === true;
}

function both(a: Sighting, b: Sighting): Sighting {
  return {
    vendor: a.vendor,
    name: saysLittle(a.name) && !saysLittle(b.name) ? b.name : (a.name ?? b.name),
    pciId: a.pciId ?? b.pciId,
    revision: a.revision ?? b.revision,
    address: a.address ?? b.address,
    uuid: a.uuid ?? b.uuid,
    memoryMiB: a.memoryMiB ?? b.memoryMiB,
    sharedMiB: a.sharedMiB ?? b.sharedMiB,
    memoryKind: a.memoryKind ?? b.memoryKind,
    architecture: a.architecture ?? b.architecture,
    computeCapability: a.computeCapability ?? b.computeCapability,
    gfxTarget: a.gfxTarget ?? b.gfxTarget,
    driver: a.driver ?? b.driver,
    api: a.api?.version == null ? (b.api ?? a.api) : a.api,
    slices: a.slices.length > 0 ? a.slices : b.slices,
    module: a.module ?? b.module,
    works: a.works || b.works,
    problem: a.problem ?? b.problem,
  };
}
