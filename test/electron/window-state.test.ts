/** Where a window comes back: where it was, but always to be seen; and the projects that were open. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Projects } from '../../electron/projects';
import { besideOthers, readState, smallest, usualSize, visibleBounds, writeState } from '../../electron/window-state';

const folder = mkdtempSync(path.join(os.tmpdir(), 'lowland-window-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string) => path.join(folder, name);
const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const right = { x: 1920, y: 0, width: 1920, height: 1080 };
const state = { x: 100, y: 80, width: 1200, height: 700, maximised: false };
const { maximised: _maximised, ...bounds } = state;

describe('the state of a window', () => {
  it('comes back from disk as it was', () => {
    writeState(file('a.json'), { ...state, maximised: true });
    expect(readState(file('a.json'))).toEqual({ ...state, maximised: true });
  });

  it.each([
    ['nothing'],
    ['not json'],
    ['{"x":1}'],
    ['{"x":null,"y":0,"width":1,"height":1,"maximised":false}'],
    ['[]'],
  ])('is none where the file holds %s', (text) => {
    if (text !== 'nothing') writeFileSync(file('b.json'), text);
    expect(readState(file(text === 'nothing' ? 'absent.json' : 'b.json'))).toBeUndefined();
  });

  it('does not mind a folder that cannot be written', () =>
    expect(() => writeState(path.join(folder, 'absent', 'c.json'), state)).not.toThrow());
});

describe('the bounds of a window', () => {
  it('are the usual ones at first', () => expect(visibleBounds(undefined, [screen])).toEqual(usualSize));
  it('are those of last time', () => expect(visibleBounds(state, [screen])).toEqual(bounds));
  it('stay on a second display', () =>
    expect(visibleBounds({ ...state, x: 2000 }, [screen, right])).toEqual({ ...bounds, x: 2000 }));

  it('come back to where a display is when theirs is gone', () => {
    const shown = visibleBounds({ ...state, x: 2000 }, [screen]);
    expect(shown).toEqual({ width: 1200, height: 700 });
  });
  it('count as gone when less than a quarter of the window shows', () => {
    expect(visibleBounds({ ...state, x: 1920 - 310 }, [screen])).toMatchObject({ x: 1610 });
    expect(visibleBounds({ ...state, x: 1920 - 290 }, [screen])).not.toHaveProperty('x');
  });
  it('fit a smaller display', () =>
    expect(visibleBounds({ ...state, x: 5000, width: 3000, height: 2000 }, [screen])).toEqual({
      width: 1920,
      height: 1080,
    }));
  it('are never too small to use', () =>
    expect(visibleBounds({ ...state, width: 3, height: 3 }, [screen])).toMatchObject(smallest));
  it('are a step beside those of other windows', () => {
    expect(besideOthers(bounds, 0)).toEqual(bounds);
    expect(besideOthers(bounds, 2)).toEqual({ ...bounds, x: 148, y: 128 });
    expect(besideOthers(usualSize, 2)).toEqual(usualSize);
  });
});

describe('recent projects', () => {
  it('come newest first, each once, and not for ever', () => {
    const projects = new Projects(file('projects.json'));
    expect(projects.recent).toEqual([]);
    for (let i = 0; i < 12; i++) projects.opened(path.join(folder, `p${i}`));
    projects.opened(path.join(folder, 'p7'));
    const again = new Projects(file('projects.json')).recent.map((place) => path.basename(place));
    expect(again).toEqual(['p7', 'p11', 'p10', 'p9', 'p8', 'p6', 'p5', 'p4']);
  });

  it('are none where the file is broken', () => {
    writeFileSync(file('broken.json'), '{"a":');
    expect(new Projects(file('broken.json')).recent).toEqual([]);
  });
});
