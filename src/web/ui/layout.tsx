import type { ReactNode } from 'react';
import styles from './layout.module.css';

/** Parts of a screen one below the other. */
export function Column({ children }: { children: ReactNode }) {
  return <div className={styles.column}>{children}</div>;
}

/** Two columns, the first one wider unless `even`; one below the other where there is no room. */
export function Columns({ even, children }: { even?: boolean; children: ReactNode }) {
  return <div className={`${styles.columns} ${even ? styles.even : ''}`}>{children}</div>;
}

/** Cards side by side, as many as there is room for. */
export function Tiles({ children }: { children: ReactNode }) {
  return <div className={styles.tiles}>{children}</div>;
}

/** Things in one line that may wrap, such as buttons; `apart` puts the last one to the far end. */
export function Bar({ apart, children }: { apart?: boolean; children: ReactNode }) {
  return <div className={`${styles.bar} ${apart ? styles.apart : ''}`}>{children}</div>;
}
