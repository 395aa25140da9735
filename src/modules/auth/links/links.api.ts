import { EmailField, TextField, TokenField } from '../../../http/fields/fields';

/** The same answer for every address, known or not. */
export class Accepted {
  @TextField({ max: 255, example: 'If the address can be used, a mail is on its way.' })
  message: string;
}

export const MAIL_ON_ITS_WAY: Accepted = { message: 'If the address can be used, a mail is on its way.' };

export class MailAddress {
  @EmailField()
  email: string;
}

export class LinkToken {
  @TokenField({ example: 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE', description: 'From the mailed link.' })
  token: string;
}
