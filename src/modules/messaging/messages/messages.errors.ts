import { problem } from '../../../kit/problem';

export const RecipientUnknown = problem(422, 'recipient-unknown', 'There is no member with this id.');
export const TemplateUnknown = problem(422, 'template-unknown', 'There is no template of your own with this key.');
export const MessageNotFailed = problem(
  409,
  'message-not-failed',
  'This message has not failed, or is being tried again.',
);
