import { IdempotencyKey } from './kit/http/idempotency-key.entity';
import { Lease } from './kit/leases/lease.entity';
import { Limit } from './kit/limits/limit.entity';
import { OutboxMessage } from './kit/outbox/outbox-message.entity';
import { ActivityLog } from './modules/activity/activity-log.entity';
import { Attention } from './modules/attention/attention.entity';
import { Invite } from './modules/invites/invite.entity';
import { ReplacedLink } from './modules/invites/replaced-link.entity';
import { OneTimeToken } from './modules/links/one-time-token.entity';
import { EmailMessage } from './modules/messages/email-message.entity';
import { Notification } from './modules/notifications/notification.entity';
import { ExtraRole } from './modules/organizations/extra-role.entity';
import { Membership } from './modules/organizations/membership.entity';
import { Organization } from './modules/organizations/organization.entity';
import { ContentPage } from './modules/pages/content-page.entity';
import { Payment } from './modules/payments/payment.entity';
import { Plan } from './modules/plans/plan.entity';
import { BlogPost } from './modules/posts/blog-post.entity';
import { Refund } from './modules/payments/refund.entity';
import { Role } from './modules/roles/role.entity';
import { RolePermission } from './modules/roles/role-permission.entity';
import { Session } from './modules/sessions/session.entity';
import { TrustedDevice } from './modules/sessions/trusted-device.entity';
import { Subscription } from './modules/subscriptions/subscription.entity';
import { Suppression } from './modules/suppressions/suppression.entity';
import { EmailTemplate } from './modules/templates/email-template.entity';
import { SocialAccount } from './modules/social/social-account.entity';
import { User } from './modules/users/user.entity';
import { UserDocument } from './modules/users/user-data.entity';
import { UserSettings } from './modules/users/user-settings.entity';
import { WaitlistEntry } from './modules/waitlist/waitlist-entry.entity';
import { Version } from './modules/versions/version.entity';
import { PaymentEvent } from './modules/webhooks/payment-event.entity';

/** Every table. */
export const entities = [
  User,
  UserSettings,
  UserDocument,
  Session,
  TrustedDevice,
  OneTimeToken,
  SocialAccount,
  Organization,
  Role,
  RolePermission,
  Membership,
  ExtraRole,
  Invite,
  ReplacedLink,
  ContentPage,
  BlogPost,
  WaitlistEntry,
  Plan,
  Subscription,
  Payment,
  Refund,
  PaymentEvent,
  Attention,
  EmailTemplate,
  EmailMessage,
  Suppression,
  Notification,
  Version,
  ActivityLog,
  OutboxMessage,
  IdempotencyKey,
  Limit,
  Lease,
];
