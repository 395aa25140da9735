import { ValidationFailed } from '../../kit/errors/problem';
import { compile, type Wording } from '../../kit/mail/letter';
import { systemTemplateOf } from '../../kit/mail/system-template';
import type { Variable } from '../../kit/mail/template';

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

/** Refuses words that cannot be written, or that lack what the mail is good for nothing without. @throws ValidationFailed */
export function requireSound(key: string, wording: Wording, variables: Variable[]): void {
  compile(wording, variables);
  for (const name of systemTemplateOf(key)?.required ?? [])
    for (const part of ['text', 'html'] as const)
      if (wording[part] !== null && !new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`).test(wording[part]))
        throw refused(`#/${part}`, `must name {{${name}}}: the mail is good for nothing without it`);
}

const namesOf = (variables: Variable[]) => variables.map(({ name }) => name).join(', ');
const refused = (pointer: string, detail: string) => new ValidationFailed({ errors: [{ pointer, detail }] });
