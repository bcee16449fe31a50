import { Button, Group } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Dim } from './text.tsx';

interface MoreProps {
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
  /** Said where nothing older follows. */
  end?: string;
}

/** The foot of an endless list: the next rows come when it is scrolled into view, or by the button. */
export function More({ query, end }: MoreProps) {
  const foot = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  // After a failure only the button tries again.
  const waits = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (!waits || !foot.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void fetchNextPage();
      },
      { rootMargin: '400px' },
    );
    observer.observe(foot.current);
    return () => observer.disconnect();
  }, [waits, fetchNextPage]);
  if (!hasNextPage && !end) return null;
  return (
    <Group ref={foot} justify="center" p="md">
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show older
        </Button>
      ) : (
        <Dim small>{end}</Dim>
      )}
    </Group>
  );
}
