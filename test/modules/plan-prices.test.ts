import { Market } from '../support/market';

let market: Market;
beforeAll(async () => {
  market = await Market.open();
});
afterAll(() => market.close());

describe('a price in three decimals, of which two can be charged,', () => {
  const body = { code: 'dinars', name: 'Dinars', interval: 'once' };
  const wrong = [{ pointer: '#/amount' }];

  test.each(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])('ends in 0: %s', async (currency) => {
    const code = `in-${currency.toLowerCase()}-${Date.now()}`;
    for (const amount of [1, 1901, 1999])
      expect(
        (await market.staff.post('/plans', { ...body, code, amount, currency })).problem(422, 'validation-failed')
          .errors,
      ).toMatchObject(wrong);
    const { id } = (await market.staff.post('/plans', { ...body, code, amount: 1900, currency })).expect(201);
    expect(
      (await market.staff.put(`/plans/${id}`, { amount: 1905 })).problem(422, 'validation-failed').errors,
    ).toMatchObject(wrong);
    expect((await market.staff.get(`/plans/${id}`)).expect(200).amount).toBe(1900);
  });

  test('is also one whose currency is changed alone', async () => {
    const plan = await market.plan({ amount: 1999 });
    expect(
      (await market.staff.put(`/plans/${plan.id}`, { currency: 'KWD' })).problem(422, 'validation-failed').errors,
    ).toMatchObject(wrong);
    (await market.staff.put(`/plans/${plan.id}`, { currency: 'KWD', amount: 1990 })).expect(200);
  });
});
