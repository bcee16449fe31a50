import { useEffect, useRef } from 'react';

/** Every key the page listens to. The help window is made from this list and nothing else. */
export const SHORTCUTS = {
  palette: { keys: ['mod', 'k'], label: 'Find anything', group: 'Anywhere' },
  search: { keys: ['/'], label: 'Focus the search of this screen', group: 'Anywhere' },
  help: { keys: ['?'], label: 'Show this help', group: 'Anywhere' },
  go_home: { keys: ['g', 'h'], label: 'Go to Home', group: 'Go to' },
  go_people: { keys: ['g', 'p'], label: 'Go to People', group: 'Go to' },
  go_audiences: { keys: ['g', 'a'], label: 'Go to Audiences', group: 'Go to' },
  go_playbooks: { keys: ['g', 'b'], label: 'Go to Playbooks', group: 'Go to' },
  go_messages: { keys: ['g', 'm'], label: 'Go to Messages', group: 'Go to' },
  go_sources: { keys: ['g', 'd'], label: 'Go to Data sources', group: 'Go to' },
  go_settings: { keys: ['g', 's'], label: 'Go to Settings', group: 'Go to' },
  next_row: { keys: ['j'], label: 'Next row', group: 'In a list' },
  previous_row: { keys: ['k'], label: 'Previous row', group: 'In a list' },
  open_row: { keys: ['enter'], label: 'Open the row', group: 'In a list' },
  close: { keys: ['esc'], label: 'Close what is open', group: 'In a list' },
} as const satisfies Record<string, { keys: readonly string[]; label: string; group: string }>;

export type ShortcutName = keyof typeof SHORTCUTS;

/** How a key is written on a cap. */
export function keyCap(key: string): string {
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const caps: Record<string, string> = { mod: mac ? '⌘' : 'Ctrl', enter: 'Enter', esc: 'Esc' };
  return caps[key] ?? key.toUpperCase();
}

const FIRST_KEY_LIVES_MS = 1200;
let firstKey: { key: string; at: number } | null = null;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** True when the event completes the shortcut. Single keys never fire while typing or under a window. */
function completes(event: KeyboardEvent, name: ShortcutName): boolean {
  const keys: readonly string[] = SHORTCUTS[name].keys;
  const key = event.key.toLowerCase();
  if (keys[0] === 'mod') return (event.ctrlKey || event.metaKey) && key === keys[1];
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
  if (document.querySelector('[role="dialog"]')) return false;
  if (keys.length === 1) return key === keys[0];
  if (!firstKey || firstKey.key !== keys[0]) return false;
  return event.timeStamp - firstKey.at < FIRST_KEY_LIVES_MS && key === keys[1];
}

/** Runs the handler when the named shortcut is pressed, for as long as the component is shown. */
export function useShortcut(name: ShortcutName, handler: () => void): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (!completes(event, name)) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [name]);
}

/** Remembers the first key of a two-key shortcut. Called once, by the shell. */
export function useShortcutStarts(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
      firstKey = plain ? { key: event.key.toLowerCase(), at: event.timeStamp } : null;
    };
    // On release, so that the shortcuts, which listen to the press, still see the key before.
    window.addEventListener('keyup', listen);
    return () => window.removeEventListener('keyup', listen);
  }, []);
}
