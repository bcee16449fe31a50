import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PeoplePage } from '../../api/contract/people.ts';
import { request } from '../lib/http.ts';
import { personName } from './people-columns.tsx';

interface PersonPickerProps {
  label: string;
  onPick: (personId: number) => void;
}

/** Finds a real person by name, address or id. */
export function PersonPicker({ label, onPick }: PersonPickerProps) {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 200);
  const { data } = useQuery({
    queryKey: ['people', 'pick', search],
    queryFn: ({ signal }) =>
      request<PeoplePage>('/people', { signal, query: { search, limit: 8 } }),
    placeholderData: keepPreviousData,
  });
  const people = data?.rows ?? [];
  return (
    <Autocomplete
      label={label}
      placeholder="Type a name or address"
      value={text}
      onChange={setText}
      openOnFocus
      filter={({ options }) => options}
      data={people.map((person) => ({
        value: String(person.person_id),
        label: person.email ? `${personName(person)} · ${person.email}` : personName(person),
      }))}
      onOptionSubmit={(value) => onPick(Number(value))}
    />
  );
}
