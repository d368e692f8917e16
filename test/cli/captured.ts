/** A command line run in this process, with what it wrote. */
import { runCli } from '../../core/cli/main';

export async function captured(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const streams = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  };
  const code = await runCli(args, streams, new AbortController().signal);
  return { code, out, err };
}
