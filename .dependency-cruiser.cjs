/** The layer rule: inside core a folder imports only from folders above it in this list. */
const layers = [
  'lib',
  'engine',
  'data',
  'models',
  'energy',
  'attacks',
  'sampling',
  'objectives',
  'metrics',
  'surface',
  'figures',
  'training',
  'runs',
  'contract',
  'host',
  'cli',
];

const upward = layers.map((layer, index) => ({
  name: `core-${layer}-imports-only-what-is-above-it`,
  severity: 'error',
  from: { path: `^core/${layer}/` },
  to: {
    path: `^core/(${layers
      .slice(index + 1)
      .concat('none')
      .join('|')})/`,
  },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'attacks-and-sampling-apart',
      severity: 'error',
      from: { path: '^core/sampling/' },
      to: { path: '^core/attacks/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'core-knows-no-shell', severity: 'error', from: { path: '^core/' }, to: { path: '^(electron|renderer)/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
