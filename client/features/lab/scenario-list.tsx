import { NativeSelect } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import classes from './lab.module.css';
import type { Scenario } from './scenario.ts';

interface ScenarioListProps {
  scenarios: readonly Scenario[];
  chosen: Scenario;
  /** By id: whether it came out as promised. */
  verdicts: ReadonlyMap<string, boolean>;
  onChoose: (scenario: Scenario) => void;
}

/** What can be tried: a list beside the stage, a menu above it on a narrow screen. */
export function ScenarioList({ scenarios, chosen, verdicts, onChoose }: ScenarioListProps) {
  const choose = (id: string) => {
    const scenario = scenarios.find((one) => one.id === id);
    if (scenario) onChoose(scenario);
  };
  return (
    <nav aria-label="Scenarios" className={classes.scenarios}>
      <NativeSelect
        aria-label="Scenario"
        className={classes.scenarioMenu}
        value={chosen.id}
        data={scenarios.map(({ id, title }) => ({
          value: id,
          label: titleWithVerdict(title, verdicts.get(id)),
        }))}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <ol className={classes.scenarioLines}>
        {scenarios.map((scenario) => (
          <li key={scenario.id}>
            <button
              type="button"
              className={classes.scenario}
              aria-current={scenario === chosen ? 'true' : undefined}
              onClick={() => onChoose(scenario)}
            >
              <span className={classes.scenarioWords}>
                <span className={classes.scenarioTitle}>{scenario.title}</span>
                <span className={classes.scenarioStrategy}>{scenario.strategy}</span>
              </span>
              <Verdict met={verdicts.get(scenario.id)} />
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Verdict({ met }: { met: boolean | undefined }) {
  if (met === undefined) return null;
  if (met)
    return (
      <IconCheck
        size={16}
        stroke={2}
        role="img"
        aria-label="As promised"
        aria-hidden={false}
        className={classes.metMark}
      />
    );
  return (
    <IconAlertTriangle
      size={16}
      stroke={1.8}
      role="img"
      aria-label="Not as promised"
      aria-hidden={false}
      className={classes.unmetMark}
    />
  );
}

function titleWithVerdict(title: string, met: boolean | undefined): string {
  if (met === undefined) return title;
  return met ? `${title} ✓` : `${title} (not as promised)`;
}
