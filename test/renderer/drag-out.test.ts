/** Dragging a picture out of the window: a file in a browser, the shell's own drag in Electron. */
import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import PixelImage from '../../renderer/components/PixelImage.svelte';
import { platform } from '../../renderer/platform/platform';
import { mountWith } from '../../renderer/testing/mount';

const image = { pixels: new Uint8Array(4), shape: [2, 2, 1] as const, alt: 'A cat' };
const canvas = () => screen.getByRole<HTMLCanvasElement>('img', { name: 'A cat' });
const drag = (setData = vi.fn()) => {
  const event = new Event('dragstart', { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { setData } });
  return fireEvent(canvas(), event);
};

afterEach(() => {
  Reflect.deleteProperty(platform, 'startDrag');
  vi.restoreAllMocks();
});

describe('a picture', () => {
  it('is not dragged without a name for its file', () => {
    mountWith(PixelImage, image);
    expect(canvas().draggable).toBeFalsy();
  });

  it('goes out of a browser as a PNG of its name', async () => {
    mountWith(PixelImage, { ...image, file: 'cat.png' });
    vi.spyOn(HTMLCanvasElement.prototype, 'toDataURL').mockReturnValue('data:image/png;base64,AA==');
    const setData = vi.fn();
    expect(canvas().draggable).toBe(true);
    expect(await drag(setData)).toBe(true);
    expect(setData).toHaveBeenCalledWith('DownloadURL', 'image/png:cat.png:data:image/png;base64,AA==');
  });

  it('goes out of Electron as a file that the shell drags', async () => {
    const startDrag = vi.fn(async (_name: string, _bytes: Uint8Array) => undefined);
    Object.assign(platform, { startDrag });
    vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((give) => {
      const blob = new Blob(['PNG']);
      blob.arrayBuffer = async () => new TextEncoder().encode('PNG').buffer as ArrayBuffer;
      give(blob);
    });
    mountWith(PixelImage, { ...image, file: 'cat.png' });
    expect(await drag()).toBe(false);
    await vi.waitFor(() => expect(startDrag).toHaveBeenCalledOnce());
    const [name, bytes] = startDrag.mock.calls[0] ?? [];
    expect([name, [...(bytes ?? [])]]).toEqual(['cat.png', [...'PNG'].map((letter) => letter.charCodeAt(0))]);
  });
});
