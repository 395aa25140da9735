import type Stripe from 'stripe';

type Named = string | { id: string } | null | undefined;

export const idOf = (reference: Named): string | null =>
  typeof reference === 'string' ? reference : (reference?.id ?? null);

export const isWhole = <T extends object>(expanded: string | T | null | undefined): expanded is T =>
  typeof expanded === 'object' && expanded !== null;

export const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** Whom a thing is about, by what we wrote beside it: without that it belongs to something else that this account sells. */
export const ours = (metadata: Stripe.Metadata | null | undefined) =>
  metadata?.payment_id ? { paymentId: metadata.payment_id } : {};
