import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { keyCap, SHORTCUTS } from '../lib/shortcuts.ts';

const GROUPS = [...new Set(Object.values(SHORTCUTS).map((shortcut) => shortcut.group))];

/** Every shortcut, from the one registry. */
export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keyboard help" size="md">
      <Stack gap="lg">
        {GROUPS.map((group) => (
          <section key={group} aria-label={group}>
            <Text size="xs" c="dimmed" mb={6}>
              {group}
            </Text>
            <Stack gap={6}>
              {Object.values(SHORTCUTS)
                .filter((shortcut) => shortcut.group === group)
                .map((shortcut) => (
                  <Group key={shortcut.label} justify="space-between">
                    <Text size="sm">{shortcut.label}</Text>
                    <Group gap={4}>
                      {shortcut.keys.map((key) => (
                        <Kbd key={key} size="xs">
                          {keyCap(key)}
                        </Kbd>
                      ))}
                    </Group>
                  </Group>
                ))}
            </Stack>
          </section>
        ))}
      </Stack>
    </Modal>
  );
}
