/** Files of the renderer's build, and nothing else; with headers that let a page run its own scripts only. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../lib/errors';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** `connect`: where the page may open its channel to. */
export const contentPolicy = (connect: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    `connect-src 'self' ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The file of a path of an address below a folder; undefined where it would leave the folder. */
export function fileBelow(folder: string, pathname: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (/[\0\\]/.test(decoded)) return undefined;
  const file = path.join(folder, decoded === '/' ? 'index.html' : decoded);
  return file.startsWith(folder + path.sep) ? file : undefined;
}

export interface StaticFile {
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** Undefined where there is no such file, or where the path leaves the folder. */
export async function readStatic(folder: string, pathname: string): Promise<StaticFile | undefined> {
  const file = fileBelow(folder, pathname);
  const type = file && types[path.extname(file)];
  if (!file || !type) return undefined;
  try {
    return { bytes: await readFile(file), type };
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
}
