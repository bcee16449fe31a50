import { useId } from 'react';
import type { ReactNode } from 'react';
import styles from './card.module.css';

interface CardProps {
  title?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  /** The content goes to the edges, for tables. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

/** A titled part of a screen. */
export function Card({ title, note, actions, flush, className, children }: CardProps) {
  const id = useId();
  return (
    <section
      className={className ? `${styles.card} ${className}` : styles.card}
      aria-labelledby={title ? id : undefined}
    >
      {(title || actions) && (
        <header className={styles.head}>
          <div>
            <h2 className={styles.title} id={id}>
              {title}
            </h2>
            {note && <div className={styles.note}>{note}</div>}
          </div>
          {actions}
        </header>
      )}
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}

/** A card that as a whole leads where the link in its title leads. */
export function LinkCard(props: CardProps) {
  return <Card {...props} className={styles.link} />;
}
