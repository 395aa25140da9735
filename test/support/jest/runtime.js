/* oxlint-disable typescript/no-require-imports -- jest loads it as CommonJS */
const { resolve, sep } = require('node:path');
const { default: Runtime } = require('jest-runtime');

const TESTS = resolve(__dirname, '../..') + sep;
const standing = new Map();

/**
 * One module registry for all files that a worker runs of a project, in one environment (environment.js): the app and its libraries are
 * loaded once in a worker, where loading them for each file took half of the time of all tests. What is under `test` is loaded for each
 * file. Jest has an option for this class, and no promise about its insides: they are pinned by the lock file.
 */
module.exports = class SharedRuntime extends Runtime {
  constructor(config, ...more) {
    const { name } = config.displayName;
    const testPath = more[5];
    if (standing.has(name)) return standing.get(name).begin(testPath);
    super(config, ...more);
    this.testState.throwIfBetweenTests = () => undefined; // what goes on behind may load its first file between two tests
    standing.set(name, this);
  }

  /** Forgets the file before: what it loaded of its own, and Jest's own parts, which keep what it declared. */
  begin(testPath) {
    Object.assign(this, { _testPath: testPath });
    this.executor.testPath = testPath;
    this.testState.state = 'loading';
    this.testMainModule.reset();
    this.jestGlobals.cachedEnvGlobals = undefined;
    this.registries.internalModuleRegistry.clear();
    const { moduleRegistry } = this.registries;
    for (const path of moduleRegistry.keys()) if (path.startsWith(TESTS)) moduleRegistry.delete(path);
    return this;
  }

  /** What a file put in the place of a method does not stay. */
  teardown() {
    this.restoreAllMocks();
  }
};
