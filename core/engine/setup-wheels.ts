/** Where libtensorflow comes from: the official Python wheels, pinned by version and SHA-256, one for each platform. */
import { AppError } from '../lib/errors';

export interface Wheel {
  /** As pip names it. */
  readonly package: string;
  readonly version: string;
  /** pip's platform tag. */
  readonly platform: string;
  readonly sha256: string;
  /** Size of the download; the libraries take about four times that on disk. */
  readonly bytes: number;
  readonly gpu: boolean;
  /** The two libraries, inside the wheel's folder tensorflow. */
  readonly libraries: readonly [framework: string, whole: string];
  readonly linkFlags: readonly string[];
}

const linux = {
  version: '2.21.0',
  libraries: ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'],
  linkFlags: ['-Wl,-rpath,$ORIGIN'],
} as const;

const wheels: Readonly<Record<string, Wheel>> = {
  'linux-x64': {
    ...linux,
    package: 'tensorflow-cpu',
    platform: 'manylinux_2_27_x86_64',
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    bytes: 274_000_871,
    gpu: false,
  },
  'linux-x64-gpu': {
    ...linux,
    package: 'tensorflow',
    platform: 'manylinux_2_27_x86_64',
    sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
    bytes: 572_611_111,
    gpu: true,
  },
  'linux-arm64': {
    ...linux,
    package: 'tensorflow',
    platform: 'manylinux_2_27_aarch64',
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    bytes: 281946471,
    gpu: false,
  },
  'darwin-arm64': {
    package: 'tensorflow',
    version: '2.21.0',
    platform: 'macosx_12_0_arm64',
    sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
    bytes: 223_488_205,
    gpu: false,
    libraries: ['libtensorflow_framework.2.dylib', 'libtensorflow_cc.2.dylib'],
    linkFlags: ['-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path'],
  },
};

/** @throws AppError ENGINE where no wheel has the libraries for this machine. */
export function wheelFor(gpu: boolean, platform: string = process.platform, arch: string = process.arch): Wheel {
  const wheel = wheels[`${platform}-${arch}${gpu ? '-gpu' : ''}`];
  if (wheel) return wheel;
  throw new AppError(
    'ENGINE',
    `There is no ${gpu ? 'CUDA ' : ''}build of libtensorflow for ${platform} ${arch}.`,
    gpu ? 'CUDA needs Linux on x64; any other GPU works with --engine webgpu.' : 'Use --engine webgpu or wasm.',
  );
}
