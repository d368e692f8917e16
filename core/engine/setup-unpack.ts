/** Unpacking a wheel, by Python's own zip reader: streamed, sums checked, only what is asked for, nothing outside the folder. */
import path from 'node:path';
import type { Fetching } from './setup-fetch';
import { runTool, toolError } from './setup-tools';

/** What the engine needs of TensorFlow's wheel. */
const ofTensorflow =
  'tensorflow/libtensorflow_(cc|framework)[.](so[.]2|2[.]dylib)|' +
  'tensorflow/include/(tensorflow/c|tensorflow/core/platform|tsl/platform|xla/tsl/c)/.*[.]h|' +
  'tensorflow-[^/]*/METADATA|tensorflow[^/]*/(.*/)?(LICENSE|THIRD_PARTY_NOTICES)[^/]*';

/** The libraries, C headers and licences. @throws AppError BAD_FILE, DISK_FULL. */
export const unpackTensorflow = (wheel: string, staging: string, fetching: Fetching): Promise<void> =>
  unpack(wheel, staging, ofTensorflow, fetching);

/** Streams the members that a pattern names; refuses names that leave the folder and wheels that unpack to over 6 GB. */
const unpackScript = `
import os, re, shutil, sys, zipfile
wheel, target, pattern = sys.argv[1:]
total = 0
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        name = entry.filename
        if entry.is_dir() or not re.fullmatch(pattern, name):
            continue
        if name.startswith('/') or '\\\\' in name or ':' in name or '..' in name.split('/'):
            sys.exit('the wheel names a file outside its folder: ' + name)
        total += entry.file_size
        if total > 6e9:
            sys.exit('the wheel unpacks to more than 6 GB')
        path = os.path.join(target, *name.split('/'))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(entry) as source, open(path, 'wb') as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
        if entry.external_attr >> 16 & 0o100:
            os.chmod(path, 0o755)
if not total:
    sys.exit('the wheel holds none of the files that are needed')
`;

export async function unpack(
  wheel: string,
  staging: string,
  pattern: string,
  { progress, signal }: Fetching,
): Promise<void> {
  progress.note(`Unpacking ${path.basename(wheel)}`);
  const done = await runTool('python3', ['-c', unpackScript, wheel, staging, pattern], { ...(signal && { signal }) });
  if (done.ok) return;
  throw toolError('BAD_FILE', `'${path.basename(wheel)}' could not be unpacked`, done);
}
