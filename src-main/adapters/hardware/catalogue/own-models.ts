/** The owner's own models, HOME/hardware.json: cards that are newer than this version, or that we have wrong. */
import * as v from 'valibot';
import { problem } from '../../../contract/problem.ts';
import type { GpuModel } from '../../../core/catalogue.ts';
import { normaliseName } from '../../../core/gpu-names.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(100));

const FileSchema = v.object({
  schema: v.literal(1, 'this version reads schema 1'),
  gpus: v.array(
    v.object({
      vendor: v.picklist(['NVIDIA', 'AMD', 'Intel', 'Apple', 'Qualcomm']),
      model: text,
      /** As the driver prints it, where that is more than the model. */
      aliases: v.optional(v.array(text), []),
      pciIds: v.optional(
        v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/, 'write it as 10de:2684'))),
        [],
      ),
      architecture: v.optional(v.nullable(text), null),
      memoryMiB: v.optional(v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 24))), []),
      memoryKind: v.optional(v.picklist(['dedicated', 'unified', 'shared']), 'dedicated'),
      memoryBandwidthGBs: v.optional(
        v.nullable(v.pipe(v.number(), v.minValue(1), v.maxValue(100_000))),
        null,
      ),
      computeCapability: v.optional(
        v.nullable(v.pipe(v.string(), v.regex(/^\d{1,2}\.\d$/, 'write it as 8.9'))),
        null,
      ),
      gfxTarget: v.optional(
        v.nullable(v.pipe(v.string(), v.regex(/^gfx[0-9a-f]{3,5}$/, 'write it as gfx1100'))),
        null,
      ),
    }),
  ),
});

/** Reads the file's text; `file` is its name in sentences. Throws `config-field`, naming what is wrong. */
export function parseOwnModels(content: string, file: string): readonly GpuModel[] {
  const parsed = v.safeParse(FileSchema, jsonOf(content));
  if (parsed.success)
    return parsed.output.gpus.map(({ aliases, memoryBandwidthGBs, ...gpu }) => ({
      ...gpu,
      names: [...new Set([gpu.model, ...aliases].map(normaliseName))],
      revisions: [],
      segment: null,
      bandwidthGBs: memoryBandwidthGBs,
    }));
  const [issue] = parsed.issues;
  const where = (issue.path ?? []).map((item) => String(item.key)).join(' → ');
  throw problem(
    'config-field',
    `The file ${file} with your own models cannot be read: ${where === '' ? '' : `${where}: `}${issue.message}.`,
    'Correct it, or move it away; detection goes on without it.',
    { subject: file },
  );
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}
