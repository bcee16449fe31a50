import type { ReactNode } from 'react';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from './icons.ts';
import styles from './status.module.css';

export type Tone = 'good' | 'info' | 'warn' | 'bad' | 'quiet' | 'accent';

/** A state as a word and a colour, never as a colour alone. */
export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`${styles.status} ${styles[tone]}`}>{children}</span>;
}

/** A verdict in a table: a sign and a word. */
export function Mark({
  tone,
  icon,
  children,
}: {
  tone: Tone;
  icon: ReactNode;
  children: ReactNode;
}) {
  return (
    <span className={`${styles.mark} ${styles[tone]}`}>
      {icon} {children}
    </span>
  );
}

interface NoteProps {
  tone: Tone;
  title?: ReactNode;
  children?: ReactNode;
  /** Buttons for what the sentence asks for. */
  actions?: ReactNode;
  /** Read out when it appears. */
  live?: boolean;
}

/** A sentence that stands out: what is the matter and what to do next. */
export function Note({ tone, title, children, actions, live }: NoteProps) {
  const Icon =
    tone === 'good'
      ? IconCircleCheck
      : tone === 'bad' || tone === 'warn'
        ? IconAlertTriangle
        : IconInfoCircle;
  return (
    <div className={`${styles.note} ${styles[tone]}`} role={live ? 'alert' : undefined}>
      <Icon size={16} aria-hidden />
      <div className={styles.noteBody}>
        {title && <div className={styles.noteTitle}>{title}</div>}
        {children}
        {actions && <div className={styles.noteActions}>{actions}</div>}
      </div>
    </div>
  );
}
