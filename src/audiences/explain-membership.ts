import { AppError, formatMoney } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { compileAnswers } from './compile/compile-tree.ts';
import { findField } from './definition.ts';
import type { ActivityCondition, Condition, Definition } from './definition.ts';
import { getAudience } from './list-audiences.ts';
import { normalize } from './normalize.ts';
import { selectMemberSince } from './queries/members.ts';
import { selectActivityFacts, selectPersonFields } from './queries/person-facts.ts';
import { describeCondition, describeInstant, describeValue, plural } from './sentence.ts';

/** One part of the tree with its answer for one person. */
export type Explanation =
  | { kind: 'all' | 'any' | 'not'; matches: boolean; parts: Explanation[] }
  | {
      kind: 'condition';
      matches: boolean;
      /** What is asked: `whose plan is “Pro”`. */
      sentence: string;
      /** What is so: `“Basic”`, `2 times, last on 3 Mar 2026`. */
      actual: string;
      /** When this answer may next change by the clock alone. */
      next_change_at: Date | null;
    };

export interface MembershipExplanation {
  audience_id: number;
  person_id: number;
  /** The answer as of now, freshly computed. */
  matches: boolean;
  /** Since when the person is a member; null when not. */
  member_since: Date | null;
  next_change_at: Date | null;
  explanation: Explanation;
}

/**
 * Why somebody is in an audience or not: each condition with its actual value. Throws
 * `audience_not_found` or `person_not_found`.
 */
export async function explainMembership(
  ctx: Context,
  audienceId: number,
  personId: number,
): Promise<MembershipExplanation> {
  const audience = await getAudience(ctx, audienceId);
  const fields = await selectPersonFields(ctx, personId);
  if (!fields) throw new AppError('person_not_found', 'There is no such person.');
  const explanation = await explain(ctx, audience.definition, personId, fields);
  const instants = listInstants(explanation);
  return {
    audience_id: audienceId,
    person_id: personId,
    matches: explanation.matches,
    member_since: await selectMemberSince(ctx, audienceId, personId),
    next_change_at: instants.length > 0 ? new Date(Math.min(...instants)) : null,
    explanation,
  };
}

type Fields = Record<string, string | number | null>;

async function explain(
  ctx: Context,
  part: Definition,
  personId: number,
  fields: Fields,
): Promise<Explanation> {
  if ('not' in part) {
    const inner = await explain(ctx, part.not, personId, fields);
    return { kind: 'not', matches: !inner.matches, parts: [inner] };
  }
  const group = 'all' in part ? part.all : 'any' in part ? part.any : null;
  if (!group) return await explainCondition(ctx, part as Condition, personId, fields);
  const parts: Explanation[] = [];
  for (const one of group) parts.push(await explain(ctx, one, personId, fields));
  const kind = 'all' in part ? 'all' : 'any';
  const matches =
    kind === 'all' ? parts.every((one) => one.matches) : parts.some((one) => one.matches);
  return { kind, matches, parts };
}

async function explainCondition(
  ctx: Context,
  condition: Condition,
  personId: number,
  fields: Fields,
): Promise<Explanation> {
  const options = { now: ctx.clock.now(), people: [personId] };
  const { rows } = await compileAnswers(condition, options).execute(ctx.db);
  const answer = rows[0]!;
  return {
    kind: 'condition',
    matches: answer.matches,
    sentence: describeCondition(condition),
    actual:
      'field' in condition
        ? actualField(condition.field, fields)
        : await actualActivity(ctx, condition, personId),
    next_change_at: answer.next_change_at,
  };
}

function actualField(name: string, fields: Fields): string {
  const field = findField(name)!;
  const currency = fields.currency === null ? null : String(fields.currency ?? '');
  return describeValue(fields[name] ?? null, field, currency);
}

async function actualActivity(
  ctx: Context,
  condition: ActivityCondition,
  personId: number,
): Promise<string> {
  // "0 times or more" holds for everybody and leaves no leaf to read the span from; asking for "did" always does.
  const { activity, within } = condition;
  const leaf = normalize({ activity, operator: 'did', ...(within ? { within } : {}) });
  if (!('span' in leaf)) throw new Error('an activity condition without an activity');
  const currency = 'currency' in condition ? condition.currency : null;
  const facts = await selectActivityFacts(ctx, personId, {
    type: leaf.type,
    span: leaf.span,
    currency,
  });
  if (currency !== null) return formatMoney(facts.sum_minor, currency);
  if (facts.times === 0 || !facts.last_at) return 'never';
  return `${plural(facts.times, 'time')}, last on ${describeInstant(facts.last_at)}`;
}

function listInstants(part: Explanation): number[] {
  if (part.kind === 'condition') return part.next_change_at ? [part.next_change_at.getTime()] : [];
  return part.parts.flatMap(listInstants);
}
