import type { ReactNode } from 'react';

/** One line of a menu that opens while one types. */
export interface Choice {
  readonly key: string;
  readonly label: string;
  /** Said after the label, more quietly. */
  readonly hint?: string;
  readonly icon?: ReactNode;
}

interface SuggestionListProps {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly active: number;
  readonly onChoose: (index: number) => void;
  readonly onHover: (index: number) => void;
}

export const optionId = (listId: string, index: number): string => `${listId}-${index}`;

/** The menu under the caret. The keys stay with the text: the editor names the active option to screen readers. */
export function SuggestionList({ id, label, choices, active, onChoose, onHover }: SuggestionListProps) {
  return (
    <>
      <div id={id} role="listbox" aria-label={label} className="description-menu">
        {choices.map(({ key, label: words, hint, icon }, index) => (
          <div
            key={key}
            id={optionId(id, index)}
            ref={index === active ? keepInSight : undefined}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className="description-menu-option"
            // The text must keep its focus.
            onMouseDown={(event) => {
              event.preventDefault();
              onChoose(index);
            }}
            onMouseMove={() => index !== active && onHover(index)}
          >
            {icon}
            <span className="description-menu-label">{words}</span>
            {hint && <span className="description-menu-hint">{hint}</span>}
          </div>
        ))}
      </div>
      <span role="status" className="description-heard">
        {choices.length === 1 ? '1 choice' : `${choices.length} choices`}
      </span>
    </>
  );
}

const keepInSight = (option: HTMLElement | null) => option?.scrollIntoView({ block: 'nearest' });
