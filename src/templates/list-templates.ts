import type { Context } from '../platform/index.ts';
import { findPlaced } from './place-piece.ts';
import { selectInstallations } from './queries.ts';
import { STARTER_SET } from './starter-set.ts';
import type { TemplateKind } from './template.ts';

export interface TemplateView {
  key: string;
  kind: TemplateKind;
  name: string;
  description: string;
  /** `removed`: it was here once; by templates or in its own room somebody took it away. */
  state: 'available' | 'installed' | 'removed';
  installed_at: Date | null;
  /** The audience, e-mail, … it became; null unless installed. */
  subject_id: number | null;
}

/** The whole starter set with what became of each piece. */
export async function listTemplates(ctx: Context): Promise<TemplateView[]> {
  const known = await selectInstallations(ctx);
  const placed = await findPlaced(ctx);
  return STARTER_SET.map(({ key, kind, name, description }) => {
    const id = placed.get(key) ?? null;
    const installation = known.get(key);
    const gone = installation ? 'removed' : 'available';
    const state = id === null ? gone : 'installed';
    return {
      key,
      kind,
      name,
      description,
      state,
      installed_at: installation?.installed_at ?? null,
      subject_id: id,
    };
  });
}
