import { Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './meter.module.css';
import type { Tone } from './status.tsx';

interface MeterProps {
  /** What is measured, for those who do not see the bar. */
  label: string;
  /** 0 to 100; null while it cannot be known, which shows as a moving bar when `busy`. */
  percent: number | null;
  tone?: Tone;
  busy?: boolean;
  size?: 'xs' | 'sm' | 'md';
  /** Stand above the bar, left and right. */
  left?: ReactNode;
  right?: ReactNode;
}

/** How much of something is there, in words and as a bar. */
export function Meter({
  label,
  percent,
  tone = 'accent',
  busy,
  size = 'sm',
  left,
  right,
}: MeterProps) {
  return (
    <div className={styles.meter}>
      {(left ?? right) !== undefined && (
        <div className={styles.words}>
          <span>{left}</span>
          <span className={styles.of}>{right}</span>
        </div>
      )}
      <Progress
        value={percent ?? (busy ? 100 : 0)}
        animated={busy}
        striped={busy && percent === null}
        size={size}
        color={`var(--hw-${tone})`}
        aria-label={label}
      />
    </div>
  );
}
