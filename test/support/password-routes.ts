import type { Answer } from './answer';
import { freshAddress } from './fresh';
import type { House } from './house';
import { PASSWORD } from './visitor';

/** Someone who is about to set a password. A password that is refused may be followed by another. */
export type Setter = { email: string; name: string; set(password: unknown): Promise<Answer> };

/** Every route that sets a password: how someone gets there, where it names a fault, what it answers when all is well. */
export type PasswordRoute = { start(house: House): Promise<Setter>; pointer: string; done: number };

export const PASSWORD_ROUTES: Record<string, PasswordRoute> = {
  'sign-up': {
    pointer: '#/password',
    done: 201,
    async start(house) {
      const [email, name] = [freshAddress('ada'), 'Ada Augusta King'];
      return { email, name, set: (password) => house.visitor().post('/auth/signup', { email, name, password }) };
    },
  },
  'a password reset': {
    pointer: '#/password',
    done: 204,
    async start(house) {
      const { email, name } = (await house.user({ name: 'Ada Augusta King' })).user;
      (await house.visitor().post('/auth/reset-password', { email })).expect(202);
      const token = await house.tokenFor(email, 'reset-password');
      return {
        email,
        name,
        set: (password) => house.visitor().post('/auth/reset-password/confirm', { token, password }),
      };
    },
  },
  'a password change': {
    pointer: '#/newPassword',
    done: 204,
    async start(house) {
      const ada = await house.user({ name: 'Ada Augusta King' });
      const { email, name } = ada.user;
      const set = (newPassword: unknown) =>
        ada.post('/auth/change-password', { currentPassword: PASSWORD, newPassword });
      return { email, name, set };
    },
  },
  'an invite': {
    pointer: '#/password',
    done: 200,
    async start(house) {
      const [owner, email, name] = [await house.owner(), freshAddress('ada'), 'Ada Augusta King'];
      (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
      const token = await house.tokenFor(email, 'invite');
      return { email, name, set: (password) => house.visitor().post('/invites/accept', { token, name, password }) };
    },
  },
};
