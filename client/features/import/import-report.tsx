import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ImportReport } from '../../../shared/protocol/import.ts';
import classes from './import.module.css';

/** What an import brought, and each refused line with its number and the reason. */
export function ImportReportView({
  report,
  projectKey,
}: {
  report: ImportReport;
  projectKey: string | undefined;
}) {
  const { imported, skipped, refused, rejected } = report;
  return (
    <section aria-label="Import report" className={classes.report}>
      <p className={classes.summary}>
        {refused === 0 ? (
          <IconCircleCheck size={18} className={classes.good} aria-hidden />
        ) : (
          <IconAlertTriangle size={18} className={classes.warn} aria-hidden />
        )}
        <span>
          {tickets(imported)} imported
          {skipped > 0 && `, ${skipped} were here already`}
          {refused > 0 && `, ${refused === 1 ? '1 line' : `${refused} lines`} refused`}.
        </span>
        {projectKey && (
          <Link to="/p/$key" params={{ key: projectKey }} className={classes.toList}>
            Show the tickets
          </Link>
        )}
      </p>
      {rejected.length > 0 && (
        <div className={classes.tableScroll}>
          <table className={classes.table}>
            <caption>The rest was imported. Correct these lines and import the file again.</caption>
            <thead>
              <tr>
                <th scope="col">Line</th>
                <th scope="col">Why it was refused</th>
              </tr>
            </thead>
            <tbody>
              {rejected.map(({ line, reason }) => (
                <tr key={line}>
                  <td>{line}</td>
                  <td>{reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {refused > rejected.length && <p className={classes.quiet}>And {refused - rejected.length} more.</p>}
    </section>
  );
}

const tickets = (count: number): string => (count === 1 ? '1 ticket' : `${count} tickets`);
