import type { Project } from '../../local-db/rows.ts';
import { refusalOf, useOfflineReason, usePermit } from '../../local-db/use-permissions.ts';
import { OnlineOnly } from '../../ui/online-only.tsx';
import { AddMember } from './add-member.tsx';
import { MemberList } from './member-list.tsx';
import { Policies } from './policies.tsx';
import { ProjectName } from './project-name.tsx';
import classes from './settings.module.css';

/** A project's name, its members and its policies. Online only, for admins; while locked it says why. */
export function ProjectSettings({ project }: { project: Project }) {
  return (
    <div className={classes.page}>
      <header>
        <h1 className={classes.title}>Settings of {project.name}</h1>
        <p className={classes.quiet}>
          Key <span className={classes.key}>{project.key}</span>
        </p>
      </header>
      <OnlineOnly reason={useLock(project.id)}>
        <div className={classes.sections}>
          <section aria-labelledby="name-heading">
            <h2 id="name-heading" className={classes.sectionTitle}>
              Name
            </h2>
            <ProjectName key={project.name} project={project} />
          </section>
          <section aria-labelledby="members-heading">
            <h2 id="members-heading" className={classes.sectionTitle}>
              Members
            </h2>
            <p className={classes.quiet}>
              Admins manage members, settings and imports. Members write. Viewers read.
            </p>
            <AddMember projectId={project.id} />
            <MemberList projectId={project.id} />
          </section>
          <section aria-labelledby="policies-heading">
            <h2 id="policies-heading" className={classes.sectionTitle}>
              When edits meet
            </h2>
            <Policies projectId={project.id} />
          </section>
        </div>
      </OnlineOnly>
    </div>
  );
}

const ACTIONS = ['project.settings', 'members.manage', 'policy.edit'] as const;

/** Why nothing on this page can be changed now; the actions on it are all an admin's. */
function useLock(projectId: string): string | undefined {
  const permit = usePermit();
  const offline = useOfflineReason();
  const refusals = ACTIONS.map((action) => refusalOf(permit(action, { projectId })));
  return refusals.find((refusal) => refusal !== undefined) ?? offline;
}
