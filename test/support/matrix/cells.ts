import type { Answer } from '../answer';
import { exampleBody, type Operation, parametersIn, takesOrganization, urlOf } from '../operations';
import { type Place, placesOf } from './places';
import { type Call, RECIPES } from './recipes';
import { CODES, type Kind, KINDS, type Verdict, verdictOn } from './verdict';
import type { World } from './world';

/** One call of one kind of caller, and what must become of it. */
export type Cell = { operation: Operation; kind: Kind; place: Place; verdict: Verdict };

/** Every kind of caller at every place. What staff may do to anyone is seen at home: another's organization stays as it is. */
export function cellsOf(operation: Operation, world: World): Cell[] {
  return placesOf(operation, world.fjord).flatMap((place) =>
    KINDS.map((kind) => ({ operation, kind, place, verdict: verdictOn(operation, kind, place) })).filter(
      ({ verdict }) => !(verdict === 'allowed as staff' && place.name.startsWith('foreign') && !place.exists),
    ),
  );
}

export const isDenied = ({ verdict }: Cell): boolean => typeof verdict === 'number';

/** Makes the call; one that may succeed with objects of its own, which it may use up. */
export async function call(cell: Cell, world: World): Promise<Answer> {
  const { operation, kind, place } = cell;
  const caller = world.caller(kind, operation.permission);
  const scene = { world, kind, permission: operation.permission, caller, self: place.self };
  const made: Call = isDenied(cell) ? {} : await RECIPES[operation.id]!(scene);
  const actor = made.caller ?? caller;
  const own: Record<string, string> = place.self && actor.user ? { userId: actor.user.id } : {};
  const ids = { ...world.home.ids, ...made.ids, ...own, ...place.ids };
  const url = urlOf(operation, ids, place.query);
  const body = operation.body ? { ...exampleBody(operation), ...made.body, ...place.body } : made.text;
  const headers = { ...made.headers, ...(takesOrganization(operation) && { 'organization-id': ids.orgId! }) };
  return actor.call(operation.method, url, { body, headers });
}

/** The answer as whoever gets it sees it: without the id of the request, and without what the caller sent. */
export const textOf = ({ text, type, body }: Answer, sent?: string): string => {
  const plain = type === 'application/problem+json' ? text.replace(body.instance, '') : text;
  return sent ? plain.replaceAll(sent, '…') : plain;
};

/** What is wrong with an answer; nothing, if all is well. */
export function faultOf(cell: Cell, answer: Answer, world: World): string | undefined {
  const said = `${cell.kind} at ${cell.place.name}: ${answer.status} ${answer.text.slice(0, 300)}`;
  if (!isAsMeant(cell, answer)) return `${cell.verdict} is not what became of ${said}`;
  const leaked = secretsFrom(cell, world).find((secret) => isIn(answer, cell, secret));
  return leaked && `${leaked} is in the answer to ${said}`;
}

function isAsMeant({ verdict, place }: Cell, answer: Answer): boolean {
  const { status } = answer;
  const code = answer.type === 'application/problem+json' ? answer.body.code : undefined;
  const is = (refusal: keyof typeof CODES) => status === refusal && code === CODES[refusal];
  if (typeof verdict === 'number') return is(verdict);
  if (!place.exists) return is(404) || (verdict === 'allowed as staff' && isEmptyPage(answer)); // what nobody did, say
  if (place.refused) return status === place.refused;
  if (place.query || place.body) return status < 500 && !Object.values(CODES).includes(code);
  return status < 300;
}

const isEmptyPage = ({ status, body }: Answer): boolean => status === 200 && body.data?.length === 0;

/** Who is kept out learns nothing at all; who is let in, nothing of others. Staff may see everything. */
function secretsFrom(cell: Cell, world: World): string[] {
  if (cell.verdict === 'allowed as staff') return [];
  return isDenied(cell) ? [world.home.canary, world.fjord.canary] : world.secretsTo(cell.kind);
}

const isIn = (answer: Answer, { place }: Cell, secret: string): boolean =>
  textOf(answer, place.sent).includes(secret) || JSON.stringify(answer.headers).includes(secret);

/** Path parameters that the world knows nothing of, and routes that nobody has made a recipe for. */
export function unknownTo(world: World, operation: Operation): string | undefined {
  const strange = parametersIn(operation, 'path').find(({ name }) => !world.home.ids[name]);
  if (strange) return `${operation.id}: tell test/support/matrix/world.ts what {${strange.name}} stands for`;
  return Object.hasOwn(RECIPES, operation.id)
    ? undefined
    : `${operation.id}: give test/support/matrix/recipes.ts a recipe for it`;
}
