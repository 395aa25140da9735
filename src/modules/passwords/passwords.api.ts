import { PasswordField, TextField } from '../../kit/http/fields';
import { LinkToken } from '../links/links.api';

export class PasswordReset extends LinkToken {
  @PasswordField()
  password: string;
}

export class PasswordChange {
  @TextField({ min: 1, max: 256, example: 'correct horse battery staple' })
  currentPassword: string;

  @PasswordField({ example: 'a brand new battery staple' })
  newPassword: string;
}
