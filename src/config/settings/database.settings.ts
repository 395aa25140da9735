import { str } from 'envalid';
import { SECOND } from '../../kit/clock';
import { count, databaseUrl, duration } from './env-validators';

/** Where the database is, and how much of it one instance takes. */
export const databaseSettings = {
  DATABASE_URL: databaseUrl({
    default: undefined,
    desc: 'mysql://user@host/name, also with several hosts (a,b:3307), mariadb://… or sqlite:path; unset: a file in DATA_DIR',
  }),
  DATABASE_PASSWORD: str({
    default: undefined,
    desc: 'the password for DATABASE_URL, to the letter; in the URL itself special characters are percent-encoded',
  }),
  DATABASE_POOL: count({
    default: 10,
    desc: 'connections that one instance shares among its requests; beside them it holds one for its readiness',
  }),
  STATEMENT_TIMEOUT: duration({
    default: 10 * SECOND,
    desc: 'a statement without an answer by then is given up: 503; migrations have all the time they need',
  }),
};
