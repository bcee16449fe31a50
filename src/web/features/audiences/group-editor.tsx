import type { Condition } from '../../../audiences/definition.ts';
import { IconPlus, IconX } from '../../ui/icons.ts';
import { ActionIcon, Button, Group as Row, NativeSelect } from '../../ui/kit.ts';
import styles from './audiences.module.css';
import { newActivityLeaf, newFieldLeaf, newGroup } from './builder-tree.ts';
import type { Group, Item } from './builder-tree.ts';
import { ActivityEditor, FieldEditor } from './condition-editors.tsx';

interface GroupEditorProps {
  group: Group;
  depth?: number;
  onChange: (group: Group) => void;
  onRemove?: () => void;
}

const DEEPEST = 6;

/** A group as an indented card: which of its conditions must hold, and the conditions. */
export function GroupEditor({ group, depth = 0, onChange, onRemove }: GroupEditorProps) {
  const add = (item: Item): void => onChange({ ...group, items: [...group.items, item] });
  const put = (key: string, next: Item | null): void =>
    onChange({
      ...group,
      items: group.items.flatMap((item) => (item.key === key ? (next ? [next] : []) : [item])),
    });
  return (
    <fieldset className={styles.group} aria-label={`Match ${group.match} of`}>
      <div className={styles.groupHead}>
        People who match
        <NativeSelect
          aria-label="How many of these conditions"
          data={[
            { value: 'all', label: 'all' },
            { value: 'any', label: 'any' },
            { value: 'none', label: 'none' },
          ]}
          value={group.match}
          onChange={(event) =>
            onChange({ ...group, match: event.currentTarget.value as Group['match'] })
          }
        />
        of these
        {onRemove ? (
          <ActionIcon
            className={styles.groupEnd}
            size="sm"
            aria-label="Remove this group"
            onClick={onRemove}
          >
            <IconX size={14} />
          </ActionIcon>
        ) : null}
      </div>
      {group.items.map((item) =>
        item.kind === 'group' ? (
          <GroupEditor
            key={item.key}
            group={item}
            depth={depth + 1}
            onChange={(next) => put(item.key, next)}
            onRemove={() => put(item.key, null)}
          />
        ) : (
          <div key={item.key} className={styles.condition}>
            <div className={styles.parts}>
              <ConditionEditor
                condition={item.condition}
                onChange={(condition) => put(item.key, { ...item, condition })}
              />
            </div>
            <ActionIcon
              size="sm"
              aria-label="Remove this condition"
              onClick={() => put(item.key, null)}
            >
              <IconX size={14} />
            </ActionIcon>
          </div>
        ),
      )}
      <Row gap="xs">
        <AddButton label="What they are" onClick={() => add(newFieldLeaf())} />
        <AddButton label="What they did" onClick={() => add(newActivityLeaf())} />
        {depth < DEEPEST && <AddButton label="Group" onClick={() => add(newGroup())} />}
      </Row>
    </fieldset>
  );
}

function AddButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      leftSection={<IconPlus size={13} aria-hidden />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

interface ConditionEditorProps {
  condition: Condition;
  onChange: (condition: Condition) => void;
}

function ConditionEditor({ condition, onChange }: ConditionEditorProps) {
  return 'field' in condition ? (
    <FieldEditor condition={condition} onChange={onChange} />
  ) : (
    <ActivityEditor condition={condition} onChange={onChange} />
  );
}
