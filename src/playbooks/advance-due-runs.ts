import { describeDefinition, findMatches } from '../audiences/index.ts';
import { sendAllLater } from '../messages/index.ts';
import { holdPeople } from '../people/index.ts';
import { inTransaction, notify } from '../platform/index.ts';
import type { Context } from '../platform/index.ts';
import { advance } from './machine.ts';
import { compilePlan } from './plan.ts';
import type { Plan } from './plan.ts';
import { findVersions } from './queries/playbooks.ts';
import { claimDueRuns, insertLines, listLivePlaybooks, saveRuns } from './queries/runs.ts';
import type { RunRow, ShellLine, StoredLine } from './queries/runs.ts';
import type { Effect, RunEvent, TraceLine } from './run.ts';

const BATCH = 250;

/**
 * Moves on everyone whose time has come and answers how many moved. Claiming, the new state, its
 * trace and its effects are one transaction a batch: killed at any moment, a batch either happened
 * whole or not at all. Runs that another worker holds are passed over.
 */
export async function advanceDueRuns(ctx: Context, signal: AbortSignal): Promise<number> {
  let moved = 0;
  let failure: unknown = null;
  for (const playbook_id of await listLivePlaybooks(ctx)) {
    if (signal.aborted) break;
    try {
      moved += await inTransaction(ctx, async (tx) => await advanceBatch(tx, playbook_id));
    } catch (error) {
      failure ??= error; // one playbook in trouble must not stop the others
    }
  }
  if (failure !== null) throw failure;
  return moved;
}

/** A run on its way through this batch. */
interface Traveller {
  row: RunRow;
  plan: Plan;
  lines: StoredLine[];
  event: RunEvent | null;
}

async function advanceBatch(tx: Context, playbook_id: number): Promise<number> {
  const now = tx.clock.now();
  const claimed = await claimDueRuns(tx, playbook_id, now, BATCH);
  if (claimed.length === 0) return 0;
  const travellers = await prepare(tx, claimed, now);
  // Each round moves everyone to the next step that asks something of the world; steps are finite and never repeat.
  for (let going = travellers; going.length > 0;) {
    const wanted = going.flatMap((traveller) => step(traveller, now));
    await answerAsks(tx, wanted);
    await sendMail(tx, wanted);
    going = going.filter((traveller) => traveller.event !== null);
  }
  await saveRuns(
    tx,
    travellers.map(({ row }) => row),
  );
  await insertLines(
    tx,
    travellers.flatMap(({ lines }) => lines),
  );
  await notify(tx, { topic: 'runs' });
  return claimed.length;
}

async function prepare(tx: Context, claimed: RunRow[], now: Date): Promise<Traveller[]> {
  const definitions = await findVersions(tx, distinctVersions(claimed));
  const plans = new Map([...definitions].map(([key, one]) => [key, compilePlan(one)]));
  // Held until the end, so that nobody is merged away under a mail that is being written to them.
  const survivors = await holdPeople(tx, [...new Set(claimed.map((run) => run.person_id))]);
  return claimed.map((claim) => {
    const plan = plans.get(`${claim.playbook_id}/${claim.version}`) ?? EMPTY_PLAN;
    const traveller: Traveller = { row: claim, plan, lines: [], event: { kind: 'due' } };
    const into = survivors.get(claim.person_id);
    if (into !== undefined && into !== claim.person_id) {
      const detail = { from: claim.person_id, into };
      write(traveller, [{ node: claim.node, what: 'person_merged', detail }], now);
      traveller.row = { ...traveller.row, person_id: into };
    }
    return traveller;
  });
}

const EMPTY_PLAN: Plan = { first: null, nodes: new Map() };

function distinctVersions(runs: RunRow[]): { playbook_id: number; version: number }[] {
  const byKey = runs.map(({ playbook_id, version }) => [
    `${playbook_id}/${version}`,
    { playbook_id, version },
  ]) as [string, { playbook_id: number; version: number }][];
  return [...new Map(byKey).values()];
}

interface Wanted {
  traveller: Traveller;
  effect: Effect;
}

function step(traveller: Traveller, now: Date): Wanted[] {
  const { event, plan, row } = traveller;
  traveller.event = null;
  if (event === null) return [];
  const outcome = advance(plan, row, event, now);
  traveller.row = { ...row, ...outcome.run };
  write(traveller, outcome.trace, now);
  return outcome.effects.map((effect) => ({ traveller, effect }));
}

function write(traveller: Traveller, lines: readonly (TraceLine | ShellLine)[], at: Date): void {
  for (const line of lines) {
    const seq = traveller.row.seq + 1;
    traveller.row = { ...traveller.row, seq };
    traveller.lines.push({ ...line, run_id: traveller.row.id, seq, at });
  }
}

/** One question a branch for everyone who stands at it. */
async function answerAsks(tx: Context, wanted: Wanted[]): Promise<void> {
  const asks = wanted.flatMap(({ traveller, effect }) =>
    effect.kind === 'ask' ? [{ traveller, effect }] : [],
  );
  const groups = Map.groupBy(asks, ({ effect }) => effect.condition);
  for (const [condition, group] of groups) {
    const ids = [...new Set(group.map(({ traveller }) => traveller.row.person_id))];
    const matching = await findMatches(tx, condition, ids);
    const because = describeDefinition(condition);
    for (const { traveller, effect } of group) {
      const yes = matching.has(traveller.row.person_id);
      traveller.event = { kind: 'answered', node: effect.node, yes, because };
    }
  }
}

async function sendMail(tx: Context, wanted: Wanted[]): Promise<void> {
  const sends = wanted.flatMap(({ traveller, effect }) =>
    effect.kind === 'send_email' ? [{ traveller, effect }] : [],
  );
  if (sends.length === 0) return;
  const outcomes = await sendAllLater(
    tx,
    sends.map(({ traveller: { row }, effect }) => ({
      id: effect.key,
      email_id: effect.email_id,
      person_id: row.person_id,
      run_id: row.id,
      activity: row.context.entry,
    })),
  );
  for (const { traveller, effect } of sends) {
    const outcome = outcomes.get(effect.key);
    const gone = outcome === 'no_email' || outcome === 'no_person';
    traveller.event = gone
      ? { kind: 'effect_failed', key: effect.key, reason: outcome }
      : { kind: 'effect_done', key: effect.key, result: effect.key };
  }
}
