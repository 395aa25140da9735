import { KnownPasswordField, PasswordField, TextField } from '../../../http/fields/fields';
import { LinkToken } from '../links/links.api';

export class PasswordReset extends LinkToken {
  @PasswordField()
  password: string;
}

/** That it is the person, not someone with their session. One of the two. */
export class PersonProof {
  @KnownPasswordField({
    optional: true,
    description: 'The password of the account. In its place: `mailCode`.',
  })
  currentPassword?: string;

  @TextField({
    optional: true,
    min: 8,
    max: 8,
    pattern: /^[0-9]{8}$/,
    rule: 'must be the eight digits of the mail',
    example: '40718293',
    description: 'From the mail that POST /auth/step-up/mail-code sends; good once, for ten minutes, in this session.',
  })
  mailCode?: string;
}

export class PasswordChange {
  @KnownPasswordField()
  currentPassword: string;

  @PasswordField({ example: 'a brand new battery staple' })
  newPassword: string;
}
