import { Market } from '../support/market';
import { few, INSTANCES, Installation, RACERS, tally } from '../support/races';

const WINDOW = { REFUND_WINDOW: '14d' };
const FEW = few(4);

let market: Market;
let installation: Installation;
beforeAll(async () => {
  market = await Market.open(WINDOW);
  installation = new Installation(INSTANCES, { ACCESS_TOKEN_TTL: '24h', ...market.providers.settings, ...WINDOW });
  await installation.open();
});
afterAll(async () => {
  await installation?.close();
  await market?.close();
});

test('what goes back never exceeds what was paid, however many give it back at once', async () => {
  for (const _ of FEW) {
    const owner = await market.house.owner();
    const { payment } = await market.buy(owner, 'stripe'); // of 19.00
    const headers = { 'organization-id': owner.organizationId };
    const answers = await installation.raceAs([market.staff], (staff) =>
      staff.post(`/payments/${payment.id}/refunds`, { amount: 300 }, headers),
    );

    expect(tally(answers)).toEqual({ '201': 6, '409 refund-too-large': RACERS - 6 });
    await market.house.settled();
    expect((await owner.get(`/payments/${payment.id}`)).expect(200)).toMatchObject({ refundedAmount: 1800 });
  }
});

test('an organization refunds itself once, however many ask at once and for several payments', async () => {
  for (const _ of FEW) {
    const owner = await market.house.owner();
    const bought = [await market.buy(owner, 'stripe'), await market.buy(owner, 'stripe', {}, { replace: true })];
    const answers = await installation.raceAs([owner], (tab, i) =>
      tab.post(`/payments/${bought[Math.floor(i / INSTANCES) % 2]!.payment.id}/refunds`, { amount: 100 }),
    );

    expect(tally(answers)).toEqual({ '201': 1, '403 refund-by-seller': RACERS - 1 });
  }
});
