/** The checks themselves: on a page with faults they find each of them, and on a sound page nothing. */
import { type Browser, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blankCanvases, clipped, overlapping, seriousFindings } from './checks';
import { chromiumArguments, chromiumProgram } from './shells';

const sound = `<!doctype html><html lang="en"><title>Sound</title><body><main><h1>A title</h1><button>Press</button>
  <p style="width: 60px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">Words that end in an ellipsis</p>
  <canvas width="40" height="40" role="img" aria-label="Drawn"></canvas></main>
  <script>document.querySelector('canvas').getContext('2d').fillRect(5, 5, 9, 9)</script>`;

describe.skipIf(!chromiumProgram)('the checks', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumProgram ?? '', args: chromiumArguments });
    page = await browser.newPage({ viewport: { width: 600, height: 400 } });
  });
  afterAll(() => browser?.close());
  const show = (more: string) => page.setContent(sound.replace('</main>', `${more}</main>`));

  it('find nothing on a sound page', async () => {
    await show('');
    for (const check of [clipped, overlapping, blankCanvases, seriousFindings]) expect(await check(page)).toEqual([]);
  });

  it.each([
    [
      'a cut word',
      '<button style="width: 40px; overflow: hidden; white-space: nowrap">Far too long</button>',
      /cut off$/,
    ],
    ['a cut line', '<p style="height: 8px; overflow: hidden">Half of it</p>', /cut off below/],
    [
      'a control outside',
      '<button style="position: fixed; left: 590px; width: 80px">Out</button>',
      /outside the window/,
    ],
    ['a wide page', '<div style="width: 900px; height: 9px"></div>', /90\d px wide in a window of 600/],
  ])('find %s', async (_what, fault, sentence) => {
    await show(fault);
    expect(await clipped(page)).toEqual([expect.stringMatching(sentence)]);
  });

  it('find a control on another', async () => {
    const at = 'style="position: fixed; left: 50px; top: 200px; width: 90px; height: 30px"';
    await show(`<button ${at}>Under</button><button ${at}>Over</button>`);
    expect(await overlapping(page)).toEqual(["button 'Over' lies on button 'Under'"]);
  });

  it('find a blank canvas', async () => {
    await show('<section aria-label="Empty"><canvas width="50" height="50"></canvas></section>');
    expect(await blankCanvases(page)).toEqual(['Empty is blank']);
  });

  it('find what hinders a reader', async () => {
    await show('<p style="color: #bbb; background: #fff">Pale words</p><img src="data:,">');
    const ids = (await seriousFindings(page)).map((finding) => finding.split(':')[0]);
    expect(ids.sort()).toEqual(['color-contrast', 'image-alt']);
  });
});
