import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Ticket } from '../../local-db/rows.ts';
import { useOfflineReason } from '../../local-db/use-permissions.ts';
import { DEVICE_KEYS, DEVICE_WORDS, type DeviceKey, type OpenLab } from './device.ts';
import { DeviceCard } from './device-card.tsx';
import { DeviceTicket } from './device-ticket.tsx';
import classes from './lab.module.css';
import { MadeTickets } from './made-tickets.tsx';
import { OutcomePanel } from './outcome-panel.tsx';
import { createPace } from './pace.ts';
import { createRunner, type Manner, type Play, type RunnerState } from './runner.ts';
import type { Scenario } from './scenario.ts';
import { ScenarioList } from './scenario-list.tsx';
import { createScenarios } from './scenarios.ts';
import { Story } from './story.tsx';

/** What other parts of the app draw on a device, from that device's own data. */
export interface LabSlots {
  renderSyncChip: () => ReactNode;
  renderLabels: (
    ticket: Ticket,
    readOnlyReason: string | undefined,
    onProblem: (reason: string | undefined) => void,
  ) => ReactNode;
  renderDescription: (ticket: Ticket, readOnlyReason: string | undefined) => ReactNode;
}

interface LabPageProps extends LabSlots {
  lab: OpenLab;
  now: () => Date;
  wantsLessMotion: () => boolean;
}

/** Two devices side by side, and the stories that are told on them. */
export function LabPage({ lab, now, wantsLessMotion, ...slots }: LabPageProps) {
  const scenarios = useMemo(() => createScenarios(now()), [now]);
  const runner = useMemo(() => createRunner(lab, createPace(wantsLessMotion)), [lab, wantsLessMotion]);
  useEffect(() => runner.close, [runner]);
  const state = useSyncExternalStore(runner.subscribe, runner.current);
  const [chosenId, setChosenId] = useState(scenarios[0]?.id);
  const chosen = scenarios.find(({ id }) => id === chosenId) ?? scenarios[0];
  const refusal = useOfflineReason();
  if (!chosen) return null;
  const play = ofScenario(state.play, chosen);
  const start = (scenario: Scenario, manner: Manner) => {
    setChosenId(scenario.id);
    runner.play(scenario, manner);
  };
  const choose = (scenario: Scenario) => {
    if (scenario !== chosen) runner.stop();
    setChosenId(scenario.id);
  };
  return (
    <div className={classes.page} data-playing={play.kind === 'playing'}>
      <header>
        <h1 className={classes.pageTitle}>Laboratory</h1>
        <p className={classes.lead}>
          Two devices of yours on one page, each with its own copy of the data and its own offline switch.
          Take them apart, change the same ticket on both, and see what Rejoin does when they meet.
        </p>
      </header>
      <div className={classes.columns}>
        <ScenarioList scenarios={scenarios} chosen={chosen} verdicts={state.verdicts} onChoose={choose} />
        <div className={classes.stage}>
          <Story
            scenario={chosen}
            play={play}
            following={scenarios[scenarios.indexOf(chosen) + 1]}
            refusal={refusal}
            onPlay={(manner) => start(chosen, manner)}
            onNextStep={runner.next}
            onStop={runner.stop}
            onFollow={(scenario) => start(scenario, 'by-itself')}
          />
          <Devices lab={lab} scenario={chosen} play={play} shown={shownFor(state, play)} {...slots} />
          <Outcome lab={lab} play={play} shown={shownFor(state, play)} wantsLessMotion={wantsLessMotion} />
        </div>
      </div>
    </div>
  );
}

type Shown = RunnerState['shown'];

const ofScenario = (play: Play, scenario: Scenario): Play =>
  play.kind === 'none' || play.scenario !== scenario ? { kind: 'none' } : play;

/** While the scene is being set, and for a scenario that was not played yet, the devices are empty. */
const shownFor = ({ shown }: RunnerState, play: Play): Shown =>
  play.kind === 'none' || play.kind === 'preparing' ? null : shown;

interface DevicesProps extends LabSlots {
  lab: OpenLab;
  scenario: Scenario;
  play: Play;
  shown: Shown;
}

function Devices({
  lab,
  scenario,
  play,
  shown,
  renderSyncChip,
  renderLabels,
  renderDescription,
}: DevicesProps) {
  const [tab, setTab] = useState<DeviceKey>('laptop');
  const on = play.kind === 'playing' ? scenario.steps[play.step]?.on : undefined;
  // On a narrow screen the device that does something comes to the front.
  useEffect(() => {
    if (on === 'laptop' || on === 'phone') setTab(on);
  }, [on]);
  const isTelling = play.kind === 'playing' || play.kind === 'looking';
  const busyWords = isTelling
    ? 'The scenario is playing. Afterwards you can change everything here.'
    : undefined;
  const content = () => {
    if (!shown) return <p className={classes.quiet}>{emptyWords(scenario, play)}</p>;
    if (scenario.shows === 'list') {
      return <MadeTickets ticketIds={[shown.ticketId, ...shown.made]} projectKey={lab.project.key} />;
    }
    return (
      <DeviceTicket
        key={shown.ticketId}
        ticketId={shown.ticketId}
        projectKey={lab.project.key}
        busyWords={busyWords}
        renderLabels={renderLabels}
        renderDescription={scenario.start.description === undefined ? undefined : renderDescription}
      />
    );
  };
  return (
    <>
      <SegmentedControl
        className={classes.tabs}
        aria-label="Device"
        fullWidth
        value={tab}
        data={DEVICE_KEYS.map((key) => ({ value: key, label: DEVICE_WORDS[key] }))}
        onChange={(value) => setTab(DEVICE_KEYS.find((key) => key === value) ?? 'laptop')}
      />
      <div className={classes.devices}>
        {DEVICE_KEYS.map((key) => (
          <DeviceCard
            key={key}
            device={lab.devices[key]}
            active={on === key || on === 'both'}
            shown={tab === key}
            syncChip={renderSyncChip()}
          >
            {content()}
          </DeviceCard>
        ))}
      </div>
    </>
  );
}

function emptyWords(scenario: Scenario, play: Play): string {
  if (play.kind === 'preparing') return 'A fresh ticket is on its way.';
  const button = scenario.steps.length === 0 ? 'Take a fresh ticket' : 'Play';
  return `Press “${button}” to put a fresh ticket on both devices.`;
}

interface OutcomeProps {
  lab: OpenLab;
  play: Play;
  shown: Shown;
  wantsLessMotion: () => boolean;
}

function Outcome({ lab, play, shown, wantsLessMotion }: OutcomeProps) {
  const place = useRef<HTMLDivElement>(null);
  const over = play.kind === 'over';
  useEffect(() => {
    if (!over) return;
    place.current?.scrollIntoView({ block: 'nearest', behavior: wantsLessMotion() ? 'auto' : 'smooth' });
  }, [over, wantsLessMotion]);
  if (!shown) return null;
  const findings = play.kind === 'over' ? play.findings : [];
  return (
    <div ref={place} className={classes.outcome}>
      <OutcomePanel lab={lab} ticketId={shown.made[0] ?? shown.ticketId} findings={findings} />
    </div>
  );
}
