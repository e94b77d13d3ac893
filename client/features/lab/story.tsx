import { Button } from '@mantine/core';
import { IconCheck, IconPlayerPlay, IconPlayerSkipForward, IconPlayerStop } from '@tabler/icons-react';
import classes from './lab.module.css';
import type { Manner, Play } from './runner.ts';
import type { Scenario, Step } from './scenario.ts';

interface StoryProps {
  scenario: Scenario;
  /** Of this scenario: `none` where another one was played last. */
  play: Play;
  /** What to go on with. */
  following: Scenario | undefined;
  /** Why nothing can be played now. */
  refusal: string | undefined;
  onPlay: (manner: Manner) => void;
  onNextStep: () => void;
  onStop: () => void;
  onFollow: (scenario: Scenario) => void;
}

/** What will happen, the button that makes it happen, and how far it has come. */
export function Story({ scenario, play, refusal, ...actions }: StoryProps) {
  return (
    <section className={classes.story} aria-labelledby="lab-story">
      <div className={classes.promise}>
        <h2 id="lab-story" className={classes.storyTitle}>
          {scenario.title}
        </h2>
        <p className={classes.promiseText}>
          {scenario.steps.length > 0 && <span className={classes.promiseLead}>What will happen: </span>}
          {scenario.promise}
        </p>
        <Controls scenario={scenario} play={play} refusal={refusal} {...actions} />
        {refusal && <p className={classes.quiet}>{refusal}</p>}
        {play.kind === 'broken' && (
          <p className={classes.problem} role="alert">
            It could not be played to the end. {play.reason}
          </p>
        )}
      </div>
      {scenario.steps.length > 0 && <Steps steps={scenario.steps} play={play} />}
    </section>
  );
}

function Controls({ scenario, play, following, refusal, onPlay, onNextStep, onStop, onFollow }: StoryProps) {
  if (play.kind === 'preparing' || play.kind === 'playing' || play.kind === 'looking') {
    const asks = play.kind === 'playing' && play.asks;
    return (
      <div className={classes.controls}>
        {asks && (
          <Button onClick={onNextStep} leftSection={<IconPlayerSkipForward size={15} aria-hidden />}>
            Next step
          </Button>
        )}
        <Button variant="default" onClick={onStop} leftSection={<IconPlayerStop size={15} aria-hidden />}>
          Stop
        </Button>
        <span className={classes.quiet} role="status">
          {asks ? '' : progressWords(play.kind)}
        </span>
      </div>
    );
  }
  const isFree = scenario.steps.length === 0;
  const over = play.kind === 'over';
  return (
    <div className={classes.controls}>
      {over && following && (
        <Button onClick={() => onFollow(following)} disabled={Boolean(refusal)}>
          Next: {following.title}
        </Button>
      )}
      <Button
        variant={over ? 'default' : 'filled'}
        leftSection={<IconPlayerPlay size={15} aria-hidden />}
        disabled={Boolean(refusal)}
        onClick={() => onPlay('by-itself')}
      >
        {playWords(isFree, over)}
      </Button>
      {!isFree && !over && (
        <Button variant="default" disabled={Boolean(refusal)} onClick={() => onPlay('by-hand')}>
          Step by step
        </Button>
      )}
    </div>
  );
}

function playWords(isFree: boolean, over: boolean): string {
  if (isFree) return over ? 'Take another ticket' : 'Take a fresh ticket';
  return over ? 'Play again' : 'Play';
}

function progressWords(kind: 'preparing' | 'playing' | 'looking'): string {
  switch (kind) {
    case 'preparing':
      return 'Putting a fresh ticket on both devices';
    case 'playing':
      return '';
    case 'looking':
      return 'Comparing both devices';
  }
}

function Steps({ steps, play }: { steps: readonly Step[]; play: Play }) {
  const at = positionOf(play, steps.length);
  return (
    <ol className={classes.steps} aria-label="Steps">
      {steps.map(({ words }, index) => (
        <li
          key={words}
          className={classes.step}
          data-state={stateOf(index, at)}
          aria-current={index === at ? 'step' : undefined}
        >
          <span className={classes.stepMark} aria-hidden>
            {index < at ? <IconCheck size={13} stroke={2.4} /> : index + 1}
          </span>
          <span>{words}</span>
        </li>
      ))}
    </ol>
  );
}

/** The step that is under way; −1 before the first. */
function positionOf(play: Play, count: number): number {
  if (play.kind === 'playing') return play.step;
  return play.kind === 'looking' || play.kind === 'over' ? count : -1;
}

function stateOf(index: number, at: number): 'done' | 'now' | 'later' {
  if (index === at) return 'now';
  return index < at ? 'done' : 'later';
}
