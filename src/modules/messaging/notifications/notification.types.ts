import type { Fault } from '../../../kit/problem';

/** The names in what is told. */
export type Params = {
  organization: string;
  person: string;
  role: string;
  plan: string;
  amount: string;
  reason: string | null;
};
export type Channels = { inApp: boolean; email: boolean };

const because = (reason: string | null): string => (reason ? ` (${reason})` : '');

type Words = { title: string; body: string };
type Kind = { channels: Channels; words: (params: Params) => Words };

/** Everything that a person can be told, and by which channels while they have not said otherwise. */
export const CATALOGUE = {
  'member.joined': {
    channels: { inApp: true, email: false },
    words: ({ person, organization, role }) => ({
      title: `${person} joined ${organization}`,
      body: `${person} accepted the invite to ${organization} and is a member now, as ${role}.`,
    }),
  },
  'member.role-changed': {
    channels: { inApp: true, email: false },
    words: ({ organization, role }) => ({
      title: `You are ${role} of ${organization} now`,
      body: `Your role in ${organization} was changed to ${role}.`,
    }),
  },
  'member.removed': {
    channels: { inApp: true, email: true },
    words: ({ organization }) => ({
      title: `You are no longer a member of ${organization}`,
      body: `You were removed from ${organization}. Ask one of its Owners if you think that this is a mistake.`,
    }),
  },
  'organization.suspended': {
    channels: { inApp: true, email: true },
    words: ({ organization }) => ({
      title: `${organization} was suspended`,
      body: `${organization} was suspended: it can be read, not changed. Please get in touch with us.`,
    }),
  },
  'payment.succeeded': {
    channels: { inApp: true, email: false }, // a receipt is mailed in any case
    words: ({ organization, plan, amount }) => ({
      title: `${organization} paid ${amount} for ${plan}`,
      body: `The payment of ${amount} for ${plan} arrived.`,
    }),
  },
  'payment.failed': {
    channels: { inApp: true, email: true },
    words: ({ organization, plan, amount, reason }) => ({
      title: `A payment of ${organization} failed`,
      body: `The payment of ${amount} for ${plan} failed${because(reason)}. Please see to it, or pay in another way.`,
    }),
  },
  'payment.refunded': {
    channels: { inApp: true, email: true },
    words: ({ organization, plan, amount }) => ({
      title: `${organization} gets ${amount} back`,
      body: `${amount} of a payment for ${plan} went back. It takes the bank some days to show it.`,
    }),
  },
  'payment.refund-failed': {
    channels: { inApp: true, email: true },
    words: ({ organization, plan, amount, reason }) => ({
      title: `A refund to ${organization} failed`,
      body: `${amount} of a payment for ${plan} could not be given back${because(reason)}. Please get in touch with us.`,
    }),
  },
  'payment.disputed': {
    channels: { inApp: true, email: true },
    words: ({ organization, plan, amount, reason }) => ({
      title: `A payment of ${organization} is disputed`,
      body: `The bank disputes the payment of ${amount} for ${plan}${because(reason)}. What it paid for has ended.`,
    }),
  },
  'subscription.cancelled': {
    channels: { inApp: true, email: true },
    words: ({ organization, plan }) => ({
      title: `${organization} cancelled ${plan}`,
      body: `${plan} is not renewed any more. It stays until the end of the period that is paid for.`,
    }),
  },
  'subscription.ended': {
    channels: { inApp: true, email: true },
    words: ({ organization, plan }) => ({
      title: `${plan} of ${organization} has ended`,
      body: `${organization} is on no plan now. What it holds is kept.`,
    }),
  },
} as const satisfies Record<string, Kind>;

export type NotificationType = keyof typeof CATALOGUE;
export const TYPES = Object.keys(CATALOGUE) as NotificationType[];
const CHANNELS = ['inApp', 'email'];

export const wordsOf = (type: NotificationType, params: Params): Words => CATALOGUE[type].words(params);

/** The channels that a person takes for a type, by their settings and else by the catalogue. */
export const channelsOf = (type: NotificationType, preferences: Record<string, Partial<Channels>>): Channels => ({
  ...CATALOGUE[type].channels,
  ...preferences[type],
});

/** What is wrong with preferences: `{type: {inApp, email}}`, each channel true or false. */
export function faultsIn(preferences: object): Fault[] {
  return Object.entries(preferences).flatMap(([type, channels]: [string, unknown]) => {
    const pointer = `#/notifications/${escape(type)}`;
    if (!Object.hasOwn(CATALOGUE, type)) return [{ pointer, detail: `must be one of ${TYPES.join(', ')}` }];
    if (typeof channels !== 'object' || channels === null || Array.isArray(channels))
      return [{ pointer, detail: 'must be an object such as {"inApp": true, "email": false}' }];
    return Object.entries(channels).flatMap(([channel, wanted]) => {
      const at = `${pointer}/${escape(channel)}`;
      if (!CHANNELS.includes(channel)) return [{ pointer: at, detail: `must be one of ${CHANNELS.join(', ')}` }];
      return typeof wanted === 'boolean' ? [] : [{ pointer: at, detail: 'must be true or false' }];
    });
  });
}

/** As a part of a JSON pointer in a URI fragment (RFC 6901, 3 and 6). */
const escape = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
