import { createLink, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { AnchorHTMLAttributes, KeyboardEvent, ReactNode, Ref } from 'react';
import type { Tone } from './status.tsx';
import styles from './tab-links.module.css';

interface TabLinksProps {
  label: string;
  children: ReactNode;
}

/** The parts of one thing, each with an address of its own. Arrow keys go along, as in a row of tabs. */
export function TabLinks({ label, children }: TabLinksProps) {
  const bar = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    // On a narrow screen the row is longer than the screen; what is open shall be seen.
    const open = bar.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (bar.current && open) {
      bar.current.scrollLeft = open.offsetLeft - (bar.current.clientWidth - open.offsetWidth) / 2;
    }
    showMore(bar.current);
  }, [pathname]);
  useEffect(() => {
    const watch = new ResizeObserver(() => showMore(bar.current));
    if (bar.current) watch.observe(bar.current);
    return () => watch.disconnect();
  }, []);
  return (
    <nav
      ref={bar}
      className={styles.bar}
      aria-label={label}
      onScroll={(event) => showMore(event.currentTarget)}
    >
      {children}
    </nav>
  );
}

/** Fades the end behind which more tabs are. */
function showMore(bar: HTMLElement | null): void {
  if (!bar) return;
  const hidden = bar.scrollWidth - bar.clientWidth - bar.scrollLeft;
  bar.toggleAttribute('data-more', hidden > 4);
}

interface AnchorTabProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  ref?: Ref<HTMLAnchorElement>;
  /** What waits behind the tab, such as `3` or `62%`, with the words for it. */
  mark?: { text: string; about: string; tone: Tone } | null;
}

function AnchorTab({ mark, href, children, ...rest }: AnchorTabProps) {
  return (
    <a {...rest} href={href} className={styles.tab} onKeyDown={goAlong}>
      {children}
      {mark && (
        <span className={`${styles.mark} ${styles[mark.tone]}`} title={mark.about}>
          {mark.text}
        </span>
      )}
    </a>
  );
}

/** One of the tabs, with the router's typed `to` and `params`. */
export const TabLink = createLink(AnchorTab);

function goAlong(event: KeyboardEvent<HTMLAnchorElement>): void {
  const tabs = [...(event.currentTarget.parentElement?.querySelectorAll('a') ?? [])];
  const here = tabs.indexOf(event.currentTarget);
  const goal = {
    ArrowRight: (here + 1) % tabs.length,
    ArrowLeft: (here - 1 + tabs.length) % tabs.length,
    Home: 0,
    End: tabs.length - 1,
  }[event.key];
  if (goal === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  tabs[goal]?.focus();
}
