const { node, napi } = process.versions;
const isNode20 = node.startsWith('20.');
const OTHERWISE = 'Or let DATABASE_URL name a MySQL or MariaDB server.';

/**
 * The library of SQLite that this Node can run: npm installs that one alone (docs/decisions/0030).
 * @throws Error that says what to do where it is not there, was built for another Node, or is not to be had for this one
 */
export function sqlite(): unknown {
  if (!isNode20 && Number(napi) < 10) throw new Error(`SQLite wants Node 20, or 22.14 and later.\n${OTHERWISE}`);
  try {
    const Library = isNode20 ? require('sqlite-on-node-20') : require('better-sqlite3');
    new Library(':memory:').close(); // not before this is the binary looked for
    return Library;
  } catch (error) {
    const said = `SQLite is not installed for Node ${node}: run \`npm ci\` with this Node.\n${OTHERWISE}`;
    throw new Error(said, { cause: error });
  }
}
