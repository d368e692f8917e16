// How the application is packed (tools/dist.mjs). Electron is unpacked where ELECTRON_OVERRIDE_DIST_PATH says or in its package's folder;
// where it is not, electron-builder fetches it.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const places = [process.env.ELECTRON_OVERRIDE_DIST_PATH, path.join(import.meta.dirname, 'node_modules/electron/dist')];
const electronDist = places.find((folder) => folder && existsSync(path.join(folder, 'version')));
const electronVersion =
  electronDist && readFileSync(path.join(electronDist, 'version'), 'utf8').trim().replace(/^v/, '');

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.lowland.workbench',
  productName: 'Lowland',
  copyright: 'Apache-2.0',
  extraMetadata: {
    author: 'Lowland maintainers <maintainers@lowland.invalid>',
    homepage: 'https://arxiv.org/abs/2108.09093',
    desktopName: 'lowland.desktop',
  },
  directories: { output: 'dist/packages', buildResources: 'assets/icons' },
  ...(electronDist ? { electronDist, electronVersion } : {}),
  // native packages are prebuilt for Node-API, and TensorFlow's is set up by the user
  npmRebuild: false,
  files: [
    'package.json',
    'LICENSE',
    'assets/**',
    'dist/electron/*.cjs',
    'dist/renderer/**',
    '!**/*.{map,md,ts,tsbuildinfo,flow}',
    // of tfjs, what Node loads
    '!node_modules/@tensorflow/*/src/**',
    '!node_modules/@tensorflow/{tfjs,tfjs-core,tfjs-backend-*,tfjs-converter,tfjs-data,tfjs-layers}/dist/**/*.js',
    'node_modules/@tensorflow/*/dist/*.node.js',
    // nothing of another runtime
    '!node_modules/bare-*/**',
    // and Dawn for one platform of five
    '!node_modules/webgpu/{build,dist}/**',
    'node_modules/webgpu/dist/${platform}-{${arch},universal}/**',
  ],
  // libraries that the system loads are files of their own, and a module with their path
  asarUnpack: ['**/*.{node,wasm,so,dylib,dll}', 'node_modules/webgpu/**'],
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    resetAdHocDarwinSignature: true,
    // Electron before 29 lacks this one
    ...(!electronVersion || Number.parseInt(electronVersion, 10) >= 29
      ? { grantFileProtocolExtraPrivileges: false }
      : {}),
  },
  linux: {
    target: ['AppImage', 'deb'],
    icon: 'assets/icons',
    category: 'Science',
    executableName: 'lowland',
    syncDesktopName: true,
    synopsis: 'A workbench for the energy of classifiers',
  },
  mac: { target: ['dmg'], icon: 'assets/icons/1024x1024.png', category: 'public.app-category.education' },
  win: { target: ['nsis'], icon: 'assets/icons/256x256.png' },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
};
