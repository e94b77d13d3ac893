import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowRight, IconCopy, IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface OpMenuProps {
  /** The op in words: what the button is about, for those who do not see the line. */
  readonly words: string;
  readonly ticketId: string | null;
  readonly copyText: () => Promise<string>;
  readonly onProblem: (reason: string) => void;
  readonly children?: ReactNode;
}

const NOT_COPIED = 'This browser did not let Rejoin copy. Open the ticket and copy the text there.';

/** What can be done with a line of the outbox. */
export function OpMenu({ words, ticketId, copyText, onProblem, children }: OpMenuProps) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await copyText());
    } catch {
      onProblem(NOT_COPIED);
    }
  };
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions: ${words}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {ticketId !== null && (
          <Menu.Item
            renderRoot={(props) => <Link to="/t/$id" params={{ id: ticketId }} {...props} />}
            leftSection={<IconArrowRight size={15} aria-hidden />}
          >
            Open the ticket
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCopy size={15} aria-hidden />} onClick={() => void copy()}>
          Copy text
        </Menu.Item>
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}
