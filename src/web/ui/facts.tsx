import { Tooltip } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { takeToClipboard } from '../lib/clipboard.ts';
import styles from './facts.module.css';
import { IconCheck, IconCopy } from './icons.ts';

/** Label and value, one below the other. Facts without a value are left out. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Numbers side by side; `small` where they stand inside a card. */
export function Figures({ small, children }: { small?: boolean; children: ReactNode }) {
  return <div className={`${styles.figures} ${small ? styles.small : ''}`}>{children}</div>;
}

interface FigureProps {
  label: string;
  value: ReactNode;
  hint?: ReactNode;
  /** What the number means, shown on hover. */
  about?: string;
  onOpen?: () => void;
}

/** One number with its name. With `onOpen` it leads to the people behind it. */
export function Figure({ label, value, hint, about, onOpen }: FigureProps) {
  const inside = (
    <>
      <div className={styles.label}>{label}</div>
      <div className={styles.value}>{value}</div>
      <div className={styles.hint}>{hint}</div>
    </>
  );
  if (!onOpen) return <div className={styles.figure}>{inside}</div>;
  const button = (
    <button type="button" className={styles.figure} onClick={onOpen}>
      {inside}
    </button>
  );
  if (!about) return button;
  return (
    <Tooltip label={about} multiline w={260} openDelay={500}>
      {button}
    </Tooltip>
  );
}

/** An identifier that is copied with a click. */
export function CopyId({ id, label, plain }: { id: string; label?: string; plain?: boolean }) {
  const [copied, setCopied] = useState(false);
  const copyId = async (): Promise<void> => {
    await takeToClipboard(id);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <Tooltip label={copied ? 'Copied' : 'Copy'}>
      <button
        type="button"
        className={plain ? `${styles.copy} ${styles.plain}` : styles.copy}
        onClick={() => void copyId()}
      >
        {label ?? id}
        {copied ? <IconCheck size={12} aria-label="Copied" /> : <IconCopy size={12} aria-hidden />}
      </button>
    </Tooltip>
  );
}

/** Names and numbers, one a line. */
export function Counts({ label, counts }: { label: string; counts: [string, string][] }) {
  return (
    <table className={styles.counts} aria-label={label}>
      <tbody>
        {counts.map(([name, count]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
