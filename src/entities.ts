import { IdempotencyKey } from './http/idempotency/idempotency-key.entity';
import { Lease } from './database/leases/lease.entity';
import { Limit } from './rate-limit/limit.entity';
import { OutboxMessage } from './outbox/outbox-message.entity';
import { ActivityLog } from './modules/activity/activity-log.entity';
import { Attention } from './modules/payments/attention/attention.entity';
import { Invite } from './modules/invites/records/invite.entity';
import { ReplacedLink } from './modules/invites/records/replaced-link.entity';
import { OneTimeToken } from './modules/auth/links/one-time-token.entity';
import { EmailMessage } from './modules/messaging/messages/email-message.entity';
import { Notification } from './modules/messaging/notifications/notification.entity';
import { ExtraRole } from './modules/organizations/records/extra-role.entity';
import { Membership } from './modules/organizations/records/membership.entity';
import { Organization } from './modules/organizations/records/organization.entity';
import { ContentPage } from './modules/content/pages/content-page.entity';
import { Payment } from './modules/payments/ledger/records/payment.entity';
import { Plan } from './modules/payments/plans/plan.entity';
import { BlogPost } from './modules/content/posts/blog-post.entity';
import { Refund } from './modules/payments/ledger/records/refund.entity';
import { Role } from './modules/roles/role.entity';
import { RolePermission } from './modules/roles/role-permission.entity';
import { Session } from './modules/auth/sessions/session.entity';
import { TrustedDevice } from './modules/auth/devices/trusted-device.entity';
import { Subscription } from './modules/payments/subscriptions/records/subscription.entity';
import { Suppression } from './modules/messaging/suppressions/suppression.entity';
import { EmailTemplate } from './modules/messaging/templates/email-template.entity';
import { SocialAccount } from './modules/auth/social/social-account.entity';
import { User } from './modules/users/user.entity';
import { UserDocument } from './modules/users/user-data.entity';
import { UserSettings } from './modules/users/user-settings.entity';
import { WaitlistEntry } from './modules/waitlist/waitlist-entry.entity';
import { Version } from './modules/system/versions/version.entity';
import { PaymentEvent } from './modules/payments/webhooks/payment-event.entity';

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
