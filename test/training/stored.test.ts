import { expect, test } from 'vitest';
import { toJson } from '../../core/lib/json';
import { configure, parseConfiguration } from '../../core/training/configuration';
import { listPresets } from '../../core/training/presets';

const presets = await listPresets();

test.each(presets.map((preset) => [preset.id, preset] as const))(
  '%s, stored and read back, is the same text',
  (_, preset) => {
    const configuration = configure(preset, {}, 3);
    expect(JSON.stringify(parseConfiguration(toJson(configuration), 'x'))).toBe(JSON.stringify(configuration));
  },
);
