import { ActionIcon, Kbd, Tooltip } from '@mantine/core';
import {
  IconBell,
  IconFileImport,
  IconFlask,
  IconGitFork,
  IconHistory,
  IconPencilPlus,
  IconPlus,
  IconSettings,
  IconTrash,
} from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { CreateProjectDialog } from '../features/settings/create-project-dialog.tsx';
import { useProjects } from '../local-db/hooks.ts';
import type { Project } from '../local-db/rows.ts';
import { useInboxCounts } from '../local-db/ticket-hooks.ts';
import type { OpenNewTicket } from './new-ticket-context.ts';
import classes from './shell.module.css';

interface ShellNavigationProps {
  onNewTicket: OpenNewTicket;
  /** Called when a link is followed: a drawer closes then. */
  onFollow: () => void;
}

/** The ways through the app: what waits for this person, their projects, and what one does seldom. */
export function ShellNavigation({ onNewTicket, onFollow }: ShellNavigationProps) {
  const { review, notices } = useInboxCounts();
  const newTicket = () => {
    onFollow();
    onNewTicket?.();
  };
  return (
    <nav aria-label="Main" className={classes.navigation}>
      <div className={classes.brand}>
        <img src="/icon.svg" width={20} height={20} alt="" />
        Rejoin
        {onNewTicket && (
          <Tooltip
            label={
              <>
                New ticket <Kbd size="xs">c</Kbd>
              </>
            }
          >
            <ActionIcon aria-label="New ticket" className={classes.newTicket} onClick={newTicket}>
              <IconPencilPlus size={17} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <ul className={classes.links}>
        <NavigationLink
          to="/review"
          icon={<IconGitFork size={16} aria-hidden />}
          count={review}
          onFollow={onFollow}
        >
          Review
        </NavigationLink>
        <NavigationLink
          to="/notices"
          icon={<IconBell size={16} aria-hidden />}
          count={notices}
          onFollow={onFollow}
        >
          Notices
        </NavigationLink>
      </ul>
      <Projects onFollow={onFollow} />
      <ul className={classes.links} data-last>
        <NavigationLink to="/lab" icon={<IconFlask size={16} aria-hidden />} onFollow={onFollow}>
          Laboratory
        </NavigationLink>
        <NavigationLink to="/import" icon={<IconFileImport size={16} aria-hidden />} onFollow={onFollow}>
          Import tickets
        </NavigationLink>
      </ul>
    </nav>
  );
}

interface NavigationLinkProps {
  to: '/lab' | '/review' | '/notices' | '/import';
  icon: ReactNode;
  count?: number;
  onFollow: () => void;
  children: ReactNode;
}

function NavigationLink({ to, icon, count = 0, onFollow, children }: NavigationLinkProps) {
  return (
    <li>
      <Link to={to} className={classes.link} onClick={onFollow}>
        {icon}
        <span className={classes.linkWords}>{children}</span>
        {count > 0 && <span className={classes.badge}>{count}</span>}
      </Link>
    </li>
  );
}

function Projects({ onFollow }: { onFollow: () => void }) {
  const { rows } = useProjects();
  const [creating, setCreating] = useState(false);
  return (
    <section aria-labelledby="projects-heading" className={classes.projects}>
      <div className={classes.groupHead}>
        <h2 id="projects-heading" className={classes.groupTitle}>
          Projects
        </h2>
        <Tooltip label="New project">
          <ActionIcon size="sm" aria-label="New project" onClick={() => setCreating(true)}>
            <IconPlus size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
      <ul className={classes.links}>
        {rows.map((project) => (
          <ProjectLink key={project.id} project={project} onFollow={onFollow} />
        ))}
      </ul>
      {creating && <CreateProjectDialog onClose={() => setCreating(false)} />}
    </section>
  );
}

function ProjectLink({ project, onFollow }: { project: Project; onFollow: () => void }) {
  const { key } = useParams({ strict: false });
  const here = key === project.key;
  return (
    <li className={classes.project}>
      <Link
        to="/p/$key"
        params={{ key: project.key }}
        className={classes.link}
        activeOptions={{ exact: true, includeSearch: false }}
        data-here={here || undefined}
        onClick={onFollow}
      >
        <span className={classes.projectMark} aria-hidden>
          {project.key.slice(0, 1)}
        </span>
        <span className={classes.linkWords}>{project.name}</span>
      </Link>
      {here && (
        <ul className={classes.parts} aria-label={project.name}>
          {PROJECT_PARTS.map(({ to, words, Icon }) => (
            <li key={to}>
              <Link to={to} params={{ key: project.key }} className={classes.link} onClick={onFollow}>
                <Icon size={15} aria-hidden />
                <span className={classes.linkWords}>{words}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** What a project has besides its tickets; shown below the project on screen. */
const PROJECT_PARTS = [
  { to: '/p/$key/activity', words: 'Activity', Icon: IconHistory },
  { to: '/p/$key/trash', words: 'Trash', Icon: IconTrash },
  { to: '/p/$key/settings', words: 'Settings', Icon: IconSettings },
] as const;
