/* oxlint-disable typescript/no-require-imports -- jest loads it as CommonJS */
const { TestEnvironment } = require('jest-environment-node');

const standing = new Map();

/** One environment for all files that a worker runs of a project: see runtime.js. */
module.exports = class SharedEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { displayName } = config.projectConfig;
    if (standing.has(displayName.name)) return standing.get(displayName.name);
    super(config, context);
    standing.set(displayName.name, this);
  }

  async teardown() {}
};
