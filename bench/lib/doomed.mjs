// An organization of many mails, to be deleted.
import { living, LIVING, padded } from '../targets/tenantry/ids.mjs';
import { fetchOnce } from './client.mjs';
import { sleep } from './proc.mjs';

/** Founds it; `go` deletes it, `gone` is when nothing is left of it. */
export async function doomed({ port, users, database }, mails) {
  const ask = async (method, path, status, body) => {
    const answer = await fetchOnce(port, { method, path, headers: users.readers[0].auth, body });
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  const { id } = await ask('POST', '/organizations', 201, JSON.stringify({ name: 'Doomed' }));
  await database.fill(`
    INSERT INTO email_messages (id, ${LIVING}, organization_id, email, template, transactional, attempts, sent_at)
    SELECT substr('${id}', 1, 24) || ${padded('n')}, ${living}, '${id}', 'reader' || n || '@bench.test', 'news', 0, 1,
      '2026-01-01 00:00:01.000' FROM ${database.engine.series(1, mails)} s`);
  const isThere = async () => (await database.run(`SELECT id FROM organizations WHERE id = '${id}'`)).length > 0;
  return {
    go: () => ask('DELETE', `/organizations/${id}`, 204),
    /** Takes the mails away by other means. */
    hurry: () => database.run(`DELETE FROM email_messages WHERE organization_id = '${id}'`),
    async gone() {
      while (await isThere()) await sleep(100);
    },
  };
}
