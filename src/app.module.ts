import { type DynamicModule, Module } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AccessModule } from './access/access.module';
import type { Config } from './config/config';
import { KitModule } from './platform.module';
import type { Secrets } from './config/secrets';
import { ActivityModule } from './modules/activity/activity.module';
import { AuthModule } from './modules/auth/auth.module';
import { AskingModule } from './modules/payments/asking/asking.module';
import { CheckoutsModule } from './modules/payments/checkouts/checkouts.module';
import { InvitesModule } from './modules/invites/invites.module';
import { LinksModule } from './modules/auth/links/links.module';
import { MessagesModule } from './modules/messaging/messages/messages.module';
import { NotificationsModule } from './modules/messaging/notifications/notifications.module';
import { OrganizationsModule } from './modules/organizations/organizations.module';
import { PagesModule } from './modules/content/pages/pages.module';
import { PasswordsModule } from './modules/auth/passwords/passwords.module';
import { PaymentsModule } from './modules/payments/ledger/payments.module';
import { PlansModule } from './modules/payments/plans/plans.module';
import { PlatformModule } from './modules/payments/platform/platform.module';
import { PostsModule } from './modules/content/posts/posts.module';
import { ProvidersModule } from './modules/payments/providers/providers.module';
import { RefundsModule } from './modules/payments/refunds/refunds.module';
import { RolesModule } from './modules/roles/roles.module';
import { SessionsModule } from './modules/auth/sessions/sessions.module';
import { SubscriptionsModule } from './modules/payments/subscriptions/subscriptions.module';
import { SuppressionsModule } from './modules/messaging/suppressions/suppressions.module';
import { SocialModule } from './modules/auth/social/social.module';
import { SystemModule } from './modules/system/system.module';
import { TemplatesModule } from './modules/messaging/templates/templates.module';
import { UsersModule } from './modules/users/users.module';
import { WaitlistModule } from './modules/waitlist/waitlist.module';
import { VersionsModule } from './modules/system/versions/versions.module';
import { WebhooksModule } from './modules/payments/webhooks/webhooks.module';

/** The house, floor by floor: a module may import only from those above it. */
@Module({})
export class AppModule {
  static of(config: Config, secrets: Secrets, source: DataSource): DynamicModule {
    return {
      module: AppModule,
      imports: [
        KitModule.of(config, secrets, source),
        AccessModule,
        ActivityModule,
        UsersModule,
        RolesModule,
        OrganizationsModule,
        PlansModule,
        PlatformModule,
        ProvidersModule,
        SubscriptionsModule,
        PaymentsModule,
        SessionsModule,
        LinksModule,
        PasswordsModule,
        AuthModule,
        TemplatesModule,
        SuppressionsModule,
        SocialModule,
        InvitesModule,
        PagesModule,
        PostsModule,
        WaitlistModule,
        AskingModule,
        CheckoutsModule,
        RefundsModule,
        WebhooksModule,
        NotificationsModule,
        MessagesModule,
        VersionsModule,
        SystemModule.of(config),
      ],
    };
  }
}
