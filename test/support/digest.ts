import pg from 'pg';

/** Everything that must be equal however the rows came in; ids of ours and times of hearing are left out. */
const WHAT: Record<string, string> = {
  people: `select coalesce(p.email, '') || ' ' || coalesce(p.name, '') || ' ' || s.subscription_status || ' ' || s.mrr_minor
             || ' ' || s.lifetime_paid_minor || ' ' || coalesce(s.plan, '') || ' ' || array_to_string(array(
               select key from headwater.person_keys k where k.person_id = p.person_id order by kind, key), ',') as line
             from headwater.people p left join headwater.person_state s using (person_id) where p.merged_into is null`,
  activities: `select t.name || ' ' || a.occurred_at::text || ' ' || coalesce(l.object_id, '') || ' ' || coalesce(a.amount_minor::text, '')
                 || ' ' || a.id as line
                 from headwater.activities a join headwater.activity_types t on t.id = a.type
                 left join headwater.activity_payloads l on l.person_id = a.person_id and l.id = a.id`,
  totals: `select k.customers || ' ' || n.name || ' ' || t.currency || ' ' || t.n || ' ' || t.total_minor || ' ' || t.first_at || ' ' || t.last_at as line
             from headwater.person_activity_totals t join headwater.activity_types n on n.id = t.type
             join (select person_id, string_agg(customer, ',' order by customer) as customers
                     from headwater.person_keys where kind = 'customer' group by person_id) k using (person_id)`,
  mrr_days: `select on_date::text || ' ' || currency || ' ' || kind || ' ' || amount_minor || ' ' || people as line from headwater.mrr_days`,
  movements: `select on_date::text || ' ' || currency || ' ' || kind || ' ' || amount_minor || ' ' || reason as line from headwater.mrr_movements`,
};

/** Sorted lines for each kind of row, Stripe's tables included, to compare two databases with. */
export async function digestDatabase(url: string): Promise<Record<string, string[]>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'stripe' and table_type = 'BASE TABLE' order by 1`,
    );
    const queries = { ...WHAT };
    for (const { name } of tables.rows) {
      const gone = name === 'events' ? '' : ` || ' ' || (deleted_at is not null)`;
      queries[`stripe.${name}`] =
        `select id || ' ' || md5(raw::text)${gone} as line from stripe.${name}`;
    }
    const digest: Record<string, string[]> = {};
    for (const [name, query] of Object.entries(queries)) {
      const { rows } = await client.query<{ line: string }>(query);
      digest[name] = rows.map((row) => row.line).sort();
    }
    return digest;
  } finally {
    await client.end();
  }
}
