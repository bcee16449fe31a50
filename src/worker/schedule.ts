import { purgeSessions } from '../access/jobs.ts';
import { sweepActivityInstants } from '../activities/jobs.ts';
import { buildAudiences, sweepInstants } from '../audiences/jobs.ts';
import { freeOrphanedMail, sendDueMail } from '../messages/jobs.ts';
import { advanceDueRuns } from '../playbooks/jobs.ts';
import {
  applyEvents,
  careForSources,
  continueSyncs,
  pollEvents,
  recheckPermissions,
  walkPaymentMethods,
} from '../stripe/jobs.ts';
import type { LoopOptions } from '../platform/index.ts';
import type { Mailer } from '../messages/index.ts';
import { afterEvents } from './after-events.ts';
import { lookAgain } from './look-again.ts';
import { continueRemovals } from './remove-source.ts';

export interface Job extends LoopOptions {
  /** Notices that end the rest at once. */
  wake_on: readonly string[];
}

/**
 * Everything that runs by itself, and when. Each job's state is rows, so each may run in several
 * processes and be killed at any moment. `idle_ms` is how long it rests when nobody wakes it.
 */
export function schedule(mailer: Mailer | null): Job[] {
  return [
    { name: 'apply events', idle_ms: 2_000, wake_on: ['events'], work: applyEvents },
    { name: 'continue syncs', idle_ms: 2_000, wake_on: ['source'], work: continueSyncs },
    { name: 'walk payment methods', idle_ms: 5_000, wake_on: ['source'], work: walkPaymentMethods },
    { name: 'recheck permissions', idle_ms: 60_000, wake_on: [], work: recheckPermissions },
    { name: 'poll events', idle_ms: 2_000, wake_on: [], work: pollEvents },
    { name: 'care for sources', idle_ms: 30_000, wake_on: [], work: careForSources },
    { name: 'look again', idle_ms: 1_000, wake_on: ['marks'], work: afterEvents(lookAgain) },
    { name: 'build audiences', idle_ms: 5_000, wake_on: ['audiences'], work: buildAudiences },
    { name: 'sweep instants', idle_ms: 500, wake_on: [], work: sweepInstants },
    {
      name: 'sweep activity instants',
      idle_ms: 1_000,
      wake_on: [],
      work: sweepActivityInstants,
    },
    { name: 'advance runs', idle_ms: 500, wake_on: ['runs'], work: advanceDueRuns },
    {
      name: 'send mail',
      idle_ms: 1_000,
      wake_on: ['outbox'],
      work: async (ctx, signal) => await sendDueMail(ctx, mailer, signal),
    },
    { name: 'free orphaned mail', idle_ms: 5_000, wake_on: [], work: freeOrphanedMail },
    { name: 'remove sources', idle_ms: 5_000, wake_on: ['source'], work: continueRemovals },
    { name: 'purge sessions', idle_ms: 3_600_000, wake_on: [], work: purgeSessions },
  ];
}
