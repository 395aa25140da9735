/** `npm run client`: writes the client's types from openapi.yaml; what is in client/src besides is by hand. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const at = (path) => new URL(`../${path}`, import.meta.url);
const types = astToString(await openapiTS(at('openapi.yaml'), { rootTypes: true, rootTypesNoSchemaPrefix: true }));

writeFileSync(
  at('client/src/schema.ts'),
  `// Written by \`npm run client\` from openapi.yaml.\n${types}\nexport type ProblemCode = Problem['code'];\n`,
);

/* What goes into the package besides: the licence, and what tells Node that the one half of it is CommonJS. */
copyFileSync(at('LICENSE'), at('client/LICENSE'));
mkdirSync(at('client/dist/cjs'), { recursive: true });
writeFileSync(at('client/dist/cjs/package.json'), '{ "type": "commonjs" }\n');
