/** app://lowland/: the renderer's build and nothing else, with a policy that lets a page run its own scripts only. */
import { type Protocol, protocol } from 'electron';
import { contentPolicy, readStatic } from '../core/host/web/static';
import { origin, scheme } from './addresses';

/** Before the app is ready. */
export function claimScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

export function serveRenderer(folder: string): void {
  if ('handle' in protocol)
    protocol.handle(scheme, async ({ url }) => {
      const { status, body, headers } = await answerPage(folder, url);
      return new Response(body as Uint8Array<ArrayBuffer>, { status, headers });
    });
  else serveByCallback(protocol, folder);
}

/** Electron before 25 knows no Response. */
function serveByCallback(old: Pick<Protocol, 'registerBufferProtocol'>, folder: string): void {
  old.registerBufferProtocol(scheme, ({ url }, answer) => {
    void answerPage(folder, url).then(
      ({ status, body, headers }) => answer({ statusCode: status, headers: { ...headers }, data: Buffer.from(body) }),
      () => answer({ error: failed }),
    );
  });
}

/** net::ERR_FAILED */
const failed = -2;

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The file of an address, with its type and the policy; or a sentence why not. */
export async function answerPage(folder: string, address: string): Promise<PageAnswer> {
  const refuse = (status: number, sentence: string): PageAnswer => ({
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: new TextEncoder().encode(sentence),
  });
  const { protocol: used, host, pathname } = new URL(address);
  if (`${used}//${host}` !== origin) return refuse(403, 'There is one host here: lowland.');
  const file = await readStatic(folder, pathname);
  if (!file) return refuse(404, 'There is no such file.');
  return {
    status: 200,
    headers: {
      'Content-Type': file.type,
      'Content-Security-Policy': contentPolicy(''),
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Opener-Policy': 'same-origin',
    },
    body: file.bytes,
  };
}
