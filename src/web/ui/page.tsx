import { Skeleton } from '@mantine/core';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { IconChevronLeft } from './icons.ts';
import { TextLink } from './link.tsx';
import type { Place } from './link.tsx';
import styles from './page.module.css';

interface PageProps {
  title: string;
  /** What stands beside the title, such as a state. */
  mark?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  back?: { to: Place; label: string };
  /** Uses the whole width, for tables and canvases. */
  wide?: boolean;
  children: ReactNode;
}

/** One screen: title left, actions right, the rest below. */
export function Page({ title, mark, note, actions, back, wide, children }: PageProps) {
  useEffect(() => {
    document.title = title ? `${title} · Headwater` : 'Headwater';
  }, [title]);
  return (
    <div className={wide ? `${styles.page} ${styles.wide}` : styles.page}>
      <header className={styles.head}>
        <div>
          {back && (
            <TextLink to={back.to} className={styles.back}>
              <IconChevronLeft size={14} aria-hidden /> {back.label}
            </TextLink>
          )}
          <div className={styles.actions}>
            {title ? (
              <h1 className={styles.title}>{title}</h1>
            ) : (
              <Skeleton height={26} width={200} />
            )}
            {mark}
          </div>
          {note && <p className={styles.note}>{note}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
