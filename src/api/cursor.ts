import { AppError } from '../platform/index.ts';

/** Where a page ends: the time and id of its last row, as one opaque text for the address. */
export interface Position {
  at: Date;
  id: string;
}

export function writeCursor(position: Position | null): string | null {
  return position && Buffer.from(JSON.stringify([position.at, position.id])).toString('base64url');
}

/** Throws `bad_cursor` for anything `writeCursor` did not write. */
export function readCursor(cursor: string | undefined): Position | undefined {
  if (!cursor) return undefined;
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string];
    const position = { at: new Date(at), id: String(id) };
    if (!Number.isNaN(position.at.getTime())) return position;
  } catch (cause) {
    throw badCursor(cause);
  }
  throw badCursor();
}

function badCursor(cause?: unknown): AppError {
  return new AppError('bad_cursor', 'This page cannot be found again. Go back to the first one.', {
    cause,
  });
}
