/** What must hold of every view: nothing cut off or overlapping, nothing blank, nothing that axe finds serious. */
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Serious and critical findings of axe, as sentences. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // the page's policy keeps scripts out that are not its own, so axe is evaluated, not added as an element
  const { readFile } = await import('node:fs/promises');
  await page.evaluate(await readFile(axePath, 'utf8'));
  return page.evaluate(async () => {
    const axe = Reflect.get(globalThis, 'axe') as {
      run(
        options: object,
      ): Promise<{ violations: { impact: string; id: string; help: string; nodes: { target: string[] }[] }[] }>;
    };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help} (${nodes
            .map(({ target }) => target.join(' '))
            .slice(0, 3)
            .join('; ')})`,
      );
  });
}

/** Words and controls that are cut off by their own box or lie outside the window, and a page that scrolls sideways. */
export const clipped = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth > clientWidth + 1) found.push(`the page is ${scrollWidth} px wide in a window of ${clientWidth}`);
    const scrolls = (element: Element): boolean => {
      for (let at: Element | null = element; at; at = at.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(at);
        if (/auto|scroll/.test(overflowX) || /auto|scroll/.test(overflowY)) return true;
      }
      return false;
    };
    for (const element of document.querySelectorAll('button, h1, h2, h3, label, [role=radio], [role=tab]')) {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (
        box.width < 2 ||
        box.height < 2 ||
        style.visibility === 'hidden' ||
        element.closest('.visually-hidden, .skip, [inert]')
      )
        continue;
      const name = `${element.tagName.toLowerCase()} '${(element.textContent ?? '').trim().slice(0, 40)}'`;
      if (
        element.scrollWidth > element.clientWidth + 2 &&
        element.clientWidth > 0 &&
        style.textOverflow !== 'ellipsis' &&
        style.overflowX === 'hidden'
      )
        found.push(`${name} is cut off`);
      if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(element))
        found.push(`${name} lies outside the window`);
    }
    return found;
  });

/** Visible canvases on which every pixel is the same. A canvas of WebGL cannot be read back and is not looked at. */
export const blankCanvases = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('canvas')].flatMap((canvas) => {
      const box = canvas.getBoundingClientRect();
      if (box.width < 20 || box.height < 20 || box.bottom < 0 || box.top > innerHeight) return [];
      const context = canvas.getContext('2d');
      if (!context || canvas.width === 0) return [];
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const first = data.slice(0, 4).join();
      for (let i = 4; i < data.length; i += 4) if (data.slice(i, i + 4).join() !== first) return [];
      return [`${canvas.closest('[aria-label]')?.getAttribute('aria-label') ?? 'a canvas'} is blank`];
    }),
  );
