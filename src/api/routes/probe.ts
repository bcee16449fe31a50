import { PassThrough } from 'node:stream';
import { ProbeStep } from '../contract/probe.ts';
import { ProbeBody } from '../contract/sources.ts';
import type { Context } from '../../platform/index.ts';
import { probeKey } from '../../stripe/index.ts';
import type { ProbeStep as Step } from '../../stripe/index.ts';
import type { Api } from '../wire.ts';

/** POST /api/sources/probe: one JSON line a step, each sent when it is known. Nothing is saved. */
export function addProbe(api: Api, ctx: Context): void {
  const schema = {
    summary: 'Try a key out, one line for each permission (application/x-ndjson)',
    tags: ['sources'],
    body: ProbeBody,
    response: {
      200: {
        description: 'One ProbeStep a line',
        content: { 'application/x-ndjson': { schema: ProbeStep } },
      },
    },
  };
  api.post('/sources/probe', { schema }, async (request, reply) => {
    const lines = new PassThrough();
    const write = (step: Step): void => {
      if (!lines.destroyed) lines.write(`${JSON.stringify(step)}\n`);
    };
    const probe = async (): Promise<void> => {
      try {
        await probeKey(ctx, request.body.key, write);
      } catch (error) {
        // The answer has begun, so a failure can only be told as a line of it.
        request.log.error({ err: error }, 'probing a key failed');
        const sentence = `The key could not be checked. The log has the details under ${request.id}.`;
        write({ step: 'refused', code: 'internal', sentence, detail: {} });
        write({ step: 'done', ok: false });
      }
      lines.end();
    };
    void probe();
    // The contract names one line; the answer is a stream of them.
    return await reply.type('application/x-ndjson').send(lines as unknown as Step);
  });
}
