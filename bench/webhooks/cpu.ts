import { readFileSync, readdirSync } from 'node:fs';

const TICKS_PER_S = 100;

interface Stat {
  parent: number;
  /** Seconds of this process, and of its children that have ended. */
  own: number;
  ended: number;
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const seconds = (index: number): number => Number(fields[index]) / TICKS_PER_S;
    return {
      parent: Number(fields[1]),
      own: seconds(11) + seconds(12),
      ended: seconds(13) + seconds(14),
    };
  } catch {
    return null;
  }
}

/** CPU seconds of a process and everything it has started. Linux only; 0 elsewhere. */
export function cpuSecondsOf(pid: number): number {
  const all = new Map<number, Stat>();
  for (const entry of listProcesses()) {
    const stat = statOf(entry);
    if (stat) all.set(entry, stat);
  }
  const sum = (one: number): number => {
    const stat = all.get(one);
    if (!stat) return 0;
    const children = [...all].filter(([, { parent }]) => parent === one);
    return children.reduce((total, [child]) => total + sum(child), stat.own + stat.ended);
  };
  return sum(pid);
}

function listProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** The most memory a process has had, in MB; null where the system does not tell. */
export function peakMemoryOf(pid: number): number | null {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? Math.round(Number(line[1]) / 1024) : null;
  } catch {
    return null;
  }
}
