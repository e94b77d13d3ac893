import { Button, Group, Menu, Modal, Stack, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useDescriptions } from '../../description/context.tsx';
import type { WaitingWork } from '../../description/waiting.ts';
import { useTicketPlace } from '../../local-db/outbox/hooks.ts';
import { PendingDot } from '../../ui/pending-dot.tsx';
import { readMarkdown } from './description-markdown.ts';
import { OpMenu } from './op-menu.tsx';
import { placeWords } from './op-words.ts';
import classes from './outbox.module.css';

/** A description with words that are on this device only. */
export function DescriptionItem({ description }: { description: WaitingWork }) {
  const { ticketId, refusal, images } = description;
  const descriptions = useDescriptions();
  const place = useTicketPlace(ticketId);
  const [discarding, setDiscarding] = useState(false);
  const [problem, setProblem] = useState<string>();
  const words = `Description of ${placeWords(place)}`;
  const close = () => setDiscarding(false);
  return (
    <li className={classes.line}>
      <span className={classes.mark}>
        <PendingDot words="Kept on this device" />
      </span>
      <div className={classes.body}>
        <span className={classes.what}>
          {words}
          {images > 0 && `: ${images === 1 ? '1 image' : `${images} images`}`}
        </span>
        <span className={classes.about}>
          {refusal === null ? 'Waiting' : 'Cannot be sent'}
          {typeof place?.ticket_number === 'number' && (
            <span className={classes.ticketTitle}>{place.ticket_title}</span>
          )}
        </span>
        {refusal !== null && <p className={classes.reason}>{refusal}</p>}
        {problem && (
          <p className={classes.problem} role="alert">
            {problem}
          </p>
        )}
      </div>
      <span className={classes.actions}>
        <OpMenu
          words={words}
          ticketId={ticketId}
          copyText={() => readMarkdown(descriptions, ticketId)}
          onProblem={setProblem}
        >
          <Menu.Item
            leftSection={<IconArrowBackUp size={15} aria-hidden />}
            onClick={() => setDiscarding(true)}
          >
            Discard…
          </Menu.Item>
        </OpMenu>
      </span>
      {discarding && (
        <Modal opened onClose={close} title="Discard these words?" centered>
          <Stack gap="sm">
            <Text>
              What you wrote into the {words.charAt(0).toLowerCase() + words.slice(1)} without a connection
              goes. What the server has stays as it is.
            </Text>
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close} data-autofocus>
                Keep them
              </Button>
              <Button color="red" onClick={() => void descriptions.forget(ticketId).then(close)}>
                Discard
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </li>
  );
}
