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

/**
 * Words that are cut off by their own box without saying so (an ellipsis says so), controls that lie outside the window where nothing
 * scrolls, and a page that scrolls sideways.
 */
export const clipped = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth > clientWidth + 1) found.push(`the page is ${scrollWidth} px wide in a window of ${clientWidth}`);
    const styleOf = (element: Element) => getComputedStyle(element);
    const scrolls = (element: Element): boolean => {
      for (let at: Element | null = element; at; at = at.parentElement) {
        const { overflowX, overflowY } = styleOf(at);
        if (/auto|scroll/.test(overflowX) || /auto|scroll/.test(overflowY)) return true;
      }
      return false;
    };
    const own = (element: Element) =>
      [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim());
    for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
      if (element.closest('svg, select, option, .visually-hidden, .skip, [inert], [aria-hidden=true]')) continue;
      const control = element.matches('button, a[href], input, label, [role=radio], [role=tab], h1, h2, h3');
      if (!control && !own(element)) continue;
      const box = element.getBoundingClientRect();
      const style = styleOf(element);
      if (box.width < 2 || box.height < 2 || style.visibility === 'hidden' || style.clip !== 'auto') continue;
      const name = `${element.tagName.toLowerCase()} '${(element.textContent ?? '').trim().slice(0, 40)}'`;
      const cut = /hidden|clip/;
      const wide =
        element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0 && cut.test(style.overflowX);
      const tall =
        element.scrollHeight > element.clientHeight + 3 && element.clientHeight > 0 && cut.test(style.overflowY);
      if (wide && style.textOverflow !== 'ellipsis') found.push(`${name} is cut off`);
      if (tall && style.display !== '-webkit-box') found.push(`${name} is cut off below`);
      if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(element))
        found.push(`${name} lies outside the window`);
    }
    return [...new Set(found)];
  });

/** Controls that can be seen and lie on one another, so that a press on one would reach the other. */
export const overlapping = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const controls = [
      ...document.querySelectorAll<HTMLElement>('button, a[href], input, select, [role=slider]'),
    ].filter(
      (element) => !element.closest('.visually-hidden, .skip, [inert], label') && element.checkVisibility?.() !== false,
    );
    for (const element of controls) {
      const box = element.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (box.width < 4 || box.height < 4 || x < 0 || y < 0 || x > innerWidth || y > innerHeight) continue;
      const top = document.elementFromPoint(x, y)?.closest('button, a[href], input, select, [role=slider], label');
      if (!top || top === element || top.contains(element) || element.contains(top)) continue;
      const name = (of: Element) =>
        `${of.tagName.toLowerCase()} '${(of.getAttribute('aria-label') ?? of.textContent ?? '').trim().slice(0, 30)}'`;
      found.push(`${name(top)} lies on ${name(element)}`);
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
