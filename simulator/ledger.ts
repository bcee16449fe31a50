import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { RequestLogEntry } from './http/server.ts';

/**
 * When SIMULATOR_LEDGER_DIR names a folder, a closing simulator leaves there which kinds of request
 * it was ever sent and by whom, one JSON line each: what proves, over a whole test run and many
 * processes, that a client only reads.
 */
export function leaveLedger(requests: readonly RequestLogEntry[]): void {
  const folder = process.env['SIMULATOR_LEDGER_DIR'];
  if (!folder) return;
  const counts = new Map<string, number>();
  for (const { method, path: route, user_agent } of requests) {
    // Ids would make every read a kind of its own.
    const line = JSON.stringify({
      method,
      path: route.replace(/\/[a-z]{2,6}_[A-Za-z0-9]{8,}/g, '/:id'),
      user_agent,
    });
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const lines = [...counts].map(([line, n]) => JSON.stringify({ ...JSON.parse(line), n }));
  if (lines.length > 0)
    appendFileSync(path.join(folder, `${process.pid}.jsonl`), `${lines.join('\n')}\n`);
}
