import Ajv from 'ajv';

const ajv = new Ajv({ strict: false, multipleOfPrecision: 6 });
const text = { type: 'string', minLength: 1 };
const flag = { type: 'boolean' };
const address = { type: 'string', pattern: '@' };
const link = { type: 'string', pattern: '^https?://' };
const object = (properties: object, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const relation = (type: string) =>
  object({ data: object({ type: { const: type }, id: text }, ['type', 'id']) }, ['data']);

/** @returns what is wrong about a request, if anything is */
function complaintOf(schema: object): (asked: unknown) => string | undefined {
  const validate = ajv.compile(schema);
  return (asked) => (validate(asked) ? undefined : ajv.errorsText(validate.errors));
}

const checkout = object({
  custom_price: { type: 'integer', minimum: 1 },
  product_options: object({
    name: text,
    description: text,
    media: { type: 'array' },
    redirect_url: link,
    receipt_button_text: text,
    receipt_link_url: link,
    receipt_thank_you_note: text,
    enabled_variants: { type: 'array', items: { type: 'integer' } },
  }),
  checkout_options: object({ embed: flag, media: flag, logo: flag, desc: flag, discount: flag, skip_trial: flag }),
  checkout_data: object({
    email: address,
    name: text,
    billing_address: { type: 'object' },
    tax_number: text,
    discount_code: text,
    custom: { type: 'object', additionalProperties: text }, // a number is refused over there
    variant_quantities: {
      type: 'array',
      items: object({ variant_id: { type: 'integer' }, quantity: { type: 'integer', minimum: 1 } }, [
        'variant_id',
        'quantity',
      ]),
    },
  }),
  preview: flag,
  test_mode: flag,
  expires_at: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' },
});
const relationships = object({ store: relation('stores'), variant: relation('variants') }, ['store', 'variant']);

/** Lemon Squeezy: "Create a checkout". */
export const complainOfLemonCheckout = complaintOf(
  object(
    { data: object({ type: { const: 'checkouts' }, attributes: checkout, relationships }, ['type', 'relationships']) },
    ['data'],
  ),
);

const refundAttributes = object({ amount: { type: 'integer', minimum: 1 } });

/** Lemon Squeezy: "Issue a refund", of an order or a subscription's invoice. */
export const complainOfLemonRefund = complaintOf(
  object({ data: object({ type: text, id: text, attributes: refundAttributes }, ['type', 'id']) }, ['data']),
);

const amount = { type: 'number', exclusiveMinimum: 0, multipleOf: 0.001 };

/** Flutterwave: "Flutterwave Standard". */
export const complainOfFlutterwavePayment = complaintOf(
  object(
    {
      tx_ref: text,
      amount,
      currency: { type: 'string', pattern: '^[A-Z]{3}$' },
      redirect_url: link,
      payment_options: text,
      payment_plan: { type: 'integer' },
      customer: object({ email: address, phonenumber: text, name: text }, ['email']),
      customizations: object({ title: text, logo: link, description: text }),
      meta: { type: 'object', additionalProperties: text },
      session_duration: { type: 'integer' },
      max_retry_attempt: { type: 'integer' },
    },
    ['tx_ref', 'amount', 'redirect_url', 'customer'],
  ),
);

/** Flutterwave: "Create a refund". */
export const complainOfFlutterwaveRefund = complaintOf(object({ amount, comments: text, callback_url: link }));
