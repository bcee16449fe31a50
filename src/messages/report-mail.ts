import { recordActivities } from '../activities/index.ts';
import { holdPeople, markPeople } from '../people/index.ts';
import type { Context } from '../platform/index.ts';
import type { EmailRow } from './queries/emails.ts';
import type { NewMail } from './queries/outbox.ts';

type ReportedMail = Pick<
  NewMail,
  'id' | 'person_id' | 'email_id' | 'subject' | 'class' | 'state' | 'result_code' | 'run_id'
>;

/**
 * Writes what finally became of mail into the activities, where audiences and playbooks see it.
 * Only `sent` and `failed` are told; saying it twice changes nothing.
 */
export async function reportMail(
  tx: Context,
  mail: readonly ReportedMail[],
  emails: ReadonlyMap<number, Pick<EmailRow, 'name'>>,
): Promise<void> {
  const told = mail.filter(({ state }) => state === 'sent' || state === 'failed');
  if (told.length === 0) return;
  const now = tx.clock.now();
  await recordActivities(
    tx,
    told.map((one) => ({
      key: `email/${one.id}`,
      type: one.state === 'sent' ? 'email_sent' : 'email_failed',
      occurred_at: now,
      customer: null,
      object_id: one.id,
      amount_minor: null,
      currency: null,
      attributes: {
        email_id: one.email_id,
        email: emails.get(one.email_id)?.name ?? '',
        subject: one.subject,
        class: one.class,
        ...(one.run_id === null ? {} : { run_id: one.run_id }),
        ...(one.state === 'failed' ? { reason: one.result_code } : {}),
      },
      person_id: one.person_id,
      source_id: null,
    })),
  );
  const survivors = await holdPeople(tx, [...new Set(told.map((one) => one.person_id))]);
  await markPeople(tx, [...new Set(survivors.values())]);
}
