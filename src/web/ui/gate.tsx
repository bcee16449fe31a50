import { useEffect } from 'react';
import type { ReactNode } from 'react';
import styles from './gate.module.css';
import { Logo } from './logo.tsx';

interface GateProps {
  title: string;
  note: ReactNode;
  children: ReactNode;
}

/** The screens before the page: set-up and sign-in. */
export function Gate({ title, note, children }: GateProps) {
  useEffect(() => {
    document.title = `${title} · Headwater`;
  }, [title]);
  return (
    <main className={styles.gate}>
      <div className={styles.box}>
        <header className={styles.head}>
          <Logo size={44} />
          <h1>{title}</h1>
          <p>{note}</p>
        </header>
        <div className={styles.card}>{children}</div>
      </div>
    </main>
  );
}
