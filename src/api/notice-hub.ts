import type { Notice } from '../platform/index.ts';
import type { StreamNotice } from './contract/notices.ts';
import { NoticeTopic } from './contract/notices.ts';

const WINDOW_MS = 250; // at most four notices a second of each topic
const TOPICS = new Set<string>((NoticeTopic as unknown as { enum: string[] }).enum);

/** Passes notices on to the open pages, at most one of each topic in 250 ms. */
export interface NoticeHub {
  publish(notice: Notice): void;
  subscribe(listener: (notice: StreamNotice) => void): () => void;
  close(): void;
}

interface Lane {
  timer: NodeJS.Timeout;
  waiting: StreamNotice | null;
}

/** The first notice of a topic goes at once; what comes within the window goes, merged, at its end. */
export function createNoticeHub(): NoticeHub {
  const listeners = new Set<(notice: StreamNotice) => void>();
  const lanes = new Map<string, Lane>();

  const send = (notice: StreamNotice): void => {
    const timer = setTimeout(() => endWindow(notice.topic), WINDOW_MS);
    timer.unref();
    lanes.set(notice.topic, { timer, waiting: null });
    for (const listener of listeners) listener(notice);
  };
  const endWindow = (topic: string): void => {
    const waiting = lanes.get(topic)?.waiting ?? null;
    lanes.delete(topic);
    if (waiting) send(waiting);
  };
  return {
    publish(raw) {
      const notice = readNotice(raw);
      if (!notice) return;
      const lane = lanes.get(notice.topic);
      if (lane) lane.waiting = lane.waiting ? merge(lane.waiting, notice) : notice;
      else send(notice);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const { timer } of lanes.values()) clearTimeout(timer);
      lanes.clear();
      listeners.clear();
    },
  };
}

/** Only known topics and their source leave the server, whatever else a notice carries. */
function readNotice(raw: Notice): StreamNotice | null {
  if (!TOPICS.has(raw.topic)) return null;
  const topic = raw.topic as StreamNotice['topic'];
  return typeof raw.source_id === 'number' ? { topic, source_id: raw.source_id } : { topic };
}

/** Two notices as one; without a source when they are about different ones. */
function merge(one: StreamNotice, other: StreamNotice): StreamNotice {
  return one.source_id === other.source_id ? one : { topic: one.topic };
}
