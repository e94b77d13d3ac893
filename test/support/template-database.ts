/** The migrated database of the integration tests' cluster. Nobody connects to it: it is only copied. */
export const TEMPLATE_DATABASE = 'rejoin_template';

declare module 'vitest' {
  interface ProvidedContext {
    /** The maintenance database of the cluster that the integration tests share. */
    postgresUrl: string;
  }
}
