/**
 * The floors of the house, lowest first. A file imports from its own folder or from a floor below: never up, never in a circle, never
 * from another folder of its own floor. Every folder stands here, alone with its own files.
 */
const FLOORS = [
  ['kit/text'],
  ['kit'],
  ['kit/net', 'kit/safe-html'],
  ['config/settings'],
  ['config'],
  ['database/statements'],
  ['database/pool', 'database/sqlite'],
  ['telemetry'],
  ['jobs'],
  ['database'],
  ['database/leases'],
  ['rate-limit'],
  ['http/fields', 'http/client'],
  ['http/contract'],
  ['http/caching', 'http/connections'],
  ['http/docs'],
  ['http/server'],
  ['http/idempotency'],
  ['http/openapi'],
  ['access'],
  ['outbox'],
  ['mail/templates'],
  ['mail'],
  ['modules/activity'],
  ['modules/users', 'modules/roles'],
  ['modules/organizations/records'],
  ['modules/organizations'],
  ['modules/auth/devices', 'modules/auth/tokens'],
  ['modules/auth/sessions', 'modules/auth/links'],
  ['modules/auth/passwords'],
  ['modules/auth/login', 'modules/auth/social/providers'],
  ['modules/auth/social'],
  ['modules/auth'],
  ['modules/content/articles'],
  ['modules/content/pages', 'modules/content/posts'],
  ['modules/content'],
  ['modules/payments/providers/port'],
  ['modules/payments/providers/stripe/facts'],
  [
    'modules/payments/providers/stripe',
    'modules/payments/providers/lemonsqueezy',
    'modules/payments/providers/flutterwave',
  ],
  ['modules/payments/providers', 'modules/payments/attention'],
  ['modules/payments/plans'],
  ['modules/payments/subscriptions/records'],
  ['modules/payments/subscriptions'],
  ['modules/payments/ledger/records'],
  ['modules/payments/ledger'],
  ['modules/payments/asking', 'modules/payments/checkouts', 'modules/payments/refunds'],
  ['modules/payments/webhooks', 'modules/payments/platform'],
  ['modules/payments'],
  ['modules/messaging/templates', 'modules/messaging/suppressions'],
  ['modules/messaging/messages', 'modules/messaging/notifications'],
  ['modules/messaging'],
  ['modules/invites/records', 'modules/system/health', 'modules/system/versions'],
  ['modules/system/pages'],
  ['modules/invites', 'modules/waitlist', 'modules/system'],
  ['modules/invites/invitee', 'modules/waitlist/public'],
  ['.'],
  ['cli'],
];

const filesOf = (folder) => (folder === '.' ? '^src/[^/]+$' : `^src/${folder}/[^/]+$`);
/** A module puts together what its group has, on whichever floor. */
const MODULE = '\\.module\\.ts$';

const neverUp = FLOORS.slice(0, -1).flatMap((folders, i) =>
  folders.map((folder) => ({
    name: `nothing-above-${folder}`,
    severity: 'error',
    from: { path: filesOf(folder), pathNot: MODULE },
    to: { path: [...folders.filter((other) => other !== folder), ...FLOORS.slice(i + 1).flat()].map(filesOf) },
  })),
);

const DOOR = '\\.(service|module|entity|errors|api|provider)\\.ts$';

/** What npm leaves out on some of the Nodes that we run on. */
const NOT_FOR_ALL = '^(better-sqlite3|sqlite-on-node-20)$';

module.exports = {
  forbidden: [
    ...neverUp,
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-folder-has-a-floor',
      severity: 'error',
      from: { path: '^src/', pathNot: FLOORS.flat().map(filesOf) },
      to: {},
    },
    {
      name: 'doors-speak-through-the-outbox',
      comment: 'These do not import each other: outbox.add(topic) in the one, @On(topic) in the other.',
      severity: 'error',
      from: { path: '^src/modules/(content|payments|messaging|invites|waitlist|system)/' },
      to: { path: '^src/modules/(content|payments|messaging|invites|waitlist|system)/', pathNot: '^src/modules/$1/' },
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
