// oxlint-disable-next-line typescript/no-require-imports -- jest loads a transformer as CommonJS
const { parse } = require('yaml');

/** Lets a test import a YAML file. Jest keeps what comes out, so that the contract is parsed once and not by every suite. */
module.exports = {
  process: (text) => ({ code: `module.exports = JSON.parse(${JSON.stringify(JSON.stringify(parse(text)))});` }),
};
