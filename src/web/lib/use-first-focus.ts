import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Puts the cursor into the first field of a form, again whenever the step changes. */
export function useFirstFocus<T extends HTMLElement>(step: string | number): RefObject<T | null> {
  const form = useRef<T>(null);
  useEffect(() => {
    form.current?.querySelector('input')?.focus();
  }, [step]);
  return form;
}
