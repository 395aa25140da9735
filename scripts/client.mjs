/** `npm run client`: writes the client's types from openapi.yaml; what is in client/src besides is by hand. */
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const contract = new URL('../openapi.yaml', import.meta.url);
const types = astToString(await openapiTS(contract, { rootTypes: true, rootTypesNoSchemaPrefix: true }));

/** Every code that a problem can have, as the contract's examples name them. */
const codes = new Set(
  [...readFileSync(contract, 'utf8').matchAll(/^ +status: \d+\n +code: ([a-z-]+)$/gm)].map(([, code]) => code),
);
const union = [...codes].sort().map((code) => `'${code}'`);

const schema = new URL('../client/src/schema.ts', import.meta.url);
writeFileSync(
  schema,
  `// Written by \`npm run client\` from openapi.yaml.\n${types}\nexport type ProblemCode = ${union.join(' | ')};\n`,
);
