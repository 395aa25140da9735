/** From the best to the worst. `waiting`: it is about something whose name we may still learn. `unknown`: about nothing of ours. */
export const OUTCOMES = ['applied', 'unknown', 'refused', 'waiting'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Of something that is not there: with a name of ours it never was. */
export const missing = (paymentId: string | undefined): Outcome => (paymentId === undefined ? 'waiting' : 'unknown');
