import { type DynamicModule, Module } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AccessModule } from './access/access.module';
import type { Config } from './kit/config';
import { KitModule } from './kit/kit.module';
import type { Secrets } from './kit/secrets';
import { ActivityModule } from './modules/activity/activity.module';
import { AuthModule } from './modules/auth/auth.module';
import { AskingModule } from './modules/asking/asking.module';
import { CheckoutsModule } from './modules/checkouts/checkouts.module';
import { InvitesModule } from './modules/invites/invites.module';
import { LinksModule } from './modules/links/links.module';
import { MessagesModule } from './modules/messages/messages.module';
import { NotificationsModule } from './modules/notifications/notifications.module';
import { OrganizationsModule } from './modules/organizations/organizations.module';
import { PagesModule } from './modules/pages/pages.module';
import { PasswordsModule } from './modules/passwords/passwords.module';
import { PaymentsModule } from './modules/payments/payments.module';
import { PlansModule } from './modules/plans/plans.module';
import { PlatformModule } from './modules/platform/platform.module';
import { PostsModule } from './modules/posts/posts.module';
import { ProvidersModule } from './modules/providers/providers.module';
import { RefundsModule } from './modules/refunds/refunds.module';
import { RolesModule } from './modules/roles/roles.module';
import { SessionsModule } from './modules/sessions/sessions.module';
import { SubscriptionsModule } from './modules/subscriptions/subscriptions.module';
import { SuppressionsModule } from './modules/suppressions/suppressions.module';
import { SocialModule } from './modules/social/social.module';
import { SystemModule } from './modules/system/system.module';
import { TemplatesModule } from './modules/templates/templates.module';
import { UsersModule } from './modules/users/users.module';
import { WaitlistModule } from './modules/waitlist/waitlist.module';
import { VersionsModule } from './modules/versions/versions.module';
import { WebhooksModule } from './modules/webhooks/webhooks.module';

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
