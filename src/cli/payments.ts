import 'reflect-metadata';
import { command } from './command';
import { ActivityService } from '../modules/activity/activity.service';
import { PlansService } from '../modules/payments/plans/plans.service';
import { type Change, SettleService } from '../modules/payments/subscriptions/settle.service';

const USAGE = 'Usage: npm run payments -- apply-default-plan [--dry-run]';

const show = (limits: unknown): string => (limits === null ? 'no limits' : JSON.stringify(limits));
const lineOf = ({ organization: { id, slug, limits }, to }: Change): string =>
  `${id}  ${slug}  ${show(limits)} → ${show(to.limits)}${to.plan === null ? '' : ` (${to.plan})`}`;

command(async ([verb, option, ...rest], db) => {
  if (verb !== 'apply-default-plan' || (option && option !== '--dry-run') || rest.length > 0) throw new Error(USAGE);
  const dryRun = option === '--dry-run';
  const settling = new SettleService(db, new PlansService(db, new ActivityService(db)));
  const lines: string[] = [];
  for await (const change of settling.settleAll({ dryRun })) lines.push(lineOf(change));
  return [...lines, `${dryRun ? 'Would have' : 'Have'} less than before: ${lines.length}.`].join('\n');
});
