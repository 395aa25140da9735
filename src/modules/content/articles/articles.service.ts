import { CronExpression } from '@nestjs/schedule';
import { type EntityTarget, IsNull, Not } from 'typeorm';
import type { Member } from '../../../access/caller';
import type { Permission } from '../../../access/permissions';
import { clock } from '../../../kit/clock';
import { type Database, isDuplicate } from '../../../database/database';
import { newIdAt } from '../../../kit/id';
import type { Versions } from '../../../database/row';
import type { Changes, Where } from '../../../database/rows';
import { NotFound } from '../../../kit/problem';
import type { PageQuery } from '../../../http/contract/page';
import type { Page } from '../../../database/page';
import { Job } from '../../../jobs/job';
import { toSafeHtml } from '../../../kit/safe-html/safe-html';
import type { Outbox } from '../../../outbox/outbox';
import type { ActivityService } from '../../activity/activity.service';
import type { OrganizationsService } from '../../organizations/organizations.service';
import type { Article } from './article.entity';
import type { ArticleOptions, LocaleQuery } from './articles.api';
import { ArticleSlugTaken } from './articles.errors';
import { ArticlesRepository } from './articles.repository';

const BATCH = 100;
const SUMMARY = [
  'id',
  'slug',
  'locale',
  'title',
  'seo',
  'editedAt',
  'publishAt',
  'publicationId',
  'createdAt',
  'version',
] as const;

/** What one kind of article is called, what else its lists show, and who may publish it. */
export type ArticleKind<T> = {
  entity: EntityTarget<T>;
  noun: string;
  publish: Permission;
  listed: (keyof T)[];
};
export type ArticleTools = {
  db: Database;
  organizations: OrganizationsService;
  activity: ActivityService;
  outbox: Outbox;
};
type Written = ArticleOptions & { slug?: string; title?: string; body?: string };

/** Writing and publishing, for each kind of article alike. */
export abstract class ArticlesService<T extends Article> {
  protected readonly articles: ArticlesRepository<T>;

  constructor(
    private readonly kind: ArticleKind<T>,
    protected readonly tools: ArticleTools,
  ) {
    this.articles = new (class extends ArticlesRepository<T> {})(tools.db, kind.entity);
  }

  list({ organizationId }: Member, query: PageQuery, where: Where<Article> = {}): Promise<Page<T>> {
    return this.articles.pageOf(organizationId, query, where, this.summary);
  }

  get({ organizationId }: Member, id: string): Promise<T> {
    return this.articles.get(organizationId, id);
  }

  /** @throws ArticleSlugTaken, Forbidden where `publishAt` is sent without the right to publish */
  async create(caller: Member, values: Written): Promise<T> {
    const { organizationId } = caller;
    this.requirePublisher(caller, values);
    const row = { locale: 'en', seo: {}, ...(await this.valuesOf({ publishAt: null, ...values })) };
    return this.tools.db.transaction(async () => {
      const { id } = await this.articles.add(organizationId, row as Partial<T>).catch(slugTaken);
      await this.record('created', organizationId, id);
      await this.announce(organizationId, id);
      return this.get(caller, id);
    });
  }

  /** @throws ArticleSlugTaken, Forbidden where `publishAt` is sent without the right to publish */
  async update(caller: Member, id: string, changes: Written, version?: Versions): Promise<T> {
    const { organizationId } = caller;
    this.requirePublisher(caller, changes);
    const values = (await this.valuesOf(changes)) as Changes<T>;
    return this.tools.db.transaction(async () => {
      await this.articles.update(organizationId, named<T>(id), values, version).catch(slugTaken);
      await this.record('updated', organizationId, id);
      await this.announce(organizationId, id);
      return this.get(caller, id);
    });
  }

  delete({ organizationId }: Member, id: string): Promise<void> {
    return this.tools.db.transaction(async () => {
      if ((await this.articles.remove(organizationId, named(id))) === 0) throw new NotFound();
      await this.record('deleted', organizationId, id);
    });
  }

  /** Shows it from then on, or from now; without a time what is shown already stays as it is. */
  publish(caller: Member, id: string, publishAt?: string): Promise<T> {
    const { organizationId } = caller;
    const from = publishAt ? new Date(publishAt) : clock.now();
    return this.tools.db.transaction(async () => {
      const { status } = await this.get(caller, id);
      if (publishAt || status !== 'published')
        await this.articles.update(organizationId, named(id), appearance(from) as Changes<T>);
      await this.announce(organizationId, id);
      return this.get(caller, id);
    });
  }

  /** Makes it a draft again. */
  withdraw(caller: Member, id: string): Promise<void> {
    const { organizationId } = caller;
    return this.tools.db.transaction(async () => {
      const shown = { id, publishAt: Not(IsNull()) } as Where<T>;
      if ((await this.articles.change(organizationId, shown, appearance(null) as Changes<T>)) === 1)
        await this.record('withdrawn', organizationId, id);
      else await this.get(caller, id);
    });
  }

  /** What an active organization shows under that slug; in several languages, the one that was there first. @throws NotFound */
  async read(orgSlug: string, slug: string, { locale }: LocaleQuery): Promise<T> {
    const { id } = await this.tools.organizations.active(orgSlug);
    const [found] = await this.articles.published(id, { slug, ...(locale && { locale }) });
    if (!found) throw new NotFound();
    return found;
  }

  /** Writes down what appeared by itself, as it was scheduled. Whether it is shown is judged when it is read. */
  @Job('articles.announce', CronExpression.EVERY_MINUTE)
  async announceDue(): Promise<void> {
    for (;;) {
      const due = await this.articles.unannounced(BATCH);
      for (const { organizationId, id } of due)
        await this.tools.db.transaction(() => this.announce(organizationId, id));
      if (due.length < BATCH) return;
    }
  }

  /** What lists need to know. */
  protected get summary(): (keyof T)[] {
    return [...SUMMARY, ...this.kind.listed];
  }

  private async announce(organizationId: string, id: string): Promise<void> {
    if (!(await this.articles.announce(organizationId, id))) return;
    const { noun } = this.kind;
    await this.record('published', organizationId, id);
    await this.tools.outbox.announce(`${noun}.published`, { organizationId, [`${noun}Id`]: id });
  }

  private record(what: string, organizationId: string, id: string): Promise<void> {
    const { noun } = this.kind;
    return this.tools.activity.record(`${noun}.${what}`, { type: noun, id }, { organizationId });
  }

  private requirePublisher(caller: Member, { publishAt }: Written): void {
    if (publishAt !== undefined) caller.require([this.kind.publish]);
  }

  private async valuesOf({ publishAt, ...values }: Written) {
    return {
      ...values,
      ...(values.body !== undefined && { bodyHtml: await toSafeHtml(values.body, '#/body') }),
      ...(publishAt !== undefined && appearance(publishAt === null ? null : new Date(publishAt))),
      editedAt: clock.now(),
    };
  }
}

const named = <T extends Article>(id: string) => ({ id }) as Where<T>;

/** The columns that say from when on it is shown; what is not shown now can be announced, later or again. */
const appearance = (publishAt: Date | null) => ({
  publishAt,
  publicationId: publishAt && newIdAt(publishAt),
  ...((publishAt === null || publishAt > clock.now()) && { announcedAt: null }),
});

const slugTaken = (error: unknown): never => {
  throw isDuplicate(error) ? new ArticleSlugTaken() : error;
};
