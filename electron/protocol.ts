/** app://lowland/: the renderer's build and nothing else, with a policy that lets a page run its own scripts only. */
import { protocol } from 'electron';
import { contentPolicy, readStatic } from '../core/host/web/static';

export const origin = 'app://lowland';
const scheme = 'app';

/** Before the app is ready. */
export function claimScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

export function serveRenderer(folder: string): void {
  protocol.handle(scheme, async ({ url }) => {
    const answer = (status: number, sentence: string) =>
      new Response(sentence, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
    const { host, pathname } = new URL(url);
    if (host !== 'lowland') return answer(403, 'There is one host here: lowland.');
    const file = await readStatic(folder, pathname);
    if (!file) return answer(404, 'There is no such file.');
    return new Response(file.bytes as Uint8Array<ArrayBuffer>, {
      headers: {
        'Content-Type': file.type,
        'Content-Security-Policy': contentPolicy(''),
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Opener-Policy': 'same-origin',
      },
    });
  });
}
