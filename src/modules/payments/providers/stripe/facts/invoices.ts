import type Stripe from 'stripe';
import { idOf } from './names';

/*
 * What an invoice says of its subscription. An endpoint for webhooks keeps the API version that it was made with, so each is read as it
 * has been since basil (2025-03-31) and as it was before.
 */
type Metadata = Stripe.Metadata | null;
type OlderInvoice = {
  subscription?: string | { id: string } | null;
  subscription_details?: { metadata: Metadata } | null;
  total_tax_amounts?: { amount: number; inclusive: boolean }[];
};
type OlderLine = { type?: string; proration?: boolean };

const older = (invoice: Stripe.Invoice): OlderInvoice => invoice as OlderInvoice;

export function subscriptionOf(invoice: Stripe.Invoice): string | null {
  return idOf(invoice.parent?.subscription_details?.subscription ?? older(invoice).subscription);
}

/** What we wrote beside the subscription; before 2023-06-29 only the lines repeated it. */
export function metadataOf(invoice: Stripe.Invoice): Metadata {
  const details = invoice.parent?.subscription_details ?? older(invoice).subscription_details;
  const said = [details?.metadata, ...invoice.lines.data.filter(isOfSubscription).map(({ metadata }) => metadata)];
  return said.find((metadata) => metadata?.payment_id) ?? null;
}

/** Tax that was added; what the price contains is none. */
export function taxesOnTop(invoice: Stripe.Invoice): number[] {
  const taxes = invoice.total_taxes?.filter(({ tax_behavior }) => tax_behavior === 'exclusive');
  return (taxes ?? older(invoice).total_tax_amounts?.filter((tax) => !tax.inclusive) ?? []).map(({ amount }) => amount);
}

/**
 * The period that an invoice is for, in seconds: the renewing line's, of several the one that reaches furthest (a metered one is about the
 * time before). An invoice without one, as of a change in the middle of a period, reaches as far as its lines do.
 */
export function periodOf({ lines: { data } }: Stripe.Invoice): { start: number; end: number } | undefined {
  const renewing = data.filter((line) => isOfSubscription(line) && !isProration(line));
  const periods = (renewing.length > 0 ? renewing : data).map(({ period }) => period);
  return periods.toSorted((a, b) => b.end - a.end)[0];
}

const isOfSubscription = ({ parent, ...line }: Stripe.InvoiceLineItem): boolean =>
  parent ? parent.type === 'subscription_item_details' : (line as OlderLine).type === 'subscription';

const isProration = ({ parent, ...line }: Stripe.InvoiceLineItem): boolean =>
  parent?.subscription_item_details?.proration ?? (line as OlderLine).proration ?? false;
