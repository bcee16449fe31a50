import { formatCount } from '../../lib/format.ts';
import { IconBolt, IconClock, IconFlag, IconGitBranch, IconSend } from '../../ui/icons.ts';
import type { JourneyNode, NodeCounts } from './journey.ts';
import styles from './playbooks.module.css';

const ICONS: Record<JourneyNode['kind'], typeof IconBolt> = {
  entry: IconBolt,
  wait: IconClock,
  email: IconSend,
  branch: IconGitBranch,
  end: IconFlag,
  leave: IconFlag,
};

interface NodeInsideProps {
  node: JourneyNode;
  counts: NodeCounts | undefined;
}

/** What stands in a place of the journey, the same on the canvas and in the list. */
export function NodeInside({ node, counts }: NodeInsideProps) {
  const Icon = ICONS[node.kind];
  return (
    <>
      <span className={styles.icon}>
        <Icon size={16} aria-hidden />
      </span>
      <span>
        <span className={styles.title}>{node.title}</span>
        <span className={styles.text}>{node.text}</span>
      </span>
      {counts && (
        <span className={styles.counts}>
          <span>{formatCount(counts.here)} here now</span>
          <span>{formatCount(counts.reached)} came by</span>
        </span>
      )}
    </>
  );
}

/** What a screen reader says about a place. */
export function nodeLabel(node: JourneyNode, counts: NodeCounts | undefined): string {
  const numbers = counts ? `, ${counts.here} here now, ${counts.reached} came by` : '';
  return `${node.title}: ${node.text}${numbers}`;
}
