import { DAY } from './clock';
import { retention } from './setting-forms';

/** How long what nobody needs any more is kept: tables that would grow for as long as the product is used. */
export const retentionSettings = {
  ACTIVITY_RETENTION: retention({ default: 400 * DAY, desc: 'life of a line of the activity log; or forever' }),
  INVITE_RETENTION: retention({
    default: 400 * DAY,
    desc: 'life of an invite that was accepted, declined or taken back; or forever',
  }),
};
