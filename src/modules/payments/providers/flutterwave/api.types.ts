/** What is read of API v3. Amounts are written with a point. */
export type Transaction = {
  id: number;
  tx_ref: string;
  flw_ref: string;
  amount: number; // what was asked for; `charged_amount` has their fees on top where the buyer bears them, `app_fee` is kept of it
  currency: string;
  status: string;
  processor_response?: string;
  created_at: string;
  customer: { email: string };
  plan?: number | null; // not documented; read where it is there
};

export type Subscription = { id: number; plan: number; amount: number; status: string; created_at: string };

export type Refund = {
  id: number;
  transaction_id?: number;
  tx_id?: number; // its name in the answer that makes one
  amount_refunded: number;
  status: string;
  comment?: string | null;
};

export type Chargeback = {
  id: number;
  amount: number;
  status: string;
  comment?: string | null;
  transaction_id: number;
};

export type PaymentPlan = { amount: number; currency: string; interval: string };
