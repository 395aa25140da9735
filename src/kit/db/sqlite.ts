/**
 * The library of SQLite that this Node can run. From 13 on it is built for Node-API 10, which Node 20 never got; what is older ends the
 * process on Node 24.19 and later, when a statement is collected as garbage (better-sqlite3#1515).
 */
export const sqlite = (): unknown =>
  Number(process.versions.napi) >= 10 ? require('better-sqlite3-13') : require('better-sqlite3');
