/** Lets node run our TypeScript as it stands: `node -r ./scripts/typescript.cjs file.ts`. For development only: @swc/core is. */
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

const parser = { syntax: 'typescript', decorators: true };
const jsc = { parser, target: 'es2022', transform: { legacyDecorator: true, decoratorMetadata: true } };

require.extensions['.ts'] = (module, filename) => {
  const options = { filename, jsc, module: { type: 'commonjs' }, sourceMaps: 'inline' };
  module['_compile'](transformSync(readFileSync(filename, 'utf8'), options).code, filename);
};
