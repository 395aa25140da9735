import { DAY } from '../../kit/clock';
import { eventRetention, retention } from './env-validators';

/** How long what nobody needs any more is kept: tables that would grow for as long as the product is used. */
export const retentionSettings = {
  ACTIVITY_RETENTION: retention({ default: 400 * DAY, desc: 'life of a line of the activity log; or forever' }),
  INVITE_RETENTION: retention({
    default: 400 * DAY,
    desc: 'life of an invite that was accepted, declined or taken back, and of a link that a newer one replaced; or forever',
  }),
  MESSAGE_RETENTION: retention({
    default: 90 * DAY,
    desc: 'life of what became of a mail of an organization; or forever',
  }),
  NOTIFICATION_RETENTION: retention({ default: 365 * DAY, desc: 'life of what a person was told; or forever' }),
  PAYMENT_EVENT_RETENTION: eventRetention({
    default: 400 * DAY,
    desc: 'life of an event of a payment provider, which keeps it from counting twice; at least 30d, or forever',
  }),
  DEAD_LETTER_RETENTION: retention({
    default: 400 * DAY,
    desc: 'life of what the outbox gave up on and nobody tried again; or forever',
  }),
};
