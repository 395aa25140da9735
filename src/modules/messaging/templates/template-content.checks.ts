import { ValidationFailed } from '../../../kit/problem';
import { compile, type TemplateContent } from '../../../mail/templates/email';
import { requireSound as requireSoundFor } from '../../../mail/templates/sound';
import { systemTemplateOf } from '../../../mail/templates/system-template';
import type { Variable } from '../../../mail/templates/template';

/** What a key may name: what the system gives for one of its own, else what is declared. @throws ValidationFailed */
export function variablesOf(key: string, declared: Variable[] | undefined): Variable[] {
  const given = systemTemplateOf(key)?.variables;
  if (given && declared)
    throw refused('#/variables', `"${key}" is a key of the system, which gives: ${namesOf(given)}`);
  const names = (declared ?? []).map(({ name }) => name);
  const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (twice >= 0) throw refused(`#/variables/${twice}/name`, 'stands in the list already');
  return given ?? declared ?? [];
}

/** Refuses words that nobody may replace or that cannot be written and, for the system's mails, what they may not do. @throws ValidationFailed */
export async function requireSound(key: string, wording: TemplateContent, variables: Variable[]): Promise<void> {
  const ours = systemTemplateOf(key);
  if (ours?.about === 'account')
    throw refused('#/key', `"${key}" is a mail about a person's account, which is in the platform's words only`);
  compile(wording, variables);
  if (ours) await requireSoundFor(ours, wording);
}

const namesOf = (variables: Variable[]) => variables.map(({ name }) => name).join(', ');
const refused = (pointer: string, detail: string) => new ValidationFailed({ errors: [{ pointer, detail }] });
