/** `npm run client`: writes the client's types from openapi.yaml; what is in client/src besides is by hand. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const at = (path) => new URL(`../${path}`, import.meta.url);
const contract = at('openapi.yaml');
const types = astToString(await openapiTS(contract, { rootTypes: true, rootTypesNoSchemaPrefix: true }));

/** Every code that a problem can have, as the contract's examples name them. */
const codes = new Set(
  [...readFileSync(contract, 'utf8').matchAll(/^ +status: \d+\n +code: ([a-z-]+)$/gm)].map(([, code]) => code),
);
const union = [...codes].sort().map((code) => `'${code}'`);

writeFileSync(
  at('client/src/schema.ts'),
  `// Written by \`npm run client\` from openapi.yaml.\n${types}\nexport type ProblemCode = ${union.join(' | ')};\n`,
);

/* What goes into the package besides: the licence, and what tells Node that the one half of it is CommonJS. */
copyFileSync(at('LICENSE'), at('client/LICENSE'));
mkdirSync(at('client/dist/cjs'), { recursive: true });
writeFileSync(at('client/dist/cjs/package.json'), '{ "type": "commonjs" }\n');
