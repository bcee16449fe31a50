import { Button, Skeleton, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { sentenceOf } from '../lib/http.ts';
import { IconAlertTriangle, IconRefresh } from './icons.ts';
import { Columns } from './layout.tsx';
import styles from './states.module.css';

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** Nothing here: what will appear, and the one thing to do. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className={styles.empty}>
      {icon && <span className={styles.icon}>{icon}</span>}
      <div className={styles.title}>{title}</div>
      {children && <div className={styles.text}>{children}</div>}
      {action && <div className={styles.actions}>{action}</div>}
    </div>
  );
}

/** What went wrong, in the server's sentence, and the way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div className={styles.empty} role="alert">
      <span className={styles.icon}>
        <IconAlertTriangle size={20} aria-hidden />
      </span>
      <div className={styles.title}>This could not be loaded</div>
      <div className={styles.text}>{sentenceOf(error)}</div>
      {onRetry && (
        <div className={styles.actions}>
          <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}

const DELAY_MS = 150;

/** Shows its content only after a moment, so that quick answers do not flicker. */
export function Delayed({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return shown ? children : null;
}

/** Grey lines in the shape of a list. */
export function Lines({ count = 6, height = 14 }: { count?: number; height?: number }) {
  return (
    <Delayed>
      <Stack gap="sm" p="md" aria-busy="true" aria-label="Loading">
        {Array.from({ length: count }, (_, n) => (
          <Skeleton key={n} height={height} width={`${92 - ((n * 17) % 40)}%`} radius="sm" />
        ))}
      </Stack>
    </Delayed>
  );
}

interface LoadedProps<T> {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

/** The three states of anything asked from the server. Old data stays while new data comes. */
export function Loaded<T>({ query, skeleton, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return <>{skeleton ?? <Lines />}</>;
}

/** Grey shapes of a screen to come: figures on top, cards below. */
export function Shapes() {
  return (
    <Delayed>
      <Stack gap="md" aria-busy="true" aria-label="Loading">
        <Skeleton height={34} radius="md" />
        <Columns even>
          <Skeleton height={92} radius="md" />
          <Skeleton height={92} radius="md" />
        </Columns>
        <Columns>
          <Skeleton height={260} radius="md" />
          <Skeleton height={260} radius="md" />
        </Columns>
      </Stack>
    </Delayed>
  );
}
