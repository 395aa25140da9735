import { House } from '../support/house';
import { Issuer } from '../support/social/issuer';
import { signInBy, someone } from '../support/social/sign-in';

const issuer = new Issuer('acme');
let house: House;
beforeAll(async () => {
  house = await House.open({ OIDC_PROVIDERS: JSON.stringify([issuer.entry]) });
});
afterAll(() => house.close());

test('first', async () => {
  const ada = someone();
  const a = await signInBy(house.visitor(), issuer, ada);
  console.log(a.status, a.text, issuer.asked, house.log.join(''));
});
