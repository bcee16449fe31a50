import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** Node with one of our TypeScript files, and enough memory for a large double. */
export function startNode(
  args: string[],
  options: { env?: Record<string, string>; heap_mb?: number } = {},
): ChildProcess {
  const heap = options.heap_mb ? [`--max-old-space-size=${options.heap_mb}`] : [];
  const child = spawn(process.execPath, [...heap, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
  });
  // Whatever ends the bench must not leave its programs behind.
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}

/** The first line a process prints, parsed. */
export async function readFirstLine<T>(child: ChildProcess): Promise<T> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.includes('\n')) return JSON.parse(text.slice(0, text.indexOf('\n'))) as T;
  }
  throw new Error('the process ended before it was ready');
}

/** Everything it prints, and its exit code. */
export async function untilEnd(child: ChildProcess): Promise<{ code: number; text: string }> {
  let text = '';
  child.stdout!.on('data', (chunk) => (text += String(chunk)));
  const code = await new Promise<number>((resolve) =>
    child.once('close', (value) => resolve(value ?? -1)),
  );
  return { code, text };
}

const TICKS_PER_S = 100;

interface Usage {
  parent: number;
  /** Its own, and that of children that have ended. */
  own_s: number;
  ended_s: number;
}

/** From /proc; null where there is none (any system but Linux) or no such process. */
function readUsage(pid: number): Usage | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const seconds = (index: number): number => (fields[index] ?? 0) / TICKS_PER_S;
    return {
      parent: fields[1] ?? 0,
      own_s: seconds(11) + seconds(12),
      ended_s: seconds(13) + seconds(14),
    };
  } catch {
    return null;
  }
}

export function cpuOf(pid: number): number {
  return readUsage(pid)?.own_s ?? 0;
}

/** A server and all its backends, those that are gone included. */
export function cpuOfTree(pid: number): number {
  const root = readUsage(pid);
  if (!root) return 0;
  let sum = root.own_s + root.ended_s;
  for (const entry of readdirSync('/proc')) {
    const usage = /^\d+$/.test(entry) ? readUsage(Number(entry)) : null;
    if (usage?.parent === pid) sum += usage.own_s;
  }
  return sum;
}

/** The most memory a process ever had resident, in MB. */
export function peakMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
