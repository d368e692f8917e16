import { expect, test } from 'vitest';
import { imagePng } from '../../core/figures/png';
import { figureRegistry } from '../../core/figures/registry';
import { type Report, renderReport } from '../../core/figures/report';
import { themes } from '../../core/figures/theme';

const hostile = `</title></style><script>x()</script><img src="http://x" onerror='x()'>&amp;`;
const report = (changes: Partial<Report> = {}): Report => ({
  title: 'Demo',
  subtitle: 'seed 0',
  facts: [{ label: 'Clean accuracy', value: '81 %', note: 'on 500 images' }],
  sections: [
    {
      title: 'Figures',
      text: 'Words.',
      figures: [
        ...figureRegistry.all.map(({ id, example }) => ({ svg: example('light'), caption: id })),
        { png: imagePng(Float32Array.of(0.5), [1, 1, 1], { scale: 2, provenance: {} }), caption: 'a pixel' },
      ],
      table: { columns: ['model', 'clean'], rows: [['jeat', 81.5]] },
    },
    { title: 'Nothing' },
  ],
  configuration: { seed: 0, model: { id: 'convnet', widths: [16, 32] } },
  commands: ['npx lowland demo'],
  provenance: { run: 'demo' },
  ...changes,
});

test('a report holds everything it was given and needs nothing else', async () => {
  const html = await renderReport(report());
  for (const words of [
    '81 %',
    'on 500 images',
    '81.5',
    'model.widths',
    '16, 32',
    'npx lowland demo',
    'a pixel',
    'There is nothing to show here.',
  ])
    expect(html).toContain(words);
  const addresses = [...html.matchAll(/(?:src|href|url|action)\s*[=(]\s*["']?([^"'\s>)]*)/g)].map(
    ([, address]) => address,
  );
  expect(addresses.length).toBeGreaterThan(10);
  for (const address of addresses) expect(address).toMatch(/^data:(image\/png|font\/ttf);base64,/);
  expect(html).not.toMatch(/<script|<link|@import/);
  expect(html).toContain("default-src 'none'");
  expect(await renderReport(report())).toBe(html);
});

test('a report brings its font along once, in both weights', async () => {
  const html = await renderReport(report());
  const faces = [
    ...html.matchAll(/@font-face\{font-family:Inter;font-weight:(\d+);src:url\(data:font\/ttf;base64,(\S+?)\)/g),
  ];
  expect(faces.map(([, weight]) => weight)).toEqual(['400', '600']);
  for (const [, , data = ''] of faces) {
    const font = Buffer.from(data, 'base64');
    expect([font.readUInt32BE(0), font.length > 40_000]).toEqual([0x00010000, true]);
  }
  expect(html).toContain('font-src data:');
});

test('figures drawn for the light theme turn dark with the page', async () => {
  const html = await renderReport(report());
  expect(html).not.toContain(`fill="${themes.light.raised}"`);
  expect(html).toContain('fill="var(--raised)"');
  expect(html).toContain(`--raised:${themes.dark.raised}`);
});

test('hostile words stay words', async () => {
  const html = await renderReport(
    report({
      title: hostile,
      subtitle: hostile,
      facts: [{ label: hostile, value: hostile, note: hostile }],
      sections: [
        {
          title: hostile,
          text: hostile,
          figures: [{ png: imagePng(Float32Array.of(0), [1, 1, 1], { scale: 1, provenance: {} }), caption: hostile }],
          table: { columns: [hostile], rows: [[hostile]] },
        },
      ],
      configuration: { [hostile]: hostile, list: [hostile], deep: { [hostile]: { a: hostile } } },
      commands: [hostile],
      provenance: { [hostile]: hostile },
    }),
  );
  expect(html).not.toMatch(/<script|<img src="http|onerror='/);
  expect(html.match(/<\/title>/g)).toHaveLength(1);
  expect(html.match(/<\/style>/g)).toHaveLength(1);
});

test('a picture that is none is refused', async () => {
  const figures = [{ png: new Uint8Array(50), caption: '' }];
  await expect(renderReport(report({ sections: [{ title: 'a', figures }] }))).rejects.toThrow(
    'These 50 bytes are not a PNG picture.',
  );
});

test('a report without facts, figures, settings or commands is still a page', async () => {
  const html = await renderReport(report({ facts: [], sections: [], configuration: {}, commands: [], provenance: {} }));
  expect(html).toContain('<h1>Demo</h1>');
  expect(html).not.toMatch(/Configuration|Repeat/);
});
