import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { breakingChanges, withoutProse } from './contract-comparison';

const RELEASED = 'openapi.released.yaml';

/**
 * `npm run contract` fails while openapi.yaml breaks what was last released; `npm run contract:release` makes it what is released.
 */
function main() {
  const contract = parse(readFileSync('openapi.yaml', 'utf8'));
  if (process.argv.includes('--release')) {
    writeFileSync(RELEASED, stringify(withoutProse(contract), { lineWidth: 0, aliasDuplicateObjects: false }));
    return;
  }
  const faults = breakingChanges(parse(readFileSync(RELEASED, 'utf8')), contract);
  if (faults.length === 0) return;
  console.error(`openapi.yaml breaks clients of the last release:\n  ${faults.join('\n  ')}`);
  console.error('Take it back or, where it is meant, name it in CHANGELOG.md and run `npm run contract:release`.');
  process.exitCode = 1;
}

main();
