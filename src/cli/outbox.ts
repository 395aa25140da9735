import 'reflect-metadata';
import { command } from './command';
import { DeadLetters } from '../outbox/dead-letters';
import type { OutboxMessage } from '../outbox/outbox-message.entity';

const USAGE = 'Usage: npm run outbox -- dead | retry';

/** Without the payload: it may hold a live link, and is sealed for that reason. */
const lineOf = ({ id, topic, attempts, lastError }: OutboxMessage): string =>
  `${id}  ${topic}  ${attempts} ${attempts === 1 ? 'try' : 'tries'}  ${(lastError ?? '').replaceAll(/\s+/g, ' ')}`;

command(async ([verb = 'dead', ...rest], db, config) => {
  const letters = new DeadLetters(db, config);
  if (rest.length > 0) throw new Error(USAGE);
  if (verb === 'dead') return (await letters.list()).map(lineOf).join('\n') || 'There are no dead letters.';
  if (verb === 'retry') return `Due again: ${await letters.retry()}.`;
  throw new Error(USAGE);
});
