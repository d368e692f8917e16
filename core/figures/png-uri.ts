/** PNG bytes as a data URI, for pictures inside SVG and HTML. */
export const pngUri = (png: Uint8Array): string =>
  `data:image/png;base64,${btoa(Array.from(png, (byte) => String.fromCharCode(byte)).join(''))}`;
