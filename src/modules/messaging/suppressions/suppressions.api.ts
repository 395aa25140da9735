import { EmailField, EnumField, IdField, TimeField, TokenField } from '../../../http/fields/fields';
import { PageQuery, pageOf } from '../../../http/contract/page';
import { SUPPRESSION_REASONS, type SuppressionReason } from './suppression.entity';

/** An address that the organization does not write to. */
export class Suppression {
  @IdField()
  id: string;

  @EmailField()
  email: string;

  @EnumField(SUPPRESSION_REASONS, {
    description:
      'unsubscribed: by the link in a mail; stops what is not transactional. bounced: no such mailbox; stops every mail of your own.',
  })
  reason: SuppressionReason;

  @TimeField()
  createdAt: Date;
}

export const SuppressionPage = pageOf(Suppression);

export class SuppressionQuery extends PageQuery {
  @EmailField({ optional: true })
  email?: string;
}

export class UnsubscribeToken {
  @TokenField({ max: 1000, example: 'from-the-link-in-the-mail' })
  token: string;
}
