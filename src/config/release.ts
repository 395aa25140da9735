import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Release = { version: string; description: string };

let known: Release | undefined;

/** The version that runs, by package.json, and what CHANGELOG.md, where it is installed, says of it. They are read once. */
export const currentRelease = (): Release => (known ??= read());

function read(): Release {
  const root = rootAbove(__dirname);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const changelog = join(root, 'CHANGELOG.md');
  return { version, description: existsSync(changelog) ? sectionOf(readFileSync(changelog, 'utf8'), version) : '' };
}

/** The sources and what is compiled from them are not equally deep. */
function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));
}

/** What stands under `## [<version>] …`, as Keep a Changelog has it. */
function sectionOf(changelog: string, version: string): string {
  const section = changelog.split(/^## /m).find((part) => part.startsWith(`[${version}]`));
  return section?.slice(section.indexOf('\n')).trim().slice(0, 10_000) ?? '';
}
