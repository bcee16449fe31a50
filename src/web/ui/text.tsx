import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { takeToClipboard } from '../lib/clipboard.ts';
import { IconCheck, IconCopy } from './icons.ts';
import styles from './text.module.css';

/** What may be overlooked. */
export function Dim({ small, children }: { small?: boolean; children: ReactNode }) {
  return <span className={`${styles.dim} ${small ? styles.small : ''}`}>{children}</span>;
}

/** Paragraphs of running text. */
export function Prose({ children }: { children: ReactNode }) {
  return <div className={styles.lines}>{children}</div>;
}

/** What to do, in numbered steps. */
export function Steps({ children }: { children: ReactNode }) {
  return <ol className={styles.steps}>{children}</ol>;
}

export function Step({ title, children }: { title: string; children: ReactNode }) {
  return (
    <li>
      <div>
        <div className={styles.stepTitle}>{title}</div>
        {children}
      </div>
    </li>
  );
}

/** Short things one below the other; two beside each other where there is room. */
export function ItemList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={styles.items} aria-label={label}>
      {children}
    </ul>
  );
}

/** A long text to be copied as a whole, such as an address. */
export function CopyLine({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await takeToClipboard(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <div className={styles.address}>
      <code>{text}</code>
      <Button
        variant="default"
        size="compact-xs"
        aria-label={copied ? 'Copied' : label}
        leftSection={copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
        onClick={() => void copy()}
      >
        {copied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}
