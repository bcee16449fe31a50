import type { Json } from '../objects/index.ts';
import type { ActivityDraft } from './activity-draft.ts';
import { makeFact, toDate, toIso } from './subscription-facts.ts';
import { endOf, endsWithTrial, readLife } from './subscription-life.ts';

const DAY = 86_400;
const NOTICE = 3 * DAY;
/** Who gives a trial's end as an instant of their own clock may miss whole days by a little. */
const SLACK = 60;

/**
 * Three days before a trial's end, when it still goes on then: not for who ended it or asked for its
 * end before. Named by the end it warns of, since a trial that is prolonged ends a second time.
 */
export function trialEnding(subscription: Json): ActivityDraft[] {
  const life = readLife(subscription);
  if (!life?.trial || life.status.startsWith('incomplete')) return [];
  const { start, end } = life.trial;
  const at = end - NOTICE;
  if (at <= start) return [];
  // Because Stripe moves the end of a trial that is cut short, only its length shows that it was not.
  if (life.status !== 'trialing' && !isWholeDays(end - start)) return [];
  const ended = endOf(life);
  if (ended !== null && ended <= at) return [];
  const { canceled } = life;
  if (canceled !== null && canceled <= at && endsWithTrial(subscription, life, end)) return [];
  const dates = { trial_starts_at: toIso(start), trial_ends_at: toIso(end) };
  const fact = makeFact(subscription, life);
  return [fact('trial_ending', `/${end}`, toDate(at), { status: 'trialing', ...dates })];
}

function isWholeDays(seconds: number): boolean {
  const rest = seconds % DAY;
  return rest <= SLACK || rest >= DAY - SLACK;
}
