import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useShortcut } from '../lib/shortcuts.ts';
import { IconSearch } from './icons.ts';

interface SearchBoxProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

const PAUSE_MS = 200;

/** Searches a moment after the last key. `/` comes here from anywhere on the screen. */
export function SearchBox({ label, value, onChange }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [said, setSaid] = useState(value);
  if (value !== said) {
    // The address changed elsewhere (back, a cleared filter): show what it says.
    setSaid(value);
    setText(value);
  }
  useShortcut('search', () => input.current?.focus());
  useEffect(() => {
    if (text === said) return;
    const timer = setTimeout(() => {
      setSaid(text);
      onChange(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, said, onChange]);
  return (
    <TextInput
      ref={input}
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={
        text ? (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => setText('')} />
        ) : (
          <Kbd size="xs" aria-hidden>
            /
          </Kbd>
        )
      }
      w={280}
      maw="100%"
    />
  );
}
