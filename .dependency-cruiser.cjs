const stages = require('./src/oracle/stages.json');

/** What each room of src/ may import besides itself. Of the oracle more is asked: see `oracle-is-pure`. */
const rooms = {
  recording: ['oracle'],
  platform: ['oracle', 'recording'],
  inbound: ['oracle', 'recording', 'platform'],
  outbound: ['oracle', 'recording', 'platform'],
  runtime: ['oracle', 'recording', 'platform', 'inbound', 'outbound'],
  app: ['oracle', 'recording', 'platform', 'inbound', 'outbound', 'runtime'],
  lab: ['oracle', 'recording', 'platform', 'runtime', 'app'],
  commands: ['oracle', 'recording', 'platform', 'inbound', 'outbound', 'runtime', 'app', 'lab'],
};

/** Where a package that opens a door to the outside may be imported. */
const doors = {
  ws: [
    'src/inbound/transport/',
    'src/outbound/stream/',
    'src/outbound/relay/',
    'src/outbound/signing/quorum/transport/',
    'src/lab/',
    'src/commands/',
  ],
  axios: ['src/inbound/transport/', 'src/outbound/', 'src/commands/'],
  lmdb: ['src/outbound/ledger/'],
  secp256k1: ['src/outbound/signing/'],
};

const anyOf = (names) => `(${names.join('|')})`;
const packageNamed = (name) => `(^|/)node_modules/${name}/`;
const test = '\\.test\\.ts$';
const testsAside = (path) => ({ path, pathNot: test });

const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const roomRules = Object.entries(rooms).map(([room, others]) =>
  error(
    `${room}-imports`,
    `${room}/ may import ${[room, ...others].join(', ')}: data flows inbound → oracle → outbound (docs/architecture.md).`,
    testsAside(`^src/${room}/`),
    { path: '^src/', pathNot: `^src/${anyOf([room, ...others])}/` },
  ),
);

const stageRules = stages
  .slice(0, -1)
  .map((stage, index) =>
    error(
      `${stage}-precedes`,
      `${stage}/ knows nothing of the stages after it, not even by way of others: the order is that of stages.json.`,
      testsAside(`^src/oracle/${stage}/`),
      { path: `^src/oracle/${anyOf(stages.slice(index + 1))}/`, reachable: true },
    ),
  );

const doorRules = Object.entries(doors).map(([name, places]) =>
  error(
    `${name}-door`,
    `${name} is imported in ${places.join(', ')} and nowhere else.`,
    { path: '^src/', pathNot: [test, ...places.map((place) => `^${place}`)] },
    { path: packageNamed(name) },
  ),
);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    ...stageRules,
    ...doorRules,
    error('no-circular', 'Two files that need each other are one file, or lack a third.', {}, { circular: true }),
    error('resolvable', 'What is imported must exist.', {}, { couldNotResolve: true }),
    error(
      'oracle-is-pure',
      'The oracle imports only itself: no package, no module of Node.',
      testsAside('^src/oracle/'),
      {
        pathNot: '^src/oracle/',
      },
    ),
    error('oracle-units-first', 'units/ stands below all stages.', testsAside('^src/oracle/units/'), {
      path: '^src/oracle/',
      pathNot: '^src/oracle/units/',
    }),
    error('venue-alone', 'Venues never import each other.', testsAside('^src/inbound/venues/([^/]+)/'), {
      path: '^src/inbound/venues/[^/]+/',
      pathNot: '^src/inbound/venues/$1/',
    }),
    error('chain-reader-alone', 'Readers never import each other.', testsAside('^src/inbound/chains/([^/]+)/'), {
      path: '^src/inbound/chains/[^/]+/',
      pathNot: '^src/inbound/chains/$1/',
    }),
    error(
      'dialect-is-pure',
      'A dialect opens nothing: of packages it knows zod.',
      testsAside('^src/inbound/venues/[^/]+/'),
      {
        dependencyTypes: ['core', 'npm'],
        pathNot: packageNamed('zod'),
      },
    ),
    error(
      'alert-rules-are-pure',
      'What fires an alert depends on ledger entries alone.',
      testsAside('^src/outbound/alerts/(rules/|lifecycle\\.ts$)'),
      { dependencyTypes: ['core', 'npm'] },
    ),
    error(
      'market-is-not-the-candidate',
      'Who writes the examination does not copy from the candidate, not even by way of others.',
      testsAside('^src/lab/market/'),
      { path: '^src/inbound/', reachable: true },
    ),
    error('lab-on-demand', 'Commands load the lab when it is asked for.', testsAside('^src/commands/'), {
      path: '^src/lab/',
      dependencyTypesNot: ['dynamic-import', 'type-only', 'type-import'],
    }),
    error('commands-on-demand', 'The bin loads the one command that is asked for.', testsAside('^src/cli\\.ts$'), {
      path: '^src/commands/',
      dependencyTypesNot: ['dynamic-import', 'type-only', 'type-import'],
    }),
    error(
      'viem-on-demand',
      'viem is large: who needs a chain awaits it. A command is itself loaded on demand.',
      { path: '^src/', pathNot: [test, '^src/commands/'] },
      { path: packageNamed('viem'), dependencyTypesNot: ['dynamic-import', 'type-only', 'type-import'] },
    ),
    error(
      'nest-at-the-edges',
      'These rooms run in a test, a worker or a browser as they are.',
      {
        path: '^src/(recording|lab)/',
        pathNot: test,
      },
      { path: packageNamed('@nestjs') },
    ),
    error('no-tests-in-the-product', 'What ships knows no test.', testsAside('^src/'), {
      path: ['^(test|bench|client|contracts)/', test],
    }),
    error('declared-packages', 'What ships imports what package.json lists under dependencies.', testsAside('^src/'), {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-bundled'],
      dependencyTypesNot: ['type-only', 'type-import'],
    }),
    error('client-stands-alone', "A stranger verifies with a stranger's code.", testsAside('^client/'), {
      path: '^(src|test|bench)/',
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|contracts/(out|cache))/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
