/**
 * The floors of the house, lowest first. A file imports from its own floor or from a floor below; never up, never in a circle.
 * A module that is not named here is a leaf: a new one needs no change in this file.
 */
const floors = [
  { name: 'kit', path: '^src/kit/' },
  { name: 'access', path: '^src/access/' },
  { name: 'users-roles-activity', path: '^src/modules/(users|roles|activity)/' },
  { name: 'organizations', path: '^src/modules/organizations/' },
  { name: 'articles', path: '^src/modules/articles/' },
  { name: 'plans-providers', path: '^src/modules/(plans|providers)/' },
  { name: 'attention', path: '^src/modules/attention/' },
  { name: 'subscriptions', path: '^src/modules/subscriptions/' },
  { name: 'payments', path: '^src/modules/payments/' },
  { name: 'sessions-links-passwords', path: '^src/modules/(sessions|links|passwords)/' },
  { name: 'auth', path: '^src/modules/auth/' },
  { name: 'templates-suppressions', path: '^src/modules/(templates|suppressions)/' },
  {
    name: 'leaves',
    path: '^src/modules/(?!(users|roles|activity|organizations|articles|plans|providers|attention|subscriptions|payments|sessions|links|passwords|auth|templates|suppressions)/)[^/]+/',
  },
  { name: 'app', path: '^src/[^/]+\\.ts$' },
];

const neverUp = floors.slice(0, -1).map(({ name, path }, i) => ({
  name: `nothing-above-${name}`,
  severity: 'error',
  from: { path },
  to: { path: floors.slice(i + 1).map((above) => above.path) },
}));

const LEAF =
  '^src/modules/(?!(?:users|roles|activity|organizations|articles|plans|providers|attention|subscriptions|payments|sessions|links|passwords|auth|templates|suppressions)/)([^/]+)/';
const DOOR = '\\.(service|module|entity|errors|api|provider)\\.ts$';

/** What npm leaves out on some of the Nodes that we run on. */
const NOT_FOR_ALL = '^(better-sqlite3|sqlite-on-node-20)$';

module.exports = {
  forbidden: [
    ...neverUp,
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'leaves-do-not-touch',
      comment: 'Leaves speak through the outbox: outbox.add(topic) in the one, @On(topic) in the other.',
      severity: 'error',
      from: { path: LEAF },
      to: { path: LEAF, pathNot: '^src/modules/$1/' },
    },
    {
      name: 'only-through-the-door',
      comment:
        'Of another module: its service, module, entities, errors, public shapes and ports. Never its repository or controller.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', DOOR] },
    },
    {
      name: 'the-app-uses-the-door-too',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: '^src/modules/', pathNot: DOOR },
    },
    {
      name: 'no-barrels',
      comment: 'An index.ts ties a folder into one knot: import a file by its own name.',
      severity: 'error',
      from: {},
      to: { path: '/index\\.ts$', pathNot: 'node_modules/' },
    },
    {
      name: 'migrations-stand-alone',
      comment: 'A merged migration must mean the same for ever, so it leans on nothing that changes.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { pathNot: ['^migrations/', '^node_modules/typeorm/'] },
    },
    {
      name: 'migrations-run-through-the-data-source',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/data-source\\.ts$' },
      to: { path: '^migrations/' },
    },
    {
      name: 'no-tests-in-the-app',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'only-declared-packages',
      comment: 'What src imports is in "dependencies": a production install leaves devDependencies out.',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        pathNot: NOT_FOR_ALL,
      },
    },
    {
      name: 'what-is-imported-exists',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: NOT_FOR_ALL },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true, // an `import type` counts, too: a floor must not know the names of another
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'require', 'types', 'default'],
    },
  },
};
